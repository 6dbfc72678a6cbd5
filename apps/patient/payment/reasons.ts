import type { Explanation } from '../../../contract/client.ts'

/** One reason, with its words under why.steps or why.lines in patient.json. */
export type Reason = { code: string; amountFen: number; ratioBp?: number }

export type Step = Reason & { isResult?: true }

/**
 * The insurer's figures as a sum that can be followed with a finger: the total, less what is outside, is
 * what counts; less the deductible, times the ratio, is what the fund pays; the account pays of the rest.
 * What is zero is left out.
 */
export function stepsOf(totals: NonNullable<Explanation['totals']>): Step[] {
  const steps: Step[] = [
    { code: 'total', amountFen: totals.totalFen },
    { code: 'own', amountFen: -totals.ownFen },
    { code: 'over_limit', amountFen: -totals.overLimitFen },
    { code: 'first_share', amountFen: -totals.firstShareFen },
    { code: 'in_scope', amountFen: totals.inScopeFen, isResult: true },
    { code: 'deductible', amountFen: -totals.deductibleFen },
    { code: 'fund', amountFen: totals.fundFen, ratioBp: totals.poolRatioBp, isResult: true },
    { code: 'account', amountFen: totals.accountFen },
    { code: 'cash', amountFen: totals.cashFen, isResult: true },
  ]
  return steps.filter((step) => step.amountFen !== 0 || step.isResult)
}

/** Why a line counts as it counts; at least one reason for every line there can be. */
export function lineReasonsOf(line: Explanation['lines'][number]): Reason[] {
  if (line.amountFen === line.inScopeFen) return [{ code: 'in_full', amountFen: line.amountFen }]
  if (line.amountFen === line.ownFen) return [{ code: 'all_own', amountFen: line.ownFen }]
  const reasons: Reason[] = [
    { code: 'own', amountFen: line.ownFen },
    { code: 'over_limit', amountFen: line.overLimitFen },
    { code: 'first_share', amountFen: line.firstShareFen },
    { code: 'rest', amountFen: line.inScopeFen },
  ]
  return reasons.filter((reason) => reason.amountFen > 0)
}
