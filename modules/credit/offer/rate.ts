import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen } from '../../../kernel/money.ts'

// Rates are whole parts per million a year, simple: 182_500 is 18.25 %, or 万分之五 a day. A month is a twelfth of
// a year, a day a 365th; neither is ever rounded by itself, only the amount it makes.

export const MILLION = 1_000_000
export const MONTHS = 12
export const DAYS = 365

/** numerator / denominator, rounded half up. Units: the numerator not negative, the denominator above zero. */
export function roundHalfUp(numerator: bigint, denominator: bigint): Fen {
  assert(numerator >= 0n && denominator > 0n, 'what is rounded is not negative')
  return fen(Number((2n * numerator + denominator) / (2n * denominator)))
}

/** The parts-per-million share of an amount: a fee. */
export const feeOf = (amount: Fen, partsPerMillion: number): Fen =>
  roundHalfUp(BigInt(amount) * BigInt(partsPerMillion), BigInt(MILLION))

/** Interest of one month on a balance. */
export const monthlyInterest = (balance: Fen, yearlyRatePpm: number): Fen =>
  roundHalfUp(BigInt(balance) * BigInt(yearlyRatePpm), BigInt(MILLION * MONTHS))

/** Daily interest: balance × rate × days, rounded once, at the end. */
export const dailyInterest = (balance: Fen, yearlyRatePpm: number, days: number): Fen =>
  roundHalfUp(BigInt(balance) * BigInt(yearlyRatePpm) * BigInt(days), BigInt(MILLION * DAYS))

/** The part of an amount that goes with some of so many: 3 days of 31. */
export const partOf = (amount: Fen, some: number, ofMany: number): Fen =>
  roundHalfUp(BigInt(amount) * BigInt(some), BigInt(ofMany))

/**
 * What is paid each month so that principal and interest are gone after so many: P·i·(1+i)^n / ((1+i)^n − 1), exactly,
 * then rounded half up. Without interest it is the principal in equal parts, rounded down.
 */
export function annuity(principal: Fen, yearlyRatePpm: number, months: number): Fen {
  const [p, rate, n] = [BigInt(principal), BigInt(yearlyRatePpm), BigInt(months)]
  if (rate === 0n) return fen(Number(p / n))
  const whole = BigInt(MILLION * MONTHS)
  const grown = (whole + rate) ** n
  return roundHalfUp(p * rate * grown, whole * (grown - whole ** n))
}
