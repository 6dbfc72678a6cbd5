import { AppError } from '../../../kernel/error.ts'
import { addDays, businessDateOf } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import type { LenderId, LoanId } from '../terms.ts'
import type { LoanDependencies, OnError } from './dependencies.ts'
import { repay } from './repay.ts'
import { loansDueOn, readLoan } from './store.ts'

const PAGE = 200
export const BEFORE_ALL = '00000000-0000-0000-0000-000000000000' as LoanId

/**
 * Debits the accounts of those who owe something that was due today or on one of the days of the ladder: once a day and
 * loan, however often it is asked. A repayment under way is left alone. Returns how many were tried; `onError` hears of a
 * loan that failed, which keeps no other waiting.
 */
export async function debitDue(
  deps: LoanDependencies,
  lenderId: LenderId,
  onError: OnError,
): Promise<number> {
  const on = businessDateOf(deps.clock.now())
  const { debitDays } = await deps.rulesOf(lenderId)
  const days = debitDays.map((late) => addDays(on, 0 - late))
  let [after, tried] = [BEFORE_ALL, 0]
  for (;;) {
    const loans = await inHospital(deps.db, lenderId, (tx) =>
      loansDueOn(tx, lenderId, days, after, PAGE),
    )
    for (const loanId of loans) {
      try {
        if (await debitOne(deps, lenderId, loanId, on)) tried += 1
      } catch (error) {
        onError(error, `loan:${loanId}`)
      }
    }
    const last = loans.at(-1)
    if (!last || loans.length < PAGE) return tried
    after = last
  }
}

const LEFT_ALONE = new Set(['credit.nothing_owed', 'credit.repayment_running'])

async function debitOne(
  deps: LoanDependencies,
  lenderId: LenderId,
  loanId: LoanId,
  on: string,
): Promise<boolean> {
  const loan = await inHospital(deps.db, lenderId, (tx) => readLoan(tx, lenderId, loanId))
  const request = {
    lenderId,
    loanId,
    repaymentNo: `debit:${on}:${loanId}`,
    payerId: loan.person_id,
    source: 'debit',
    scope: 'due',
  } as const
  try {
    await repay(deps, request)
    return true
  } catch (error) {
    // Somebody was faster, and pays or has paid.
    if (error instanceof AppError && LEFT_ALONE.has(error.code)) return false
    throw error
  }
}
