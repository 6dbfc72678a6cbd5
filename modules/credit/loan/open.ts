import { fen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { creditErrors } from '../errors.ts'
import type { NewLoan } from '../loan-book.ts'
import { daysBetween, dueDates } from '../offer/due-dates.ts'
import { MILLION } from '../offer/rate.ts'
import { LARGEST_PRINCIPAL, MOST_PERIODS, scheduleOf } from '../offer/schedule.ts'
import type { Product, WayTerms } from '../terms.ts'
import { wayOf } from '../terms.ts'
import type { LoanDependencies } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import { CURRENT, type LoanRules, NOTHING } from './loan.ts'
import { insertInstalments, insertLoan, insertLoanEntry, newInstalment } from './store.ts'
import type { InstalmentRow, LoanRow } from './tables.ts'

/**
 * Keeps a loan and what is due on it, once. A single repayment is due on the last free day; instalments count from it.
 * The transaction is one of the lender's book, and posts the settlement itself. Errors: throws for an amount that cannot
 * be lent, for a way that the product has not, and for a schedule that does not close.
 */
export async function openLoan(deps: LoanDependencies, tx: Tx, loan: NewLoan): Promise<void> {
  const { lenderId, product, principalFen, way } = loan
  if (principalFen < 1 || principalFen > LARGEST_PRINCIPAL) {
    throw loanErrors.loan_principal_wrong({ principalFen })
  }
  const terms = wayOf(product, way)
  if (!terms) throw creditErrors.way_not_offered({ way })
  const row = rowOf(loan, product, terms)
  if (!(await insertLoan(tx, row))) throw loanErrors.loan_exists({ loanId: loan.loanId })
  const rules = await deps.rulesOf(lenderId)
  await insertInstalments(tx, instalmentsOf(deps, row, terms, rules, principalFen))
  const fact = { cause: 'opened', businessDate: row.opened_on }
  await insertLoanEntry(tx, row, fact, { ...NOTHING, principalFen })
}

/** The instalments of a loan from the end of its free days. */
export function instalmentsOf(
  deps: LoanDependencies,
  loan: LoanRow,
  terms: WayTerms,
  rules: LoanRules,
  principalFen = loan.principal_fen,
): InstalmentRow[] {
  const isSingle = terms.way === 'next_month'
  const startOn = loan.free_until
  const dueOn = isSingle
    ? [loan.free_until]
    : dueDates(startOn, Math.min(terms.periods, MOST_PERIODS), rules.dueRule, deps.isOpen)
  const free = { days: 0, end: 'inclusive' as const }
  return scheduleOf(principalFen, terms, { startOn, dueOn, free }).map((due, i) => {
    const fromOn = isSingle ? loan.opened_on : (dueOn[i - 1] ?? startOn)
    return newInstalment(
      loan.hospital_id,
      loan.id,
      {
        no: due.no,
        from_on: fromOn,
        due_on: due.dueOn,
        period_days: daysBetween(fromOn, due.dueOn),
        principal_fen: due.principalFen,
        interest_fen: due.interestFen,
        fee_fen: due.feeFen,
      },
      loan.opened_on,
    )
  })
}

/** Penalty is a multiple of the rate; a way with a fee instead of a rate has the highest rate of its product. */
export function penaltyRateOf(product: Product, terms: WayTerms): number {
  const ratePpm = terms.yearlyRatePpm || Math.max(...product.ways.map((way) => way.yearlyRatePpm))
  const penaltyPpm = Number((BigInt(ratePpm) * BigInt(product.penaltyPpm)) / BigInt(MILLION))
  return Math.min(penaltyPpm, MILLION)
}

function rowOf(loan: NewLoan, product: Product, terms: WayTerms): LoanRow {
  const openedOn = businessDateOf(loan.openedAt)
  return {
    hospital_id: loan.lenderId,
    id: loan.loanId,
    person_id: loan.personId,
    care_hospital_id: loan.hospitalId,
    visit_no: loan.visitNo,
    product_id: product.id,
    way: terms.way,
    periods: terms.periods,
    yearly_rate_ppm: terms.yearlyRatePpm,
    fee_ppm: terms.feePpm,
    penalty_rate_ppm: penaltyRateOf(product, terms),
    principal_fen: fen(loan.principalFen),
    opened_on: openedOn,
    free_until: loan.dueOn < openedOn ? openedOn : loan.dueOn,
    status: 'open',
    overdue_since: null,
    stage: CURRENT,
    opened_at: loan.openedAt,
    ended_at: null,
  }
}
