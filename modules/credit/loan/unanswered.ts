import type { Tx } from '../../../platform/db.ts'
import { askAgainAt } from '../ask-again.ts'
import type { LenderId } from '../terms.ts'
import type { LoanTables, RepaymentRow } from './tables.ts'

/**
 * Repayments that nobody has answered for, the longest due first. Each is put off before it is asked about, so that one
 * that stays unanswered hides none that came after it.
 */
export async function takeUnansweredRepayments(
  tx: Tx,
  lenderId: LenderId,
  now: Date,
  most: number,
): Promise<RepaymentRow[]> {
  const book = tx.withTables<LoanTables>()
  const rows = await book
    .selectFrom('credit.repayment')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('status', '=', 'asking')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(most)
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
  for (const { repayment_no: repaymentNo, asked_times: times } of rows) {
    await book
      .updateTable('credit.repayment')
      .set({ due_at: askAgainAt(now, times), asked_times: times + 1 })
      .where('hospital_id', '=', lenderId)
      .where('repayment_no', '=', repaymentNo)
      .execute()
  }
  return rows
}
