import type { FormEvent, RefObject } from 'react'

import { Icon } from './Icon.tsx'

/** The one box of the top bar: what is looked for is the reader's number, and `fault` says why it can be none. */
export function SearchField({ box, label, typed, most, fault, onType, onFind }: SearchFieldProps) {
  return (
    <form className="search-box" role="search" onSubmit={onFind}>
      <Icon name="search" />
      <input
        ref={box}
        value={typed}
        maxLength={most}
        aria-label={label}
        aria-invalid={fault !== null}
        placeholder={label}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && box.current?.blur()}
      />
      {fault === null ? <kbd>/</kbd> : <span className="search-fault">{fault}</span>}
    </form>
  )
}

type SearchFieldProps = {
  box: RefObject<HTMLInputElement | null>
  label: string
  typed: string
  /** The most characters that can be typed. */
  most: number
  fault: string | null
  onType: (typed: string) => void
  onFind: (event: FormEvent<HTMLFormElement>) => void
}
