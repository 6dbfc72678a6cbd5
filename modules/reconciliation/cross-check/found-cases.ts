import { createHash } from 'node:crypto'

import { addFen, type Fen, fen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { RunDifference, RunSummary } from '../matching/run-result.ts'

/** What a person is asked to look at: all that differs about one number. */
export type FoundCase = { subject: string; amountFen: Fen; reason: string }

export const crossCheckPrefix = (name: string, date: BusinessDate): string =>
  `cross_check:${name}:${date}:`

/** More than these of one run are no list of cases any more, but one thing gone wrong with a file. */
const MOST_CASES = 500

/** Rows without a number are known by what they say. */
const keyOf = ({ key, evidence }: RunDifference): string => {
  if (key !== null) return key
  const rows = evidence.rows.map((row) => ({ ...row, lineNo: 0 }))
  return `#${createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16)}`
}

/**
 * Pure: the cases of a run. On another date is explained by that; what a list's own comparison shows already is worked
 * on there. A number that differs in several ways is one case, with the most that is at stake in one of them.
 */
export function foundCases(
  { name, date }: { name: string; date: BusinessDate },
  differences: readonly RunDifference[],
  isKnown: (difference: RunDifference) => boolean,
): FoundCase[] {
  const prefix = crossCheckPrefix(name, date)
  const found = new Map<string, FoundCase & { classes: Set<string> }>()
  for (const difference of differences) {
    if (difference.class === 'cross_day' || isKnown(difference)) continue
    const subject = `${prefix}${difference.relation}:${difference.kind}:${keyOf(difference)}`
    const before = found.get(subject) ?? {
      subject,
      amountFen: ZERO,
      reason: '',
      classes: new Set<string>(),
    }
    before.classes.add(difference.class)
    if (difference.atStakeFen > before.amountFen) before.amountFen = difference.atStakeFen
    found.set(subject, before)
  }
  const cases = [...found.values()].map(({ classes, ...about }) => ({
    ...about,
    reason: [...classes].toSorted().join(' '),
  }))
  if (cases.length <= MOST_CASES) return cases
  const amountFen = cases.reduce<Fen>((sum, one) => addFen(sum, one.amountFen), ZERO)
  return [{ subject: `${prefix}too_many`, amountFen, reason: `too_many ${cases.length}` }]
}

/** Pure: one case in place of more than anybody could look through. */
export function tooMany(
  { name, date }: { name: string; date: BusinessDate },
  summary: RunSummary | null,
): FoundCase {
  const staked = Object.values(summary?.classes ?? {}).map(({ atStakeFen }) => fen(atStakeFen))
  return {
    subject: `${crossCheckPrefix(name, date)}too_many`,
    amountFen: addFen(...staked),
    reason: `too_many ${summary?.differences ?? 0}`,
  }
}
