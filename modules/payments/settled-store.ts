import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type { Tx } from '../../platform/db.ts'
import type { PaymentId } from './payment.ts'
import type { RefundId } from './refund/refund.ts'

// What a hospital's own list of a day must show, by our rows: reads only.

export type SettledBill = {
  paymentId: PaymentId
  paymentNo: string
  billNo: string
  receiptNo: string | null
  amountFen: Fen
  at: Date
}

/** Bills of payments that succeeded with money paid on this day, and were not taken back at the hospital since. */
export async function settledBillsOfDay(
  tx: Tx,
  hospitalId: HospitalId,
  day: BusinessDate,
): Promise<SettledBill[]> {
  const { rows } = await sql<Omit<SettledBill, 'paymentNo'>>`
    select p.id as "paymentId", b.bill_no as "billNo", b.receipt_no as "receiptNo",
      b.total_fen as "amountFen", p.paid_at as at
    from payments.payment p
    join payments.payment_bill b on b.hospital_id = p.hospital_id and b.payment_id = p.id
    where p.hospital_id = ${hospitalId} and p.status = 'succeeded' and b.write_back = 'done'
      and p.paid_at >= ${instantAt(day)} and p.paid_at < ${instantAt(addDays(day, 1))}
    order by b.bill_no, p.id`.execute(tx)
  return rows.map((row) => ({ ...row, paymentNo: tradeNoOf(hospitalId, row.paymentId) }))
}

export type SettledRefund = {
  refundId: RefundId
  refundNo: string
  paymentId: PaymentId
  billNo: string
  receiptNo: string | null
  amountFen: Fen
  at: Date
}

/** Refunds that hospital or payer asked for, whose money had all gone back on this day. */
export async function settledRefundsOfDay(
  tx: Tx,
  hospitalId: HospitalId,
  day: BusinessDate,
): Promise<SettledRefund[]> {
  const { rows } = await sql<Omit<SettledRefund, 'refundNo'>>`
    select id as "refundId", payment_id as "paymentId", bill_no as "billNo",
      receipt_no as "receiptNo", amount_fen as "amountFen", returned_at as at
    from payments.refund
    where hospital_id = ${hospitalId} and status = 'succeeded' and cause = 'requested'
      and returned_at >= ${instantAt(day)} and returned_at < ${instantAt(addDays(day, 1))}
    order by bill_no, id`.execute(tx)
  return rows.map((row) => ({ ...row, refundNo: tradeNoOf(hospitalId, row.refundId) }))
}
