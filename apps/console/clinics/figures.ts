import type { Clinic, Outcome, Progress } from './words.ts'

export type Fill = { total: number; sold: number; held: number; left: number }

/** How full a session is: of its numbers, or of what the hospital's own system said. */
export function fillOf({ session, sources }: Clinic): Fill {
  const sum = (of: (source: Clinic['sources'][number]) => number) =>
    sources.reduce((total, source) => total + of(source), 0)
  if (session.origin === 'his' || sources.length === 0) {
    const { total, left } = session
    return { total, sold: total - left, held: 0, left }
  }
  return {
    total: sum(({ total }) => total),
    sold: sum(({ taken }) => taken),
    held: sum(({ held }) => held),
    left: sum(({ left }) => left),
  }
}

/** Numbers kept for one source; those that anybody may have are none. */
export const quotasOf = ({ sources }: Clinic): Clinic['sources'] =>
  sources.filter(({ source }) => source !== 'any')

export type ClinicState = 'stopped' | 'proposed' | 'over' | 'unreleased' | 'full' | 'open'

export function stateOf({ session, proposedStopId }: Clinic, now: number): ClinicState {
  if (session.status === 'stopped') return 'stopped'
  if (proposedStopId !== null) return 'proposed'
  if (Date.parse(session.endsAt) <= now) return 'over'
  if (Date.parse(session.releasesAt) > now) return 'unreleased'
  return session.left === 0 ? 'full' : 'open'
}

/** Whether it can be stopped here: it is the hub's, and is still to take place. */
export const mayStop = (clinic: Clinic, now: number): boolean =>
  clinic.session.origin === 'pool' && ['unreleased', 'full', 'open'].includes(stateOf(clinic, now))

/** The figures of a stop's progress, each with the people behind it; null for all that were told. */
export const FIGURES = [
  'told',
  'moved',
  'returned',
  'returning',
  'deciding',
  'unpaid',
  'untold',
] as const
export type Figure = (typeof FIGURES)[number]

export const countOf = ({ people }: Progress, figure: Figure): { people: number; feeFen: number } =>
  people
    .filter(({ outcome }) => (figure === 'told' ? outcome !== 'untold' : outcome === figure))
    .reduce((sum, one) => ({ people: sum.people + one.people, feeFen: sum.feeFen + one.feeFen }), {
      people: 0,
      feeFen: 0,
    })

/** Whether somebody's answer, or some money, is still waited for. */
export const isUnderWay = (progress: Progress): boolean =>
  (['untold', 'deciding', 'returning'] as const satisfies readonly Outcome[]).some(
    (outcome) => countOf(progress, outcome).people > 0,
  )
