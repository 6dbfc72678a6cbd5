import type { ReactNode } from 'react'

import { Icon } from './Icon.tsx'

/** Something that is there for those who want to know, behind its title. */
export function Fold({ title, aside, children, onOpen, isOpen = false }: FoldProps) {
  return (
    <details
      className="fold"
      open={isOpen}
      onToggle={(event) => {
        if (event.currentTarget.open) onOpen?.()
      }}
    >
      <summary>
        <span className="fold-title">{title}</span>
        {aside !== undefined && <span className="fold-aside">{aside}</span>}
        <Icon name="down" />
      </summary>
      <div className="fold-body">{children}</div>
    </details>
  )
}

type FoldProps = {
  title: ReactNode
  aside?: ReactNode
  children: ReactNode
  onOpen?: () => void
  isOpen?: boolean
}
