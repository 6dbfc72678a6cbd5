import { type BusinessDate } from '../../../kernel/time.ts'
import { daysBetween } from './due-dates.ts'

// Rates of return are the one place with fractions: they are shown to people and compared with a cap, and no
// amount of money is ever computed from them.

/**
 * The rate a period at which the flows are worth nothing today. Shape: flows in equal periods, the first one now, what
 * is received above zero and what is paid below, or all the other way round. Units: a fraction, 0.01 is 1 %.
 * Null when no rate does it: flows that are all of one sign. Always ends: it halves an interval a set number of times.
 */
export const periodicRate = (flows: readonly number[]): number | null =>
  rootOf((rate) => flows.reduce((sum, flow, k) => sum + flow / (1 + rate) ** k, 0))

/** The same for flows on any days, as a rate a year of 365 days: Σ CF / (1+R)^(d/365) = 0. */
export function yearlyRate(flows: readonly DatedFlow[]): number | null {
  const [first] = flows
  if (!first) return null
  const dated = flows.map(({ on, amount }) => ({ amount, years: daysBetween(first.on, on) / 365 }))
  return rootOf((rate) =>
    dated.reduce((sum, { amount, years }) => sum + amount / (1 + rate) ** years, 0),
  )
}

export type DatedFlow = { on: BusinessDate; amount: number }

const LOWEST = -0.999_999
const HIGHEST = 1e9
const HALVINGS = 200

function rootOf(valueAt: (rate: number) => number): number | null {
  let [low, high] = [LOWEST, 1]
  const signLow = Math.sign(valueAt(low))
  while (Math.sign(valueAt(high)) === signLow && high < HIGHEST) high *= 4
  if (signLow === 0 || Math.sign(valueAt(high)) === signLow) return null
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    if (Math.sign(valueAt(middle)) === signLow) low = middle
    else high = middle
  }
  return high
}
