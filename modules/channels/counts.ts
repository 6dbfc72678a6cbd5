import { assert } from '../../kernel/assert.ts'

/** How calls ended, and how long they took. */
export type Counts = {
  answered: number
  /** An answer that says no: an answer all the same. */
  declined: number
  /** Silence, or nothing that could be read. */
  unknown: number
  /** An answer that cannot be trusted, as a statement whose sums do not hold. */
  failed: number
  /** How many ended within each bound of BOUNDS_MS and not within the one before. */
  latency: number[]
}

/**
 * The admission limit of 500 ms is a bound itself, so whether it is kept is known exactly. What takes longer than the last
 * counts as that.
 */
export const BOUNDS_MS: readonly number[] = [
  20, 50, 100, 200, 300, 500, 750, 1_000, 2_000, 5_000, 10_000, 30_000, 120_000,
]

const LAST = BOUNDS_MS.length - 1

export const noCounts = (): Counts => ({
  answered: 0,
  declined: 0,
  unknown: 0,
  failed: 0,
  latency: BOUNDS_MS.map(() => 0),
})

export type CallEnd = 'answered' | 'declined' | 'unknown' | 'failed'

/** Adds one call to the counts, in place. */
export function countCall(counts: Counts, end: CallEnd, durationMs: number): void {
  counts[end] += 1
  const found = BOUNDS_MS.findIndex((bound) => durationMs <= bound)
  const bucket = found === -1 ? LAST : found
  counts.latency[bucket] = (counts.latency[bucket] ?? 0) + 1
}

/** Adds the second to the first, in place. */
export function addCounts(to: Counts, more: Counts): void {
  to.answered += more.answered
  to.declined += more.declined
  to.unknown += more.unknown
  to.failed += more.failed
  for (let i = 0; i <= LAST; i++) to.latency[i] = (to.latency[i] ?? 0) + (more.latency[i] ?? 0)
}

export const callsOf = ({ answered, declined, unknown, failed }: Counts): number =>
  answered + declined + unknown + failed

/**
 * The bound within which so many per cent of the calls ended: nearest rank, never better than it was, and up to one
 * bucket worse. Null for no call.
 */
export function percentileMs({ latency }: Counts, percent: number): number | null {
  assert(percent > 0 && percent <= 100, `${percent} is a percentage above 0`)
  const calls = latency.reduce((sum, count) => sum + count, 0)
  if (calls === 0) return null
  let rest = Math.ceil((calls * percent) / 100)
  for (const [i, bound] of BOUNDS_MS.entries()) {
    rest -= latency[i] ?? 0
    if (rest <= 0) return bound
  }
  return BOUNDS_MS[LAST] ?? null
}

/** Of all calls, those that brought an answer that can be used; null for no call. Rounded down: 99.9 % is that or more. */
export function availabilityPpm(counts: Counts): number | null {
  const calls = callsOf(counts)
  const answers = counts.answered + counts.declined
  return calls === 0 ? null : Math.floor((answers * 1_000_000) / calls)
}
