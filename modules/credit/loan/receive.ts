import type { Fen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { LenderId, LoanId, PersonId } from '../terms.ts'
import { bringUp } from './bring-up.ts'
import type { LoanDependencies } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import type { RepaymentSource } from './loan.ts'
import { newRow, settle } from './repay.ts'
import { findRepayment, insertLoanEvent, insertRepayment } from './store.ts'
import type { LoanRow, RepaymentRow } from './tables.ts'

/**
 * Money for a loan has moved already, whoever asked for it or nobody: it is booked, once for its number, whatever the
 * loan's state. What is more than owed is the payer's; of a loan given up it is income. Joins the caller's transaction,
 * which is one of the lender's book. Errors: loan_not_found, repayment_reused for a number with another amount or loan.
 */
export async function receiveRepayment(
  deps: LoanDependencies,
  tx: Tx,
  { lenderId, loanId, repaymentNo, payerId, isFamily, amountFen, reference }: Received,
): Promise<RepaymentRow> {
  const now = deps.clock.now()
  const on = businessDateOf(now)
  const loan = await bringUp(deps, tx, lenderId, loanId, on)
  const known = await findRepayment(tx, lenderId, repaymentNo)
  if (known) {
    if (known.loan_id === loanId && known.amount_fen === amountFen) return known
    throw loanErrors.repayment_reused({ repaymentNo })
  }
  const asked = newRow(
    {
      lenderId,
      loanId,
      repaymentNo,
      payerId: payerId ?? loan.person_id,
      source: sourceOf(loan, isFamily),
      scope: 'partial',
    },
    amountFen,
    on,
    now,
  )
  const paid = await settle(deps, tx, loan, asked, on)
  const row: RepaymentRow = {
    ...asked,
    ...paid,
    status: 'done',
    provider_no: reference,
    ended_at: now,
  }
  if (!(await insertRepayment(tx, row))) throw loanErrors.repayment_reused({ repaymentNo })
  const detail = { repaymentNo, amountFen }
  const kind = `repayment:done:${row.source}`
  await insertLoanEvent(tx, loan, { on, kind, about: repaymentNo, detail, at: now })
  return row
}

const sourceOf = ({ status }: LoanRow, isFamily: boolean): RepaymentSource => {
  if (status === 'written_off') return 'recovery'
  return isFamily ? 'family' : 'payer'
}

type Received = {
  lenderId: LenderId
  loanId: LoanId
  repaymentNo: string
  /** Null: the borrower, or somebody of the family whom only the lender knows. */
  payerId: PersonId | null
  isFamily: boolean
  amountFen: Fen
  /** The lender's own number of what it received. */
  reference: string
}
