import type { components } from '../../../contract/hub.d.ts'
import type { Staff } from '../shell/staff.ts'

type Schemas = components['schemas']

/** What one person proposed and another has to agree to, whatever it is about. */
export type Terms = Omit<
  Schemas['SettlementTerms'] | Schemas['AccountingTerms'],
  'kind' | 'content'
> & {
  content: object
}

export type TermsFact = { name: string; value: string }

/** A fact, and what it is in the terms in force where that is something else; `before` null: there it is not. */
export type ComparedFact = TermsFact & { before?: string | null }

/** Where agreed terms stand: in force, not yet, or with others in their place. */
export type Standing = 'proposed' | 'refused' | 'inForce' | 'later' | 'replaced'

/** Pure: of two that are valid from one day, what was agreed to last is in force. */
export function standingOf(terms: Terms, all: readonly Terms[], today: string): Standing {
  if (terms.status !== 'agreed') return terms.status
  if (terms.validFrom > today) return 'later'
  return inForceOf(terms.name, all, today)?.id === terms.id ? 'inForce' : 'replaced'
}

export const inForceOf = (name: string, all: readonly Terms[], today: string): Terms | undefined =>
  all
    .filter((one) => one.name === name && one.status === 'agreed' && one.validFrom <= today)
    .toSorted(latestFirst)[0]

function latestFirst(a: Terms, b: Terms): number {
  const by = (one: Terms) => `${one.validFrom} ${one.decidedAt ?? ''} ${one.id}`
  return by(a) < by(b) ? 1 : -1
}

/** Pure: the facts of what is proposed, each with what it takes the place of. */
export function compareFacts(
  proposed: readonly TermsFact[],
  current: readonly TermsFact[] | null,
): ComparedFact[] {
  if (current === null) return [...proposed]
  const before = new Map(current.map(({ name, value }) => [name, value]))
  const changed = proposed.map((fact): ComparedFact => {
    const value = before.get(fact.name)
    return value === fact.value ? fact : { ...fact, before: value ?? null }
  })
  const names = new Set(proposed.map(({ name }) => name))
  const gone = current
    .filter(({ name }) => !names.has(name))
    .map(({ name, value }) => ({ name, value: '—', before: value }))
  return [...changed, ...gone]
}

export const isProposedBy = ({ proposedBy }: Terms, { staffId }: Staff): boolean =>
  proposedBy === `staff:${staffId}`
