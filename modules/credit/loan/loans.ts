import type { BusinessDate } from '../../../kernel/time.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { LoanBook } from '../loan-book.ts'
import type { LenderId, LoanId, PersonId } from '../terms.ts'
import { aprOfLoan } from './apr.ts'
import { changeWay, type LoanRef, waysOf } from './change-way.ts'
import { closeDay, closeDaysTo, closedDays } from './day-close.ts'
import { debitDue } from './debit.ts'
import type { LoanDependencies, OnError } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import { openLoan } from './open.ts'
import { portfolioOf } from './portfolio.ts'
import { receiveRepayment } from './receive.ts'
import { reducePrincipal } from './reduce.ts'
import { repay, type RepaymentRequest, resolveRepayment, resolveRepayments } from './repay.ts'
import { instalmentRows, loansOf, readLoan, repaymentsOf, toInstalment } from './store.ts'
import type { LoanRow } from './tables.ts'
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
    debitDue: (lenderId: LenderId, onError: OnError = rethrow) => debitDue(deps, lenderId, onError),
    resolveRepayments: (lenderId: LenderId, onError: OnError = rethrow) =>
      resolveRepayments(deps, lenderId, onError),
    resolveRepayment: (key: { lenderId: LenderId; repaymentNo: string }) =>
      resolveRepayment(deps, key),
    /** Joins the caller's transaction. */
    receive: (tx: Tx, received: Parameters<typeof receiveRepayment>[2]) =>
      receiveRepayment(deps, tx, received),
    closeDay: (lenderId: LenderId, date: BusinessDate) => closeDay(deps, lenderId, date),
    closeDaysTo: (lenderId: LenderId, date: BusinessDate) => closeDaysTo(deps, lenderId, date),
    proposeWriteOff: (request: Parameters<typeof proposeWriteOff>[1], actor: Actor) =>
      proposeWriteOff(deps, request, actor),
    approveWriteOff: (request: Parameters<typeof approveWriteOff>[1], actor: Actor) =>
      approveWriteOff(deps, request, actor),
    /** A person's loans with one lender, newest first, whole. */
    loansOf: (lenderId: LenderId, personId: PersonId) =>
      within(lenderId, async (tx) => {
        const loans = await loansOf(tx, lenderId, personId, false)
        return Promise.all(loans.map((loan) => wholeLoan(deps, tx, loan)))
      }),
    /** Errors: throws loan_not_found for a loan of somebody else, too. */
    loanOf: ({ lenderId, personId, loanId }: LoanRef) =>
      within(lenderId, async (tx) => {
        const loan = await readLoan(tx, lenderId, loanId)
        if (loan.person_id !== personId) throw loanErrors.loan_not_found({ loanId })
        return wholeLoan(deps, tx, loan)
      }),
    /** Whose loan it is. Joins the caller's transaction. Errors: loan_not_found. */
    personOf: async (tx: Tx, lenderId: LenderId, loanId: LoanId): Promise<PersonId> =>
      (await readLoan(tx, lenderId, loanId)).person_id,
    isOf: (lenderId: LenderId, loanId: LoanId, personId: PersonId) =>
      within(lenderId, async (tx) => (await readLoan(tx, lenderId, loanId)).person_id === personId),
    /** What the lender does and when: its overdue ladder, among others. */
    rulesOf: (lenderId: LenderId) => deps.rulesOf(lenderId),
    /** The figures of now, and those kept of the evenings before. */
    portfolio: (lenderId: LenderId) =>
      within(lenderId, async (tx) => ({
        now: await portfolioOf(tx, lenderId, businessDateOf(deps.clock.now())),
        days: await closedDays(tx, lenderId, MOST_DAYS),
      })),
  }
}

const MOST_DAYS = 62

const rethrow: OnError = (error) => {
  throw error
}

const MOST_REPAYMENTS = 50

/** A loan with what is due on it, what it costs a year, and what was repaid. */
async function wholeLoan(deps: LoanDependencies, tx: Tx, loan: LoanRow) {
  const rows = await instalmentRows(tx, loan.hospital_id, loan.id)
  const repayments = await repaymentsOf(tx, loan, MOST_REPAYMENTS)
  const apr = aprOfLoan(loan, await deps.rulesOf(loan.hospital_id))
  return { loan, instalments: rows.map(toInstalment), apr, repayments }
}

export type LoanWithInstalments = Awaited<ReturnType<typeof wholeLoan>>
