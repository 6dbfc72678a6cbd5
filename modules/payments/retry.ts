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

/** When to ask again after `attempts` answers in a row that told nothing new. */
export const retryAfter = (now: Date, attempts: number): Date =>
  addMs(now, BACKOFF_MS[Math.min(attempts, BACKOFF_MS.length - 1)] ?? 30 * MINUTE_MS)

/** While the payer is to act, the provider is asked at least once a minute. */
export const askPayerAgainAt = (now: Date, attempts: number): Date => {
  const at = retryAfter(now, attempts)
  const latest = addMs(now, WAITING_FOR_PAYER_MOST_MS)
  return at < latest ? at : latest
}

/** Nobody asks a provider longer than this: after it, the call is taken for lost and asked about. */
export const CALL_LEASE_MS = 30 * SECOND_MS

/** A payment or refund that has not come to its end this long after the payer's turn needs a person's eye. */
export const ATTENTION_AFTER_MS = 30 * MINUTE_MS
