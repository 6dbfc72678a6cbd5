import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'

// First question after five seconds, as a payer stands waiting; then ever less often, without end: an
// unknown outcome is never made known by giving up.
const BACKOFF_MS = [
  5 * SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  20 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
] as const

const WAITING_FOR_PAYER_MOST_MS = MINUTE_MS

// From the third on, waits are shorter by up to a fifth, so that what a provider turned away together does not come back
// together, again and again. The first two are told apart by when the payers came.
const SPREAD_FROM = 2
const SPREAD_PERCENT = 20

/**
 * When to ask again after `attempts` answers in a row that told nothing new. `about` is the payment's or refund's id:
 * each has moments of its own, and the same ones in every process.
 */
export const retryAfter = (now: Date, attempts: number, about: string): Date =>
  addMs(now, spread(waitMs(attempts), attempts, about))

/** While the payer is to act, the provider is asked at least once a minute. */
export const askPayerAgainAt = (now: Date, attempts: number, about: string): Date =>
  addMs(now, spread(Math.min(waitMs(attempts), WAITING_FOR_PAYER_MOST_MS), attempts, about))

const waitMs = (attempts: number): number =>
  BACKOFF_MS[Math.min(attempts, BACKOFF_MS.length - 1)] ?? 30 * MINUTE_MS

function spread(ms: number, attempts: number, about: string): number {
  if (attempts < SPREAD_FROM) return ms
  const percent = hashOf(`${about}:${attempts}`) % (SPREAD_PERCENT + 1)
  return ms - Math.trunc((ms * percent) / 100)
}

/** FNV-1a, 32 bits: all that is wanted of it is that neighbours fall apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

/** Nobody asks a provider longer than this: after it, the call is taken for lost and asked about. */
export const CALL_LEASE_MS = 30 * SECOND_MS

/** A payment or refund that has not come to its end this long after the payer's turn needs a person's eye. */
export const ATTENTION_AFTER_MS = 30 * MINUTE_MS
