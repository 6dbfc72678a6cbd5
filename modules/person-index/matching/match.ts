import { type Comparison, compareRecords } from './compare.ts'
import { type Doubt, doubtsOf, type Grade, gradePair } from './grade.ts'
import type { MatchRecord } from './records.ts'
import { type Score, scorePair, type Weighing } from './score.ts'

/** All that is said of two records. */
export type Match = Score & { grade: Grade; doubts: Doubt[]; comparison: Comparison }

/** Pure: the same two records and weighing give the same answer, whichever comes first but for how rare the name is. */
export function matchPair(a: MatchRecord, b: MatchRecord, weighing: Weighing): Match {
  const comparison = compareRecords(a, b)
  const score = scorePair(a, comparison, weighing)
  const doubts = doubtsOf(a, b, comparison)
  return { ...score, grade: gradePair(score, doubts), doubts, comparison }
}
