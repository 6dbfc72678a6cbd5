import type { Selectable, Updateable } from 'kysely'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId, Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import type { Tx } from '../../../platform/db.ts'
import { paymentErrors } from '../errors.ts'
import type { Payment, PaymentId } from '../payment.ts'
import { lockPayment } from '../store.ts'
import type { PaymentTables } from '../tables.ts'
import type { Refund, RefundId, RefundPart } from './refund.ts'

// Refunds and their parts: the one place that writes these tables.

export type RefundRow = Selectable<PaymentTables['payments.refund']>
type RefundPartRow = Selectable<PaymentTables['payments.refund_part']>

const tables = (tx: Tx) => tx.withTables<PaymentTables>()

export async function insertRefund(
  tx: Tx,
  refund: RefundRow,
  parts: readonly RefundPartRow[],
): Promise<void> {
  await tables(tx)
    .insertInto('payments.refund')
    .values({ ...refund, line_nos: JSON.stringify(refund.line_nos) as never })
    .execute()
  await tables(tx)
    .insertInto('payments.refund_part')
    .values([...parts])
    .execute()
}

const refundQuery = (tx: Tx, hospitalId: HospitalId, id: RefundId) =>
  tables(tx)
    .selectFrom('payments.refund')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)

export async function lockRefund(tx: Tx, hospitalId: HospitalId, id: RefundId): Promise<Refund> {
  const row = await refundQuery(tx, hospitalId, id).forUpdate().executeTakeFirst()
  if (!row) throw paymentErrors.refund_not_found({ id })
  return toRefund(row)
}

/** Locks the payment and then its refund: in this order everywhere, so that nobody waits in a ring. */
export async function lockRefundWithPayment(
  tx: Tx,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<{ payment: Payment; refund: Refund }> {
  const found = await findRefund(tx, hospitalId, id)
  if (!found) throw paymentErrors.refund_not_found({ id })
  const payment = await lockPayment(tx, hospitalId, found.paymentId)
  return { payment, refund: await lockRefund(tx, hospitalId, id) }
}

export async function findRefund(
  tx: Tx,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<Refund | null> {
  const row = await refundQuery(tx, hospitalId, id).executeTakeFirst()
  return row ? toRefund(row) : null
}

export async function refundByRequestNo(
  tx: Tx,
  hospitalId: HospitalId,
  requestNo: string,
): Promise<Refund | null> {
  const row = await tables(tx)
    .selectFrom('payments.refund')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('request_no', '=', requestNo)
    .executeTakeFirst()
  return row ? toRefund(row) : null
}

export async function updateRefund(
  tx: Tx,
  refund: Refund,
  changes: Omit<Updateable<PaymentTables['payments.refund']>, 'line_nos'>,
  now: Date,
): Promise<Refund> {
  const row = await tables(tx)
    .updateTable('payments.refund')
    .set({ ...changes, version: refund.version + 1, updated_at: now })
    .where('hospital_id', '=', refund.hospitalId)
    .where('id', '=', refund.id)
    .where('version', '=', refund.version)
    .returningAll()
    .executeTakeFirst()
  assert(row, `refund ${refund.id} was locked and is still at version ${refund.version}`)
  return toRefund(row)
}

/** Oldest first. */
export async function refundsOf(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<Refund[]> {
  const rows = await tables(tx)
    .selectFrom('payments.refund')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .orderBy('id')
    .execute()
  return rows.map(toRefund)
}

/** Sources before the payer's channel: the reverse of the order of charging. */
export async function partsOf(tx: Tx, hospitalId: HospitalId, id: RefundId): Promise<RefundPart[]> {
  const rows = await tables(tx)
    .selectFrom('payments.refund_part')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('refund_id', '=', id)
    .orderBy('tender_no', 'desc')
    .execute()
  return rows.map(toPart)
}

/** How often a tender of the payment was told to give back, with what is on its way and what was declined. */
export async function countReturns(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
  tenderNo: number,
): Promise<number> {
  const { returns } = await tables(tx)
    .selectFrom('payments.refund_part as part')
    .innerJoin('payments.refund as refund', (join) =>
      join
        .onRef('refund.hospital_id', '=', 'part.hospital_id')
        .onRef('refund.id', '=', 'part.refund_id'),
    )
    .where('refund.hospital_id', '=', hospitalId)
    .where('refund.payment_id', '=', paymentId)
    .where('part.tender_no', '=', tenderNo)
    .where('part.amount_fen', '>', fen(0))
    .select(({ fn }) => fn.countAll<number>().as('returns'))
    .executeTakeFirstOrThrow()
  return returns
}

/** The refund whose part has this id: a notice names the part by its refund number. */
export async function refundOfPart(
  tx: Tx,
  hospitalId: HospitalId,
  partId: Id<'RefundPart'>,
): Promise<RefundId | null> {
  const row = await tables(tx)
    .selectFrom('payments.refund_part')
    .select('refund_id')
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', partId)
    .executeTakeFirst()
  return row?.refund_id ?? null
}

export async function updatePart(
  tx: Tx,
  { hospitalId, id }: Refund,
  tenderNo: number,
  changes: Updateable<PaymentTables['payments.refund_part']>,
): Promise<void> {
  await tables(tx)
    .updateTable('payments.refund_part')
    .set(changes)
    .where('hospital_id', '=', hospitalId)
    .where('refund_id', '=', id)
    .where('tender_no', '=', tenderNo)
    .executeTakeFirstOrThrow()
}

export async function dueRefunds(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
  limit: number,
): Promise<RefundId[]> {
  const rows = await tables(tx)
    .selectFrom('payments.refund')
    .select('id')
    .where('hospital_id', '=', hospitalId)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

export const toRefund = (row: RefundRow): Refund => ({
  hospitalId: row.hospital_id,
  id: row.id,
  paymentId: row.payment_id,
  cause: row.cause,
  status: row.status,
  billNo: row.bill_no,
  lineNos: row.line_nos,
  amountFen: row.amount_fen,
  reason: row.reason,
  requestedBy: row.requested_by,
  requestNo: row.request_no,
  refusalCode: row.refusal_code,
  receiptNo: row.receipt_no,
  attention: row.attention,
  approvedAt: row.approved_at,
  returnedAt: row.returned_at,
  completedAt: row.completed_at,
  version: row.version,
  callNo: row.call_no,
  inCallUntil: row.in_call_until,
  retryAt: row.retry_at,
  attempts: row.attempts,
  createdAt: row.created_at,
  retriedAt: row.retried_at,
})

const toPart = (row: RefundPartRow): RefundPart => ({
  tenderNo: row.tender_no,
  id: row.id,
  status: row.status,
  amountFen: row.amount_fen,
  netFen: row.net_fen,
  holdId: row.hold_id,
  declineCode: row.decline_code,
})
