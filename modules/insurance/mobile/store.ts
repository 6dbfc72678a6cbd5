import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { Tx } from '../../../platform/db.ts'
import type { InsuranceTables } from '../tables.ts'
import type { MobileStatus } from './status.ts'

// The one place that reads or writes orders of mobile payment.

/** An order at the mobile platform; `version` counts its writes, so that of two at once one wins. */
export type OrderRecord = {
  hospitalId: HospitalId
  orderNo: string
  personId: Id<'Person'>
  status: MobileStatus
  batchNo: string
  totalFen: Fen
  psnNo: string | null
  insutype: string | null
  region: string | null
  payOrderId: string | null
  payToken: string | null
  amounts: { cashFen: Fen; accountFen: Fen; fundFen: Fen } | null
  refundNo: string | null
  refundAt: Date | null
  reason: string | null
  version: number
  createdAt: Date
}

const tables = (tx: Tx) => tx.withTables<InsuranceTables>()

/** Does nothing when the order is there already. */
export async function insertOrder(tx: Tx, order: OrderRecord): Promise<void> {
  await tables(tx)
    .insertInto('insurance.mobile_order')
    .values({
      hospital_id: order.hospitalId,
      order_no: order.orderNo,
      person_id: order.personId,
      batch_no: order.batchNo,
      total_fen: order.totalFen,
      created_at: order.createdAt,
      updated_at: order.createdAt,
      ...changingColumns(order),
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'order_no']).doNothing())
    .execute()
}

/** The order with its next version; null where another has written it since. */
export async function saveOrder(
  tx: Tx,
  order: OrderRecord,
  now: Date,
): Promise<OrderRecord | null> {
  const next = { ...order, version: order.version + 1 }
  const { numUpdatedRows } = await tables(tx)
    .updateTable('insurance.mobile_order')
    .set({ ...changingColumns(next), updated_at: now })
    .where('hospital_id', '=', order.hospitalId)
    .where('order_no', '=', order.orderNo)
    .where('version', '=', order.version)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? next : null
}

export async function findOrder(
  tx: Tx,
  hospitalId: HospitalId,
  orderNo: string,
): Promise<OrderRecord | null> {
  const row = await tables(tx)
    .selectFrom('insurance.mobile_order')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('order_no', '=', orderNo)
    .executeTakeFirst()
  return row ? toOrder(row) : null
}

const changingColumns = (order: OrderRecord) => ({
  status: order.status,
  psn_no: order.psnNo,
  insutype: order.insutype,
  region: order.region,
  pay_order_id: order.payOrderId,
  pay_token: order.payToken,
  cash_fen: order.amounts?.cashFen ?? null,
  account_fen: order.amounts?.accountFen ?? null,
  fund_fen: order.amounts?.fundFen ?? null,
  refund_no: order.refundNo,
  refund_at: order.refundAt,
  reason: order.reason,
  version: order.version,
})

function toOrder(row: Selectable<InsuranceTables['insurance.mobile_order']>): OrderRecord {
  const { cash_fen: cashFen, account_fen: accountFen, fund_fen: fundFen } = row
  const isPaid = cashFen !== null && accountFen !== null && fundFen !== null
  return {
    hospitalId: row.hospital_id,
    orderNo: row.order_no,
    personId: row.person_id,
    status: row.status,
    batchNo: row.batch_no,
    totalFen: row.total_fen,
    psnNo: row.psn_no,
    insutype: row.insutype,
    region: row.region,
    payOrderId: row.pay_order_id,
    payToken: row.pay_token,
    amounts: isPaid ? { cashFen, accountFen, fundFen } : null,
    refundNo: row.refund_no,
    refundAt: row.refund_at,
    reason: row.reason,
    version: row.version,
    createdAt: row.created_at,
  }
}
