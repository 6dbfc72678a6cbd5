import type { ReactNode } from 'react'

/** A table that may be wider than its card: it is scrolled by keyboard, too. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="bank-scroll" role="group" tabIndex={0} aria-label={label}>
      {children}
    </div>
  )
}
