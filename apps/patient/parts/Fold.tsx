import type { ReactNode } from 'react'

import { Icon } from './Icon.tsx'

/** Something that is there for those who want to know, behind its title. */
export function Fold({ title, children, isOpen = false }: FoldProps) {
  return (
    <details className="fold" open={isOpen}>
      <summary>
        <h2 className="fold-title">{title}</h2>
        <Icon name="down" />
      </summary>
      <div className="fold-body">{children}</div>
    </details>
  )
}

type FoldProps = { title: string; children: ReactNode; isOpen?: boolean }
