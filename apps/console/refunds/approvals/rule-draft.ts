import type { operations } from '../../../../contract/hub.d.ts'
import { fen, parseYuan, toYuanText } from '../../../../kernel/money.ts'

export type RuleView = operations['getRefundRule']['responses'][200]['content']['application/json']

export type RefundRule = Omit<RuleView, 'proposal'>

/** The rule as it is typed: amounts in yuan, whole numbers, nothing for no limit. */
export type RuleDraft = { above: string; lateAfterDays: string; mostADay: string; hisAbove: string }

/** What cannot be read. Words: approvals.rule.wrong.<field>. */
export type RuleProblem = keyof RuleDraft

export const draftOfRule = (rule: RefundRule): RuleDraft => ({
  above: yuanOf(rule.aboveFen),
  lateAfterDays: rule.lateAfterDays === null ? '' : String(rule.lateAfterDays),
  mostADay: rule.mostADay === null ? '' : String(rule.mostADay),
  hisAbove: yuanOf(rule.hisAboveFen),
})

const yuanOf = (amountFen: number | null): string =>
  amountFen === null ? '' : toYuanText(fen(amountFen))

// As the hub has them.
const MOST_ALONE_FEN = 20_000_000
const MOST_OF_HIS_FEN = 100_000_000
const MOST_DAYS = 365
const MOST_REFUNDS = 500

export function readRuleDraft(draft: RuleDraft): RefundRule | { problem: RuleProblem } {
  const aboveFen = fenUpTo(draft.above, MOST_ALONE_FEN)
  if (aboveFen === 'wrong') return { problem: 'above' }
  const lateAfterDays = wholeUpTo(draft.lateAfterDays, MOST_DAYS)
  if (lateAfterDays === 'wrong') return { problem: 'lateAfterDays' }
  const mostADay = wholeUpTo(draft.mostADay, MOST_REFUNDS)
  if (mostADay === 'wrong') return { problem: 'mostADay' }
  const hisAboveFen = fenUpTo(draft.hisAbove, MOST_OF_HIS_FEN)
  if (hisAboveFen === 'wrong') return { problem: 'hisAbove' }
  return { aboveFen, lateAfterDays, mostADay, hisAboveFen }
}

function fenUpTo(text: string, most: number): number | null | 'wrong' {
  const typed = text.trim()
  if (typed === '') return null
  const amountFen = parseYuan(typed)
  return amountFen !== null && amountFen >= 0 && amountFen <= most ? amountFen : 'wrong'
}

function wholeUpTo(text: string, most: number): number | null | 'wrong' {
  const typed = text.trim()
  if (typed === '') return null
  return /^\d{1,5}$/.test(typed) && Number(typed) <= most ? Number(typed) : 'wrong'
}
