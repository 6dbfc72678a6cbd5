import { addFen, type Fen, minFen, negateFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { PrincipalReduction } from '../loan-book.ts'
import { bringUp } from './bring-up.ts'
import type { LoanDependencies } from './dependencies.ts'
import { NOTHING } from './loan.ts'
import { lowerRest, openRows, tidyUp } from './pay-down.ts'
import { addPaid, findLoanEntry, insertLoanEntry } from './store.ts'
import type { LoanRow } from './tables.ts'

/**
 * A hospital gave an amount back. It lowers the principal that is not due, whose schedule is made anew, then principal
 * that is due, the newest first. What is more than is open was repaid before: the caller owes it to the payer. Once for a
 * cause. Interest and penalty so far stay owed. The transaction is one of the lender's book; nothing is posted for the
 * reduction itself, which the caller does.
 */
export async function reducePrincipal(
  deps: LoanDependencies,
  tx: Tx,
  { lenderId, loanId, amountFen, at, cause }: PrincipalReduction,
): Promise<{ reducedFen: Fen }> {
  const on = businessDateOf(at)
  const loan = await bringUp(deps, tx, lenderId, loanId, on)
  const noted = await findLoanEntry(tx, loan, `refund:${cause}`)
  if (noted) return { reducedFen: negateFen(noted.principal_fen) }
  if (loan.status !== 'open') return { reducedFen: ZERO }
  const restFen = await lowerRest(tx, loan, amountFen, on)
  const dueFen = await lowerDue(tx, loan, subtractFen(amountFen, restFen))
  const reducedFen = addFen(restFen, dueFen)
  const amounts = { ...NOTHING, principalFen: negateFen(reducedFen) }
  await insertLoanEntry(tx, loan, { cause: `refund:${cause}`, businessDate: on }, amounts)
  await tidyUp(deps, tx, loan, on)
  return { reducedFen }
}

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
