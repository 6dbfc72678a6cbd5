import { assert } from '../../kernel/assert.ts'

/** The value that half of them are not above; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  assert(values.length > 0, 'a median is of at least one value')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const at = (i: number) => sorted[i] ?? 0
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle))
}

/** The smallest value that `percent` of them are not above: nearest rank, nothing in between invented. */
export function percentile(values: readonly number[], percent: number): number {
  assert(values.length > 0, 'a percentile is of at least one value')
  assert(percent > 0 && percent <= 100, `${percent} is a percentage above 0`)
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0
}
