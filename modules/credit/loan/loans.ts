import type { BusinessDate } from '../../../kernel/time.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { LoanBook } from '../loan-book.ts'
import type { LenderId, LoanId, PersonId } from '../terms.ts'
import { changeWay, type LoanRef, waysOf } from './change-way.ts'
import { closeDay, closedDays } from './day-close.ts'
import { debitDue } from './debit.ts'
import type { LoanDependencies } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import { openLoan } from './open.ts'
import { portfolioOf } from './portfolio.ts'
import { reducePrincipal } from './reduce.ts'
import { repay, type RepaymentRequest, resolveRepayments } from './repay.ts'
import { instalmentRows, loansOf, readLoan, toInstalment } from './store.ts'
import { approveWriteOff, proposeWriteOff } from './write-off.ts'

export type Loans = ReturnType<typeof createLoans>

/** The loans of lenders' books. `open` and `reducePrincipal` join the caller's transaction; the rest makes its own. */
export function createLoans(deps: LoanDependencies) {
  const book: LoanBook = {
    open: (tx, loan) => openLoan(deps, tx, loan),
    reducePrincipal: (tx, reduction) => reducePrincipal(deps, tx, reduction),
  }
  const within = <T>(lenderId: LenderId, work: (tx: Tx) => Promise<T>) =>
    inHospital(deps.db, lenderId, work)
  return {
    ...book,
    waysOf: (ref: LoanRef) => waysOf(deps, ref),
    changeWay: (change: Parameters<typeof changeWay>[1]) => changeWay(deps, change),
    repay: (request: RepaymentRequest) => repay(deps, request),
    debitDue: (lenderId: LenderId) => debitDue(deps, lenderId),
    resolveRepayments: (lenderId: LenderId) => resolveRepayments(deps, lenderId),
    closeDay: (lenderId: LenderId, date: BusinessDate) => closeDay(deps, lenderId, date),
    proposeWriteOff: (request: Parameters<typeof proposeWriteOff>[1], actor: Actor) =>
      proposeWriteOff(deps, request, actor),
    approveWriteOff: (request: Parameters<typeof approveWriteOff>[1], actor: Actor) =>
      approveWriteOff(deps, request, actor),
    /** A person's loans with one lender, newest first, each with its instalments. */
    loansOf: (lenderId: LenderId, personId: PersonId) =>
      within(lenderId, async (tx) => {
        const loans = await loansOf(tx, lenderId, personId, false)
        return Promise.all(loans.map((loan) => withInstalments(tx, lenderId, loan.id)))
      }),
    /** Errors: throws loan_not_found for a loan of somebody else, too. */
    loanOf: ({ lenderId, personId, loanId }: LoanRef) =>
      within(lenderId, async (tx) => {
        const found = await withInstalments(tx, lenderId, loanId)
        if (found.loan.person_id !== personId) throw loanErrors.loan_not_found({ loanId })
        return found
      }),
    isOf: (lenderId: LenderId, loanId: LoanId, personId: PersonId) =>
      within(lenderId, async (tx) => (await readLoan(tx, lenderId, loanId)).person_id === personId),
    /** The figures of now, and those kept of the evenings before. */
    portfolio: (lenderId: LenderId) =>
      within(lenderId, async (tx) => ({
        now: await portfolioOf(tx, lenderId, businessDateOf(deps.clock.now())),
        days: await closedDays(tx, lenderId, MOST_DAYS),
      })),
  }
}

const MOST_DAYS = 62

async function withInstalments(tx: Tx, lenderId: LenderId, loanId: LoanId) {
  const loan = await readLoan(tx, lenderId, loanId)
  const rows = await instalmentRows(tx, lenderId, loanId)
  return { loan, instalments: rows.map(toInstalment) }
}

export type LoanWithInstalments = Awaited<ReturnType<typeof withInstalments>>
