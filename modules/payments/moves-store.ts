import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Payment, PaymentId, Tender } from './payment.ts'
import type { Move } from './provider.ts'
import type { RefundId } from './refund/refund.ts'
import type { PaymentTables } from './tables.ts'

// Movements of money: the one place that writes and reads this table.

const tables = (tx: Tx) => tx.withTables<PaymentTables>()

/** False when this move is written down already. */
export async function insertMove(
  tx: Tx,
  payment: Payment,
  tender: Tender,
  move: Move,
  refundId: RefundId | null,
  now: Date,
): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('payments.move')
    .values(
      move.parts.map((part) => ({
        hospital_id: payment.hospitalId,
        business_date: businessDateOf(move.at),
        provider: tender.provider,
        kind: move.kind,
        our_no: move.ourNo,
        part: part.kind,
        provider_no: move.providerNo,
        amount_fen: part.amountFen,
        payment_id: payment.id,
        tender_no: tender.tenderNo,
        refund_id: refundId,
        at: move.at,
        recorded_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'provider', 'kind', 'our_no', 'part']).doNothing(),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows !== 0n
}

export type RecordedMove = Move & {
  provider: string
  paymentId: PaymentId
  tenderNo: number
  refundId: RefundId | null
  businessDate: BusinessDate
}

/** Every move of one provider on one business date, parts gathered, in order of our number. */
export async function movesOfDay(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  provider: string,
): Promise<RecordedMove[]> {
  const rows = await tables(tx)
    .selectFrom('payments.move')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .where('provider', '=', provider)
    .orderBy('our_no')
    .orderBy('kind')
    .orderBy('part')
    .execute()
  return gather(rows)
}

/** What each provider took, by business date; both days with them. */
export async function chargesByDay(
  tx: Tx,
  hospitalId: HospitalId,
  from: BusinessDate,
  to: BusinessDate,
): Promise<{ channel: string; businessDate: BusinessDate; count: number; amountFen: Fen }[]> {
  const { rows } = await sql<{
    channel: string
    businessDate: BusinessDate
    count: number
    amountFen: Fen
  }>`select provider as channel, business_date as "businessDate",
      count(distinct our_no) as count, sum(amount_fen) as "amountFen"
    from payments.move
    where hospital_id = ${hospitalId} and kind = 'charge'
      and business_date between ${from} and ${to}
    group by provider, business_date order by business_date, provider`.execute(tx)
  return rows
}

export async function movesOfPayment(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<RecordedMove[]> {
  const rows = await tables(tx)
    .selectFrom('payments.move')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .orderBy('at')
    .orderBy('our_no')
    .orderBy('kind')
    .orderBy('part')
    .execute()
  return gather(rows)
}

function gather(rows: PaymentTables['payments.move'][]): RecordedMove[] {
  const moves = new Map<string, RecordedMove & { parts: Move['parts'][number][] }>()
  for (const row of rows) {
    const key = `${row.provider} ${row.kind} ${row.our_no}`
    const part = { kind: row.part, amountFen: row.amount_fen }
    const known = moves.get(key)
    if (known) known.parts.push(part)
    else moves.set(key, { ...toMove(row), parts: [part] })
  }
  return [...moves.values()]
}

const toMove = (row: PaymentTables['payments.move']) => ({
  kind: row.kind,
  ourNo: row.our_no,
  providerNo: row.provider_no,
  at: row.at,
  provider: row.provider,
  paymentId: row.payment_id,
  tenderNo: row.tender_no,
  refundId: row.refund_id,
  businessDate: row.business_date,
})
