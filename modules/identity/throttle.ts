import { addMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'

/** Tries to sign in by one login name that have not succeeded. */
export type Attempts = { failures: number; lastAt: Date; blockedUntil: Date | null }

const FREE_FAILURES = 5
const FIRST_DELAY_MS = 30 * SECOND_MS
const LONGEST_DELAY_MS = 15 * MINUTE_MS
export const FORGET_AFTER_MS = 24 * HOUR_MS

/**
 * Whether one may try again, and what is known once the try has begun. A try counts as failed until it has
 * succeeded, so that many at the same moment are no way around the count. From the fifth failure on
 * each is followed by a wait, 30 s first and then twice as long each time, up to 15 minutes: a
 * stranger can slow the owner down and never lock them out.
 */
export function nextAttempt(
  known: Attempts | null,
  now: Date,
): { allowed: true; attempts: Attempts } | { allowed: false; until: Date } {
  const blockedUntil = known?.blockedUntil ?? null
  if (blockedUntil && blockedUntil > now) return { allowed: false, until: blockedUntil }
  const isForgotten = !known || addMs(known.lastAt, FORGET_AFTER_MS) <= now
  const failures = (isForgotten ? 0 : known.failures) + 1
  const excess = failures - FREE_FAILURES
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(excess, 10))
  return {
    allowed: true,
    attempts: { failures, lastAt: now, blockedUntil: excess >= 0 ? addMs(now, delayMs) : null },
  }
}
