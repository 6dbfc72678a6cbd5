import { ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { LenderId, LoanId } from '../terms.ts'
import { type Accrued, accrueLoans } from './accrue.ts'
import { accrual } from './books.ts'
import type { LoanDependencies } from './dependencies.ts'
import { totalOf } from './loan.ts'
import { lockLoan } from './store.ts'
import type { LoanRow } from './tables.ts'

/** Locks a loan and brings it to this day, so that what it owes is what it owes today. */
export async function bringUp(
  deps: LoanDependencies,
  tx: Tx,
  lenderId: LenderId,
  loanId: LoanId,
  date: BusinessDate,
): Promise<LoanRow> {
  const loan = await lockLoan(tx, lenderId, loanId)
  if (loan.status !== 'open') return loan
  const { stages } = await deps.rulesOf(lenderId)
  const cause = `accrual:${date}`
  const accrued = await accrueLoans(
    tx,
    { only: loanId },
    {
      lenderId,
      date,
      cause,
      stages,
      reminderDays: [],
      at: deps.clock.now(),
    },
  )
  const subject = `loan:${loanId}`
  await postAccrual(deps, tx, accrued, { lenderId, date, cause: `${cause}:${loanId}`, subject })
  await tellStages(deps, tx, accrued.moved, lenderId, date)
  return lockLoan(tx, lenderId, loanId)
}

/** One entry for what was accrued, of one loan or of a batch; none for nothing. */
export async function postAccrual(
  deps: LoanDependencies,
  tx: Tx,
  accrued: Pick<Accrued, 'interestFen' | 'feeFen' | 'penaltyFen'>,
  fact: { lenderId: LenderId; date: BusinessDate; cause: string; subject: string },
): Promise<void> {
  const amounts = { ...accrued, principalFen: ZERO }
  if (totalOf(amounts) === 0) return
  await deps.ledger.post(tx, {
    hospitalId: fact.lenderId,
    businessDate: fact.date,
    cause: fact.cause,
    subject: fact.subject,
    memo: 'accrual',
    transfers: accrual(amounts),
  })
}

export async function tellStages(
  deps: LoanDependencies,
  tx: Tx,
  moved: Accrued['moved'],
  lenderId: LenderId,
  on: BusinessDate,
): Promise<void> {
  if (moved.length > 0)
    await deps.onStages(
      tx,
      moved.map((move) => ({ ...move, lenderId, on })),
    )
}
