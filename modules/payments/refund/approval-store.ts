import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { businessDateOf, instantAt } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { paymentErrors } from '../errors.ts'
import type { PaymentId } from '../payment.ts'
import { type RefundRequestStatus, type RefundRule, USUAL_RULE } from './approval-rule.ts'
import type { RefundApprovalTables } from './approval-tables.ts'
import type { RefundId } from './refund.ts'

// Rules and requests of refunds that take two people: the one place that reads and writes them.

export type RefundRequestRow = Selectable<RefundApprovalTables['payments.refund_request']>

const tables = (tx: Tx) => tx.withTables<RefundApprovalTables>()

export async function readRefundRule(tx: Tx, hospitalId: HospitalId): Promise<RefundRule> {
  const row = await tables(tx)
    .selectFrom('payments.refund_rule')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  if (!row) return USUAL_RULE
  return {
    aboveFen: row.above_fen,
    lateAfterDays: row.late_after_days,
    mostADay: row.most_a_day,
    hisAboveFen: row.his_above_fen,
  }
}

export async function writeRefundRule(
  tx: Tx,
  hospitalId: HospitalId,
  { aboveFen, lateAfterDays, mostADay, hisAboveFen }: RefundRule,
  changed: { by: string; at: Date },
): Promise<void> {
  const values = {
    above_fen: aboveFen,
    late_after_days: lateAfterDays,
    most_a_day: mostADay,
    his_above_fen: hisAboveFen,
    updated_by: changed.by,
    updated_at: changed.at,
  }
  await tables(tx)
    .insertInto('payments.refund_rule')
    .values({ hospital_id: hospitalId, ...values })
    .onConflict((conflict) => conflict.column('hospital_id').doUpdateSet(values))
    .execute()
}

/** False when one of the same payment waits already. */
export async function insertRefundRequest(tx: Tx, row: RefundRequestRow): Promise<boolean> {
  const inserted = await tables(tx)
    .insertInto('payments.refund_request')
    .values({
      ...row,
      line_nos: JSON.stringify(row.line_nos) as never,
      why: JSON.stringify(row.why) as never,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

const requestsOf = (tx: Tx, hospitalId: HospitalId) =>
  tables(tx).selectFrom('payments.refund_request').selectAll().where('hospital_id', '=', hospitalId)

export async function findRefundRequest(
  tx: Tx,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<RefundRequestRow | null> {
  const row = await requestsOf(tx, hospitalId).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Locked until the transaction ends: two who decide take turns. */
export async function lockRefundRequest(
  tx: Tx,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<RefundRequestRow> {
  const row = await requestsOf(tx, hospitalId).where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw paymentErrors.refund_request_not_found({ id })
  return row
}

/** Newest first; the cursor is the last id of the page before. */
export function listRefundRequests(
  tx: Tx,
  hospitalId: HospitalId,
  filter: RefundRequestFilter,
): Promise<RefundRequestRow[]> {
  const { statuses, paymentId, before, limit } = filter
  return requestsOf(tx, hospitalId)
    .$if(statuses !== undefined, (query) => query.where('status', 'in', statuses ?? []))
    .$if(paymentId !== undefined, (query) => query.where('payment_id', '=', paymentId as PaymentId))
    .$if(before !== undefined, (query) => query.where('id', '<', before as RefundId))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Those that wait or were declined, of any number of payments: what a payer is shown of them. */
export function requestsOfPayments(
  tx: Tx,
  hospitalId: HospitalId,
  paymentIds: readonly PaymentId[],
) {
  return tables(tx)
    .selectFrom('payments.refund_request')
    .select(['id', 'payment_id', 'bill_no', 'line_nos', 'amount_fen', 'status', 'created_at'])
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', 'in', paymentIds)
    .where('status', 'in', ['waiting', 'declined'])
    .orderBy('id')
    .execute()
}

export type RefundRequestFilter = {
  statuses?: readonly RefundRequestStatus[] | undefined
  paymentId?: PaymentId | undefined
  before?: RefundId | undefined
  limit: number
}

export async function decideRefundRequest(
  tx: Tx,
  { hospital_id, id }: RefundRequestRow,
  decision: { status: RefundRequestStatus; by: string; note: string | null; at: Date },
): Promise<void> {
  await tables(tx)
    .updateTable('payments.refund_request')
    .set({
      status: decision.status,
      decided_by: decision.by,
      decision_note: decision.note,
      decided_at: decision.at,
    })
    .where('hospital_id', '=', hospital_id)
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .executeTakeFirstOrThrow()
}

/** What was asked for of a payment and not refused, without a second person's word: whoever asked, but the machine itself. */
export async function givenBackAlone(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<Fen> {
  const { rows } = await sql<{ sum: number | null }>`
    select sum(r.amount_fen)::bigint as sum from payments.refund r
    where r.hospital_id = ${hospitalId} and r.payment_id = ${paymentId}
      and r.cause = 'requested' and r.status <> 'refused' and r.requested_by not like 'system:%'
      and not exists (select 1 from payments.refund_request q
        where q.hospital_id = ${hospitalId} and q.id = r.id and q.status = 'approved')`.execute(tx)
  return fen(rows[0]?.sum ?? 0)
}

/** How many refunds somebody has begun on the business date of this moment. */
export async function countBegunToday(
  tx: Tx,
  hospitalId: HospitalId,
  asker: string,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from payments.refund r
    where r.hospital_id = ${hospitalId} and r.requested_by = ${asker}
      and r.created_at >= ${instantAt(businessDateOf(now))}`.execute(tx)
  return rows[0]?.n ?? 0
}
