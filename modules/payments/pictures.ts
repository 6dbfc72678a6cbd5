import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { PaymentId } from './payment.ts'
import { requestsOfPayments } from './refund/approval-store.ts'
import { toRefund } from './refund/store.ts'
import { withWays } from './refund/ways.ts'
import { toBill, toPayment, toTender } from './store.ts'
import type { PaymentTables } from './tables.ts'
import type { PaymentPicture } from './view.ts'

/** The payments of a page, in the order given: one question to each table, however many there are. What is not there is left out. */
export async function picturesOf(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly PaymentId[],
): Promise<PaymentPicture[]> {
  if (ids.length === 0) return []
  const tables = tx.withTables<PaymentTables>()
  const payments = await tables
    .selectFrom('payments.payment')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', 'in', ids)
    .execute()
  const tenders = await tables
    .selectFrom('payments.tender')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', 'in', ids)
    .orderBy('tender_no')
    .execute()
  const bills = await tables
    .selectFrom('payments.payment_bill')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', 'in', ids)
    .orderBy('bill_no')
    .execute()
  const refunds = await tables
    .selectFrom('payments.refund')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', 'in', ids)
    .orderBy('id')
    .execute()
  const wishes = await requestsOfPayments(tx, hospitalId, ids)
  const ways = await withWays(tx, hospitalId, refunds.map(toRefund))
  const [paymentOf, tendersOf] = [new Map(payments.map((row) => [row.id, row])), byPayment(tenders)]
  const [billsOf, wishesOf] = [byPayment(bills), byPayment(wishes)]
  return ids.flatMap((id) => {
    const payment = paymentOf.get(id)
    if (!payment) return []
    return {
      payment: toPayment(payment),
      tenders: (tendersOf.get(id) ?? []).map(toTender),
      bills: (billsOf.get(id) ?? []).map(toBill),
      refunds: ways.filter(({ paymentId }) => paymentId === id),
      wishes: wishesOf.get(id) ?? [],
    }
  })
}

/** The rows of each payment, in the order they came. */
function byPayment<Row extends { payment_id: PaymentId }>(rows: readonly Row[]) {
  const groups = new Map<PaymentId, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.payment_id)
    if (group) group.push(row)
    else groups.set(row.payment_id, [row])
  }
  return groups
}
