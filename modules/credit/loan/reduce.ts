import {
  addFen,
  type Fen,
  fen,
  minFen,
  negateFen,
  subtractFen,
  ZERO,
} from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { PrincipalReduction, ReducedPrincipal } from '../loan-book.ts'
import { bringUp } from './bring-up.ts'
import type { LoanDependencies } from './dependencies.ts'
import { allocate, NOTHING, sumOf, totalOf } from './loan.ts'
import { lowerRest, openRows, tidyUp } from './pay-down.ts'
import {
  addPaid,
  findLoanEntry,
  findLoanEvent,
  insertLoanEntry,
  insertLoanEvent,
  instalmentRows,
  toInstalment,
} from './store.ts'
import type { LoanRow } from './tables.ts'

/**
 * A hospital gave an amount back. It lowers the principal that is not due, whose schedule is made anew, then principal
 * that is due, the newest first. Of a loan that was given up it is the lender's as far as principal was never repaid. What
 * is more was repaid before: the caller owes it to the payer. Once for a cause. Interest and penalty so far stay owed. The transaction is one of the lender's book; nothing is posted for the
 * reduction itself, which the caller does.
 */
export async function reducePrincipal(
  deps: LoanDependencies,
  tx: Tx,
  { lenderId, loanId, amountFen, at, cause }: PrincipalReduction,
): Promise<ReducedPrincipal> {
  const on = businessDateOf(at)
  const loan = await bringUp(deps, tx, lenderId, loanId, on)
  const noted = await findLoanEntry(tx, loan, `refund:${cause}`)
  if (noted) return { reducedFen: negateFen(noted.principal_fen), recoveredFen: ZERO }
  if (loan.status === 'written_off') {
    const recoveredFen = await recoverPrincipal(tx, loan, { amountFen, on, at, cause })
    return { reducedFen: ZERO, recoveredFen }
  }
  if (loan.status !== 'open') return { reducedFen: ZERO, recoveredFen: ZERO }
  const restFen = await lowerRest(tx, loan, amountFen, on)
  const dueFen = await lowerDue(tx, loan, subtractFen(amountFen, restFen))
  const reducedFen = addFen(restFen, dueFen)
  const amounts = { ...NOTHING, principalFen: negateFen(reducedFen) }
  await insertLoanEntry(tx, loan, { cause: `refund:${cause}`, businessDate: on }, amounts)
  await tidyUp(deps, tx, loan, on)
  return { reducedFen, recoveredFen: ZERO }
}

/** The books hold nothing of such a loan any more: what it is paid is noted on its instalments and in an event. */
async function recoverPrincipal(
  tx: Tx,
  loan: LoanRow,
  { amountFen, on, at, cause }: { amountFen: Fen; on: BusinessDate; at: Date; cause: string },
): Promise<Fen> {
  const noted = await findLoanEvent(tx, loan, RECOVERED_BY_REFUND, cause)
  if (noted) return fen(Number((noted.detail as { recoveredFen?: number }).recoveredFen ?? 0))
  const rows = await instalmentRows(tx, loan.hospital_id, loan.id)
  const all = rows.map(toInstalment).filter(({ status }) => status === 'written_off')
  const { parts } = allocate(amountFen, all, ['principal'])
  for (const { no, amounts } of parts) await addPaid(tx, loan, no, amounts)
  const recoveredFen = totalOf(sumOf(parts.map(({ amounts }) => amounts)))
  const detail = { amountFen, recoveredFen }
  await insertLoanEvent(tx, loan, { on, kind: RECOVERED_BY_REFUND, about: cause, detail, at })
  return recoveredFen
}

const RECOVERED_BY_REFUND = 'recovered_by_refund'

async function lowerDue(tx: Tx, loan: LoanRow, amountFen: Fen): Promise<Fen> {
  let left = amountFen
  for (const row of (await openRows(tx, loan)).toReversed()) {
    const openFen = subtractFen(row.principal_fen, row.paid_principal_fen)
    const takenFen = minFen(left, openFen)
    if (takenFen > 0) await addPaid(tx, loan, row.no, { ...NOTHING, principalFen: takenFen })
    left = subtractFen(left, takenFen)
  }
  return subtractFen(amountFen, left)
}
