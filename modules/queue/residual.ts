import type { Moments } from './durations.ts'

/** The normal distribution is below it in nine cases of ten. */
export const Z_90 = 1.2815515655446004

/**
 * What is left of a time that lasts already so long. The time is taken as log-normal with these moments, whose moments
 * above a bound are known in closed form (Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 1, ch. 14):
 * E[Xᵏ; X > e] = exp(kμ + k²σ²/2) · Φ((μ + kσ² − ln e) / σ).
 */
export function residualOf({ mean, variance }: Moments, elapsedMs: number): Moments {
  if (mean <= 0 || variance <= 0) return { mean: Math.max(0, mean - elapsedMs), variance: 0 }
  if (elapsedMs <= 0) return { mean, variance }
  const spread = Math.log(1 + variance / mean ** 2)
  const sigma = Math.sqrt(spread)
  const mu = Math.log(mean) - spread / 2
  const bound = Math.log(elapsedMs)
  const above = (k: number) => normalBelow((mu + k * spread - bound) / sigma)
  // So far out nothing was ever seen: it goes on for half a usual visit, or for one, and nobody knows.
  if (above(0) < RARE) return { mean: mean / 2, variance: mean ** 2 / 4 }
  const first = (mean * above(1)) / above(0)
  const second = ((mean ** 2 + variance) * above(2)) / above(0)
  return { mean: Math.max(0, first - elapsedMs), variance: Math.max(0, second - first ** 2) }
}

const RARE = 1e-3

/** Φ, within 7.5e-8. Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 26.2.17. */
export function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const tail =
    (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return z < 0 ? tail : 1 - tail
}
