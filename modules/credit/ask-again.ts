import { addMs, MINUTE_MS } from '../../kernel/time.ts'

const WAIT_MINUTES = [1, 1, 2, 5, 10, 30]

/**
 * When a lender that did not answer is asked again, after having been asked so many times: within minutes at first, every
 * half hour at last, so that a bank that is down for a day is neither flooded nor forgotten.
 */
export const askAgainAt = (now: Date, askedTimes: number): Date =>
  addMs(now, (WAIT_MINUTES[Math.min(askedTimes, WAIT_MINUTES.length - 1)] ?? 30) * MINUTE_MS)
