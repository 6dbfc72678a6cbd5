import type { Fen } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import type { Signal } from './alert.ts'

/** What the reconciliation knows of a channel's lists. */
export type ListFacts = {
  /** When the list of each day came, the first time. */
  arrivals: readonly { businessDate: BusinessDate; receivedAt: Date }[]
  /** How the newest list of each day came out. */
  comparisons: readonly ComparedList[]
}

/** A day's list held against our rows. */
export type ComparedList = {
  businessDate: BusinessDate
  /** When it first came out like this: one that is compared anew with the same result keeps its time. */
  comparedAt: Date
  rows: number
  differences: number
  /** Of the rows, charges and returns together; and by how much the two sides differ, whichever has more. */
  amountFen: Fen
  differenceFen: Fen
}

/** More than this share of the rows, or of their amount, is an alarm. Source: difference rate over 1 %, D. */
const MOST_DIFFERENCES_PPM = 10_000

/**
 * The alarm of a channel whose lists do not agree with ours; null for none. Pure.
 *
 * What came out last decides: the results of the newest Shanghai day on which a list came out new or otherwise than
 * before, and of several the worst. So a day that is known to differ ends as an alarm when a later list, or its own
 * next version, agrees; and one that agreed and does so no more begins one.
 */
export function differenceSignal(
  channel: string,
  comparisons: readonly ComparedList[],
): Signal | null {
  const days = comparisons.map(({ comparedAt }) => businessDateOf(comparedAt))
  const newest = days.toSorted().at(-1)
  const [worst] = comparisons
    .filter((list) => businessDateOf(list.comparedAt) === newest && isOverLimit(list))
    .toSorted((a, b) => worseShare(b) - worseShare(a))
  if (!worst) return null
  const { businessDate, rows, differences, amountFen, differenceFen } = worst
  const figures = {
    businessDate,
    rows,
    differences,
    differencesPpm: ppm(differences, rows),
    amountFen,
    differenceFen,
    amountPpm: ppm(differenceFen, amountFen),
    mostPpm: MOST_DIFFERENCES_PPM,
  }
  return { channel, class: 'differences', figures }
}

/** The lists of several days taken together. */
export const totalOfLists = (comparisons: readonly ComparedList[]) => ({
  rows: comparisons.reduce((sum, list) => sum + list.rows, 0),
  differences: comparisons.reduce((sum, list) => sum + list.differences, 0),
})

const isOverLimit = (list: ComparedList) => worseShare(list) > MOST_DIFFERENCES_PPM

const worseShare = ({ rows, differences, amountFen, differenceFen }: ComparedList) =>
  Math.max(ppm(differences, rows), ppm(differenceFen, amountFen))

/** Rounded up, so that whatever is over a limit is so as a whole number too. All of nothing is everything. */
function ppm(part: number, whole: number): number {
  if (part === 0) return 0
  if (whole === 0) return 1_000_000
  return Number((BigInt(part) * 1_000_000n + BigInt(whole) - 1n) / BigInt(whole))
}
