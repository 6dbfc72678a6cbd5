import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { FigureLink as Target } from './figures.ts'

/** Behind every figure: the rows that add up to it. */
export function FigureLink({ link, children }: { link: Target; children: ReactNode }) {
  const shared = { className: 'figure-link', children }
  switch (link.to) {
    case '/moves':
      return <Link to="/moves" search={link.search} {...shared} />
    case '/payments':
      return <Link to="/payments" search={link.search} {...shared} />
    case '/refunds':
      return <Link to="/refunds" search={link.search} {...shared} />
  }
}
