import type { operations } from '../../../../contract/hub.d.ts'
import { fen, parseYuan, toYuanText } from '../../../../kernel/money.ts'

export type RefundRule =
  operations['getRefundRule']['responses'][200]['content']['application/json']

/** The rule as it is typed: an amount in yuan, whole numbers, nothing for no limit. */
export type RuleDraft = { above: string; lateAfterDays: string; mostADay: string }

/** What cannot be read. Words: approvals.rule.wrong.<field>. */
export type RuleProblem = keyof RuleDraft

export const draftOfRule = ({ aboveFen, lateAfterDays, mostADay }: RefundRule): RuleDraft => ({
  above: aboveFen === null ? '' : toYuanText(fen(aboveFen)),
  lateAfterDays: lateAfterDays === null ? '' : String(lateAfterDays),
  mostADay: mostADay === null ? '' : String(mostADay),
})

const MOST_DAYS = 365
const MOST_REFUNDS = 10_000

export function readRuleDraft(draft: RuleDraft): RefundRule | { problem: RuleProblem } {
  const above = draft.above.trim()
  const aboveFen = above === '' ? null : parseYuan(above)
  if (above !== '' && (aboveFen === null || aboveFen < 0)) return { problem: 'above' }
  const lateAfterDays = wholeUpTo(draft.lateAfterDays, MOST_DAYS)
  if (lateAfterDays === 'wrong') return { problem: 'lateAfterDays' }
  const mostADay = wholeUpTo(draft.mostADay, MOST_REFUNDS)
  if (mostADay === 'wrong') return { problem: 'mostADay' }
  return { aboveFen, lateAfterDays, mostADay }
}

function wholeUpTo(text: string, most: number): number | null | 'wrong' {
  const typed = text.trim()
  if (typed === '') return null
  return /^\d{1,5}$/.test(typed) && Number(typed) <= most ? Number(typed) : 'wrong'
}
