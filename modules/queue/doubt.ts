import type { WaitingTime } from './waiting-time.ts'

/** Times that were told, held against what happened: all that is kept of them. */
export type Compared = { count: number; doubt: number }

export const NOTHING_COMPARED: Compared = { count: 0, doubt: 1 }

/** How much wider, above 1, or narrower an interval is to be than the estimate says. */
export const doubtOf = ({ doubt }: Compared): number => doubt

/**
 * After one more. Whoever was not called within the interval they were told makes the next ones wider, whoever was makes
 * them a quarter as much narrower: at rest, eight of ten are within. Method: adaptive conformal inference (Gibbs, Candès,
 * Advances in Neural Information Processing Systems 34, 2021), on the width. The steps grow smaller as more is known.
 */
export function withCompared(
  { count, doubt }: Compared,
  { lowMs, highMs }: WaitingTime,
  waitedMs: number,
): Compared {
  if (highMs <= lowMs) return { count, doubt } // nobody was ahead: nothing was promised
  const isWithin = waitedMs >= lowMs && waitedMs <= highMs
  const step = Math.max(LEAST_STEP, FIRST_STEP / Math.sqrt(1 + count))
  const moved = doubt * Math.exp(isWithin ? -step * OUTSIDE : step * (1 - OUTSIDE))
  return { count: count + 1, doubt: Math.min(WIDEST, Math.max(NARROWEST, moved)) }
}

const OUTSIDE = 0.2
const FIRST_STEP = 0.1
const LEAST_STEP = 0.005
const NARROWEST = 0.5
const WIDEST = 4
