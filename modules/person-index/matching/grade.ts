import type { Comparison } from './compare.ts'
import type { MatchRecord } from './records.ts'
import type { Score } from './score.ts'

/** The words of FHIR for how sure a match is. */
export type Grade = 'certain' | 'probable' | 'possible' | 'certainly-not'

/** Why two records are not linked by themselves, however high the score. */
export type Doubt =
  | 'name_differs'
  | 'ids_differ'
  | 'twins'
  | 'birth_differs'
  | 'gender_differs'
  | 'not_identified'
  | 'too_little_known'

/**
 * From so many bits on, records without a doubt are linked by themselves. Found with tests/persons/calibration.test.ts:
 * of pairs above it, among invented people with families, twins and namesakes, fewer than one in 10,000 are of two people.
 */
export const AUTO_BITS = 7

const PROBABLE = 0.9
/** Below it, nobody's time is asked for. */
const POSSIBLE = 0.01

export function gradePair(
  { bits, probability }: Score,
  doubts: readonly Doubt[],
  { autoBits = AUTO_BITS } = {},
): Grade {
  if (bits >= autoBits && doubts.length === 0) return 'certain'
  if (doubts.includes('twins') || doubts.includes('ids_differ')) {
    return probability >= PROBABLE ? 'possible' : 'certainly-not'
  }
  if (probability >= PROBABLE) return 'probable'
  return probability >= POSSIBLE ? 'possible' : 'certainly-not'
}

export function doubtsOf(a: MatchRecord, b: MatchRecord, comparison: Comparison): Doubt[] {
  const { name, id, birth, gender } = comparison
  const isSameNumber = id === 'exact'
  const isWritten = name === 'exact' || name === 'variant'
  const isOther = name === 'given' || name === 'different'
  const doubts: [Doubt, boolean][] = [
    ['not_identified', !a.isIdentified || !b.isIdentified],
    ['name_differs', isSameNumber ? isOther : !isWritten],
    ['ids_differ', id === 'different' || id === 'neighbour'],
    ['twins', birth === 'exact' && name === 'given' && !isSameNumber],
    ['birth_differs', isSameNumber ? birth === 'different' : birth !== 'exact'],
    ['gender_differs', gender === 'different'],
    ['too_little_known', !isSameNumber && !isReached(comparison)],
  ]
  return doubts.filter(([, holds]) => holds).map(([doubt]) => doubt)
}

/** Without one number for both, a name and a birth date are not enough: there are namesakes of one day. */
const isReached = ({ phone, address }: Comparison): boolean =>
  phone === 'exact' || address === 'exact'
