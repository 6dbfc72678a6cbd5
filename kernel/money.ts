import { assert } from './assert.ts'
import type { Brand } from './brand.ts'

/** Money in fen, 1/100 of a yuan. A safe integer: up to 90 trillion yuan, exact, plain in JSON. */
export type Fen = Brand<number, 'Fen'>

export function fen(amount: number): Fen {
  assert(Number.isSafeInteger(amount), `${amount} is not a whole number of fen`)
  return amount as Fen
}

export const ZERO = fen(0)

export const addFen = (...amounts: Fen[]): Fen => fen(amounts.reduce((sum, a) => sum + a, 0))

export const negateFen = (amount: Fen): Fen => fen(0 - amount)

/**
 * Splits an amount by whole-number weights so that the parts add up to it exactly.
 *
 * Shape: one part per weight, in the same order. Each part is its exact share rounded down, and
 * the fen left over go one each to the largest remainders, the earlier first on a tie.
 * Units: total in fen, zero or more; weights in any unit, as safe integers, at least one above zero.
 * Errors: asserts on anything else, as callers check their input first.
 * Source: largest-remainder (Hamilton) apportionment.
 *
 * @example allocateFen(fen(100), [1, 1, 1]) // [34, 33, 33]
 */
export function allocateFen(total: Fen, weights: readonly number[]): Fen[] {
  assert(total >= 0, 'the total is not negative')
  assert(
    weights.every((w) => Number.isSafeInteger(w) && w >= 0),
    'weights are whole numbers',
  )
  const weightSum = weights.reduce((sum, w) => sum + BigInt(w), 0n)
  assert(weightSum > 0n, 'some weight is above zero')

  // BigInt, because total × weight may pass 2^53 although neither does.
  const shares = weights.map((weight, index) => {
    const product = BigInt(total) * BigInt(weight)
    return { index, part: product / weightSum, remainder: product % weightSum }
  })
  const leftover = BigInt(total) - shares.reduce((sum, s) => sum + s.part, 0n)
  const byRemainder = [...shares].sort(
    (a, b) =>
      Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder) || a.index - b.index,
  )
  for (const share of byRemainder.slice(0, Number(leftover))) share.part += 1n
  return shares.map((s) => fen(Number(s.part)))
}

/** For people only: 123456 is "1,234.56". Nothing reads this text back into an amount. */
export function formatYuan(amount: Fen): string {
  const sign = amount < 0 ? '-' : ''
  const yuan = Math.trunc(Math.abs(amount) / 100).toLocaleString('en-US')
  const cents = String(Math.abs(amount) % 100).padStart(2, '0')
  return `${sign}${yuan}.${cents}`
}

/** Fen as a gateway's text in yuan: 123456 is "1234.56", no separators, always two decimals. */
export function toYuanText(amount: Fen): string {
  const text = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}

/**
 * Reads a gateway's yuan, exactly: "1234.5", "-0.01", "12". Null for anything else: a third decimal
 * that is not zero, an exponent, a separator, or an amount past 2^53 fen.
 */
export function parseYuan(text: string): Fen | null {
  const match = /^(-?)(\d{1,14})(?:\.(\d{1,8}))?$/.exec(text)
  if (!match) return null
  const [, sign = '', yuan = '0', decimals = ''] = match
  if (/[1-9]/.test(decimals.slice(2))) return null
  const amount = Number(yuan) * 100 + Number(decimals.slice(0, 2).padEnd(2, '0'))
  if (!Number.isSafeInteger(amount)) return null
  return fen(sign === '-' && amount !== 0 ? 0 - amount : amount)
}

export const subtractFen = (from: Fen, amount: Fen): Fen => fen(from - amount)

export const minFen = (a: Fen, b: Fen): Fen => (a < b ? a : b)

/** The parts-per-million share of an amount, rounded down to whole fen. */
export const shareFen = (amount: Fen, partsPerMillion: number): Fen =>
  fen(Number((BigInt(amount) * BigInt(partsPerMillion)) / 1_000_000n))
