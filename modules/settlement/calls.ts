import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type BatchKey, findBatch } from './batch-store.ts'
import type { SettlementDependencies } from './dependencies.ts'
import { lockReceipt, lockReceiptsToCall, markCalled, type ReceiptKey } from './receipt-store.ts'
import type { BatchStatus } from './tables.ts'

// What needs a person: a receipt that nothing explains in its time. A batch tells of itself with each change of its state.

/** Tells once of each receipt whose time has passed; returns how many. */
export const callForReceipts = (
  { db, clock, publish }: SettlementDependencies,
  hospitalId: HospitalId,
): Promise<number> =>
  inHospital(db, hospitalId, async (tx) => {
    const now = clock.now()
    const receipts = await lockReceiptsToCall(tx, hospitalId, now)
    for (const { account, bank_ref: bankRef, variant } of receipts) {
      const key = { hospitalId, account, bankRef, variant }
      await markCalled(tx, key, now)
      await publish(tx, 'settlement.receipt_overdue', key)
    }
    return receipts.length
  })

/** As it stands, held until the transaction ends; null when something explains it, or there is none. */
export async function unexplainedReceipt(
  tx: Tx,
  key: ReceiptKey,
): Promise<{ leftFen: Fen; bookedOn: BusinessDate } | null> {
  const receipt = await lockReceipt(tx, key)
  if (receipt?.status !== 'unexplained') return null
  return {
    leftFen: fen(receipt.amount_fen - receipt.allocated_fen),
    bookedOn: receipt.booked_on,
  }
}

/** As it stands, held until the transaction ends; null when there is none. */
export async function payoutStanding(
  tx: Tx,
  key: BatchKey,
): Promise<{ status: BatchStatus; openFen: Fen } | null> {
  const batch = await findBatch(tx, key, true)
  return batch && { status: batch.status, openFen: fen(batch.payout_fen - batch.received_fen) }
}
