import { type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { CoverageRefund, PlanId, PolicyOrder, ReturnOrder } from './plan.ts'
import type { CoverageTables } from './tables.ts'

// The one place that reads or writes orders under policies, refunds and returns.

type OrderRow = Selectable<CoverageTables['coverage.policy_order']>
type RefundRow = Selectable<CoverageTables['coverage.refund']>
type ReturnRow = Selectable<CoverageTables['coverage.return_order']>

const tables = (tx: Tx) => tx.withTables<CoverageTables>()

export async function insertOrder(tx: Tx, order: PolicyOrder): Promise<void> {
  await tables(tx)
    .insertInto('coverage.policy_order')
    .values({
      hospital_id: order.hospitalId,
      order_no: order.orderNo,
      plan_id: order.planId,
      refund_id: order.refundId,
      position: order.position,
      insurer_code: order.insurerCode,
      policy_no: order.policyNo,
      product_name: order.productName,
      content_hash: order.contentHash,
      left_fen: order.leftFen,
      other_fen: order.otherFen,
      created_at: order.createdAt,
      ...changingColumns(order),
    })
    .execute()
}

export async function updateOrder(tx: Tx, order: PolicyOrder): Promise<void> {
  await tables(tx)
    .updateTable('coverage.policy_order')
    .set(changingColumns(order))
    .where('hospital_id', '=', order.hospitalId)
    .where('order_no', '=', order.orderNo)
    .executeTakeFirstOrThrow()
}

/** All of a plan, the earliest first, and those of one moment in their order. */
export async function ordersOf(
  tx: Tx,
  hospitalId: HospitalId,
  planId: PlanId,
): Promise<PolicyOrder[]> {
  const rows = await tables(tx)
    .selectFrom('coverage.policy_order')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('plan_id', '=', planId)
    .orderBy('created_at')
    .orderBy('position')
    .orderBy('order_no')
    .execute()
  return rows.map(toOrder)
}

export async function ordersByNo(
  tx: Tx,
  hospitalId: HospitalId,
  orderNos: readonly string[],
): Promise<PolicyOrder[]> {
  const rows = await tables(tx)
    .selectFrom('coverage.policy_order')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('order_no', '=', sql<string>`any(${[...orderNos]})`)
    .orderBy('position')
    .execute()
  return rows.map(toOrder)
}

export async function insertReturn(tx: Tx, order: ReturnOrder): Promise<void> {
  await tables(tx)
    .insertInto('coverage.return_order')
    .values({
      hospital_id: order.hospitalId,
      refund_no: order.refundNo,
      order_no: order.orderNo,
      refund_id: order.refundId,
      amount_fen: order.amountFen,
      move_no: order.moveNo,
      sent_at: order.sentAt,
      ...outcomeColumns(order),
    })
    .execute()
}

export async function updateReturn(tx: Tx, order: ReturnOrder): Promise<void> {
  await tables(tx)
    .updateTable('coverage.return_order')
    .set(outcomeColumns(order))
    .where('hospital_id', '=', order.hospitalId)
    .where('refund_no', '=', order.refundNo)
    .executeTakeFirstOrThrow()
}

export async function returnsOf(
  tx: Tx,
  hospitalId: HospitalId,
  orderNos: readonly string[],
): Promise<ReturnOrder[]> {
  const rows = await tables(tx)
    .selectFrom('coverage.return_order')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('order_no', '=', sql<string>`any(${[...orderNos]})`)
    .orderBy('refund_no')
    .execute()
  return rows.map(toReturn)
}

export async function returnsByNo(
  tx: Tx,
  hospitalId: HospitalId,
  refundNos: readonly string[],
): Promise<ReturnOrder[]> {
  const rows = await tables(tx)
    .selectFrom('coverage.return_order')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('refund_no', '=', sql<string>`any(${[...refundNos]})`)
    .orderBy('refund_no')
    .execute()
  return rows.map(toReturn)
}

export async function insertRefund(tx: Tx, refund: CoverageRefund): Promise<void> {
  await tables(tx)
    .insertInto('coverage.refund')
    .values({
      hospital_id: refund.hospitalId,
      id: refund.id,
      plan_id: refund.planId,
      refund_no: refund.refundNo,
      left_fen: refund.leftFen,
      in_parts: refund.inParts,
      requested_at: refund.requestedAt,
      updated_at: refund.requestedAt,
      ...refundColumns(refund),
    })
    .execute()
}

export async function updateRefund(tx: Tx, refund: CoverageRefund, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('coverage.refund')
    .set({ ...refundColumns(refund), updated_at: now })
    .where('hospital_id', '=', refund.hospitalId)
    .where('id', '=', refund.id)
    .executeTakeFirstOrThrow()
}

export async function findRefund(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'Refund'>,
): Promise<CoverageRefund | null> {
  const row = await tables(tx)
    .selectFrom('coverage.refund')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toRefund(row) : null
}

const changingColumns = (order: PolicyOrder) => ({
  status: order.status,
  pay_fen: order.payFen,
  insurer_no: order.insurerNo,
  settlement_no: order.settlementNo,
  move_no: order.moveNo,
  sent_at: order.sentAt,
  settled_at: order.settledAt,
  returned_fen: order.returnedFen,
  expires_at: order.expiresAt,
  reason: order.reason,
})

const outcomeColumns = (order: ReturnOrder) => ({
  status: order.status,
  return_no: order.returnNo,
  returned_at: order.returnedAt,
  reason: order.reason,
})

const refundColumns = (refund: CoverageRefund) => ({
  status: refund.status,
  recharge_no: refund.rechargeNo,
  reason: refund.reason,
})

const toOrder = (row: OrderRow): PolicyOrder => ({
  hospitalId: row.hospital_id,
  orderNo: row.order_no,
  planId: row.plan_id,
  refundId: row.refund_id,
  position: row.position,
  insurerCode: row.insurer_code,
  policyNo: row.policy_no,
  productName: row.product_name,
  status: row.status,
  contentHash: row.content_hash,
  leftFen: row.left_fen,
  otherFen: row.other_fen,
  payFen: row.pay_fen,
  insurerNo: row.insurer_no,
  settlementNo: row.settlement_no,
  moveNo: row.move_no,
  sentAt: row.sent_at,
  settledAt: row.settled_at,
  returnedFen: row.returned_fen,
  expiresAt: row.expires_at,
  reason: row.reason,
  createdAt: row.created_at,
})

const toReturn = (row: ReturnRow): ReturnOrder => ({
  hospitalId: row.hospital_id,
  refundNo: row.refund_no,
  orderNo: row.order_no,
  refundId: row.refund_id,
  amountFen: row.amount_fen,
  status: row.status,
  returnNo: row.return_no,
  returnedAt: row.returned_at,
  moveNo: row.move_no,
  reason: row.reason,
  sentAt: row.sent_at,
})

const toRefund = (row: RefundRow): CoverageRefund => ({
  hospitalId: row.hospital_id,
  id: row.id,
  planId: row.plan_id,
  status: row.status,
  refundNo: row.refund_no,
  rechargeNo: row.recharge_no,
  leftFen: row.left_fen,
  inParts: row.in_parts,
  reason: row.reason,
  requestedAt: row.requested_at,
})
