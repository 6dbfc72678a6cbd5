import { HOUR_MS } from '../../kernel/time.ts'

// Sums are kept by the hour of posting; the entries of an hour are found by their ids.

/** The hour an instant is in, as sums of hours name it. */
export const startOfHour = (instant: Date): Date =>
  new Date(instant.getTime() - (instant.getTime() % HOUR_MS))

/**
 * The smallest id of a moment. Ids are of the time they were made at, and an entry is written moments after its id is
 * made: who looks for an hour's entries looks an hour further on each side, which is more than a clock that is set, or
 * a transaction that is tried again, takes.
 */
export function idAt(ms: number): string {
  const hex = Math.max(ms, 0).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
