import type { ReactNode } from 'react'

export type Fact = { name: string; value: ReactNode }

/** What is to know of one thing, by name. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="bank-facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
