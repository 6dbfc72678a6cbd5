import { HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'

// How long a visit takes, learnt from those that were.

/** In ms and ms². */
export type Moments = { mean: number; variance: number }

/** `meanVariance`: how far the mean itself may be off, in ms². */
export type LearntDuration = Moments & { meanVariance: number }

/** All that is kept of past visits of one doctor and one kind. */
export type DurationSums = { count: number; sumMs: number; sumSquaresMs2: number }

export const NO_DURATIONS: DurationSums = { count: 0, sumMs: 0, sumSquaresMs2: 0 }

/** A longer one was forgotten to be finished, and counts as this. */
export const LONGEST_VISIT_MS = 2 * HOUR_MS

export function withDuration(sums: DurationSums, durationMs: number): DurationSums {
  const ms = Math.min(Math.max(0, durationMs), LONGEST_VISIT_MS)
  return {
    count: sums.count + 1,
    sumMs: sums.sumMs + ms,
    sumSquaresMs2: sums.sumSquaresMs2 + ms * ms,
  }
}

/**
 * Mean and variance of a doctor's visits of a kind, drawn towards those of the department as far as few are known, and
 * these towards what is usual. Method: the normal-inverse-χ² update of Gelman et al., Bayesian Data Analysis, 3rd ed.,
 * §3.3. It is done on the times and not on their logarithms: a sum of visits needs their own mean and variance, and these
 * stay right where the times are a mixture that no log-normal fits.
 */
export const learntDuration = (own: DurationSums, department: DurationSums): LearntDuration =>
  drawnTo(drawnTo(USUAL_VISIT, USUAL_WEIGHT, department), DEPARTMENT_WEIGHT, own)

const USUAL_VISIT: Moments = { mean: 8 * MINUTE_MS, variance: (6 * MINUTE_MS) ** 2 }
const USUAL_WEIGHT = 5 // as so many visits
const DEPARTMENT_WEIGHT = 8

function drawnTo(
  prior: Moments,
  weight: number,
  { count, sumMs, sumSquaresMs2 }: DurationSums,
): LearntDuration {
  const total = weight + count
  const mean = (weight * prior.mean + sumMs) / total
  const own = count > 0 ? sumMs / count : 0
  const within = Math.max(0, sumSquaresMs2 - count * own * own)
  const between = ((weight * count) / total) * (own - prior.mean) ** 2
  const variance = (weight * prior.variance + within + between) / total
  return { mean, variance, meanVariance: variance / total }
}
