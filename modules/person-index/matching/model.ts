import { type Comparison, type Field, FIELDS, LEVELS } from './compare.ts'

/** For each field, how often records agree to each level of LEVELS: of one person (m), and of two people (u). */
export type Shares = { [F in Field]: readonly number[] }
export type Model = { m: Shares; u: Shares }

/** Where a level stands in LEVELS; -1 for what is missing. */
export const levelIndex = (field: Field, comparison: Comparison): number =>
  (LEVELS[field] as readonly (string | null)[]).indexOf(comparison[field])

/** So many of each level are counted beside those that were seen, so that no level says anything for certain. */
const SMOOTHING = 0.5

/** Shares out of counts; each field's add up to 1. */
export function sharesOf(counts: { [F in Field]: readonly number[] }): Shares {
  const shares = FIELDS.map((field) => {
    const total = counts[field].reduce((sum, count) => sum + count + SMOOTHING, 0)
    return [field, counts[field].map((count) => (count + SMOOTHING) / total)]
  })
  return Object.fromEntries(shares) as Shares
}

export const noCounts = (): { [F in Field]: number[] } =>
  Object.fromEntries(FIELDS.map((field) => [field, LEVELS[field].map(() => 0)])) as never
