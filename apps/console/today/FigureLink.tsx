import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { FigureLink as Target } from './figures.ts'

/** Behind every figure: the rows that add up to it. */
export function FigureLink({ link, children }: { link: Target; children: ReactNode }) {
  return link.to === '/moves' ? (
    <Link to="/moves" search={link.search} className="figure-link">
      {children}
    </Link>
  ) : (
    <Link to="/payments" search={link.search} className="figure-link">
      {children}
    </Link>
  )
}
