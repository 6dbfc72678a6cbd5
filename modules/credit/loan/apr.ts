import { AppError } from '../../../kernel/error.ts'
import { type Apr, makeOffer } from '../offer/offer.ts'
import type { LoanRules } from './loan.ts'
import type { LoanRow } from './tables.ts'

/**
 * The yearly rate of a loan as it was agreed, as the rule of 2021 asks of whoever shows a loan. Null for an amount of
 * which no schedule of its own could be made, as where refunds left a few fen of it.
 */
export function aprOfLoan(loan: LoanRow, { dueRule, disclosure }: LoanRules): Apr | null {
  // It is due on the last free day, before any interest.
  if (loan.way === 'next_month') return { simplePpm: 0, compoundPpm: 0, shownPpm: 0, disclosure }
  const terms = {
    way: loan.way,
    periods: loan.periods,
    yearlyRatePpm: loan.yearly_rate_ppm,
    feePpm: loan.fee_ppm,
  }
  // It was under the cap of its product when it was agreed to, and no later cap hides what it costs.
  const aprCapPpm = Number.MAX_SAFE_INTEGER
  const free = { days: 0, end: 'inclusive' as const }
  const days = { startOn: loan.free_until, dueOn: loan.free_until }
  try {
    const way = { way: terms, free, dueRule, disclosure, aprCapPpm }
    return makeOffer({ principalFen: loan.principal_fen, ...days, terms: way }).apr
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}
