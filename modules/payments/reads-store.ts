import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { PartKind } from './money.ts'
import type { PaymentId, PaymentStatus, PersonId } from './payment.ts'
import type { Refund, RefundCause, RefundId, RefundStatus } from './refund/refund.ts'
import { type RefundRow, toRefund } from './refund/store.ts'

// What lists and figures are made of: reads only.

export type PaymentFilter = {
  personId?: PersonId | undefined
  statuses?: readonly PaymentStatus[] | undefined
  /** Created on this day in Shanghai. */
  createdOn?: BusinessDate | undefined
  /** Succeeded with money that was paid on this day. */
  paidOn?: BusinessDate | undefined
  billNo?: string | undefined
  /** It, or a refund of it, is on its way and does not get on without a person. */
  attention?: boolean | undefined
  /** Money of these was taken and is neither the hospital's nor given back. */
  inTransit?: boolean | undefined
  before?: PaymentId | undefined
  limit: number
}

/** Newest first; the cursor is the last id of the page before. */
export async function listPaymentIds(
  tx: Tx,
  hospitalId: HospitalId,
  filter: PaymentFilter,
): Promise<PaymentId[]> {
  const conditions = [sql`p.hospital_id = ${hospitalId}`]
  if (filter.personId) conditions.push(sql`p.person_id = ${filter.personId}`)
  if (filter.statuses?.length) conditions.push(sql`p.status in (${sql.join([...filter.statuses])})`)
  if (filter.createdOn) conditions.push(...onDay(sql`p.created_at`, filter.createdOn))
  if (filter.paidOn) conditions.push(...onDay(sql`p.paid_at`, filter.paidOn))
  if (filter.attention) conditions.push(needsAPerson(hospitalId))
  if (filter.before) conditions.push(sql`p.id < ${filter.before}`)
  if (filter.billNo) {
    conditions.push(sql`p.id in (select b.payment_id from payments.payment_bill b
      where b.hospital_id = ${hospitalId} and b.bill_no = ${filter.billNo})`)
  }
  if (filter.inTransit) conditions.push(inTransit(hospitalId))
  const { rows } = await sql<{ id: PaymentId }>`
    select p.id from payments.payment p where ${sql.join(conditions, sql` and `)}
    order by p.id desc limit ${filter.limit}`.execute(tx)
  return rows.map((row) => row.id)
}

const onDay = (column: ReturnType<typeof sql>, day: BusinessDate) => [
  sql`${column} >= ${instantAt(day)}`,
  sql`${column} < ${instantAt(addDays(day, 1))}`,
]

// Both as lists of ids, so that the few rows in question are found by their status and not by reading all.

const inTransit = (hospitalId: HospitalId) => sql`p.id in (
  select o.id from payments.payment o
    join payments.tender t on t.hospital_id = o.hospital_id and t.payment_id = o.id
    where o.hospital_id = ${hospitalId} and t.taken_fen > t.returned_fen
      and o.status in ('quoted', 'charging', 'settling', 'compensating', 'failed', 'closed')
  union all
  select r.payment_id from payments.refund r
    where r.hospital_id = ${hospitalId} and r.status = 'returning')`

const needsAPerson = (hospitalId: HospitalId) => sql`p.id in (
  select o.id from payments.payment o
    where o.hospital_id = ${hospitalId} and o.attention is not null
      and o.status in ('quoted', 'charging', 'settling', 'compensating')
  union all
  select r.payment_id from payments.refund r
    where r.hospital_id = ${hospitalId} and ${refundNeedsAPerson})`

export type RefundFilter = {
  statuses?: readonly RefundStatus[] | undefined
  causes?: readonly RefundCause[] | undefined
  /** Asked for on this day in Shanghai. */
  createdOn?: BusinessDate | undefined
  /** The last of its money went back on this day. */
  returnedOn?: BusinessDate | undefined
  /** Is on its way and does not get on without a person. */
  attention?: boolean | undefined
  /** Only out of the hospital's income: of payments that succeeded. */
  ofIncome?: boolean | undefined
  before?: RefundId | undefined
  limit: number
}

/** Newest first; the cursor is the last id of the page before. */
export async function listRefunds(
  tx: Tx,
  hospitalId: HospitalId,
  filter: RefundFilter,
): Promise<Refund[]> {
  const conditions = [sql`r.hospital_id = ${hospitalId}`]
  if (filter.statuses?.length) conditions.push(sql`r.status in (${sql.join([...filter.statuses])})`)
  if (filter.causes?.length) conditions.push(sql`r.cause in (${sql.join([...filter.causes])})`)
  if (filter.createdOn) conditions.push(...onDay(sql`r.created_at`, filter.createdOn))
  if (filter.returnedOn) conditions.push(...onDay(sql`r.returned_at`, filter.returnedOn))
  if (filter.attention) conditions.push(refundNeedsAPerson)
  if (filter.ofIncome) conditions.push(ofIncome)
  if (filter.before) conditions.push(sql`r.id < ${filter.before}`)
  const { rows } = await sql<RefundRow>`
    select r.* from payments.refund r where ${sql.join(conditions, sql` and `)}
    order by r.id desc limit ${filter.limit}`.execute(tx)
  return rows.map(toRefund)
}

const refundNeedsAPerson = sql`r.attention is not null
  and r.status in ('approving', 'returning', 'completing')`

// What goes back of a payment that came to nothing never was income.
const ofIncome = sql`exists (select 1 from payments.payment p
  where p.hospital_id = r.hospital_id and p.id = r.payment_id and p.status = 'succeeded')`

export type MoveRow = {
  businessDate: BusinessDate
  provider: string
  kind: 'charge' | 'return'
  part: PartKind
  ourNo: string
  providerNo: string
  amountFen: Fen
  paymentId: PaymentId
  refundId: RefundId | null
  at: Date
}

export type MoveFilter = {
  businessDate: BusinessDate
  kind?: 'charge' | 'return' | undefined
  provider?: string | undefined
  part?: PartKind | undefined
  after?: string | undefined // `${ourNo} ${part}` of the last row of the page before
  limit: number
}

/** The movements of a day, by our number. */
export async function listMoves(
  tx: Tx,
  hospitalId: HospitalId,
  filter: MoveFilter,
): Promise<MoveRow[]> {
  const conditions = [sql`hospital_id = ${hospitalId}`, sql`business_date = ${filter.businessDate}`]
  if (filter.kind) conditions.push(sql`kind = ${filter.kind}`)
  if (filter.provider) conditions.push(sql`provider = ${filter.provider}`)
  if (filter.part) conditions.push(sql`part = ${filter.part}`)
  if (filter.after) conditions.push(sql`our_no || ' ' || part > ${filter.after}`)
  const { rows } = await sql<MoveRow>`
    select business_date as "businessDate", provider, kind, part, our_no as "ourNo",
      provider_no as "providerNo", amount_fen as "amountFen", payment_id as "paymentId",
      refund_id as "refundId", at
    from payments.move where ${sql.join(conditions, sql` and `)}
    order by our_no || ' ' || part limit ${filter.limit}`.execute(tx)
  return rows
}

export type MoveTotal = {
  provider: string
  kind: 'charge' | 'return'
  part: PartKind
  count: number
  amountFen: Fen
}

export async function moveTotals(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<MoveTotal[]> {
  const { rows } = await sql<MoveTotal>`
    select provider, kind, part, count(*) as count, sum(amount_fen)::bigint as "amountFen"
    from payments.move where hospital_id = ${hospitalId} and business_date = ${businessDate}
    group by provider, kind, part order by provider, kind, part`.execute(tx)
  return rows
}

export type DayFigures = {
  /** Payments that succeeded with money paid on this day. */
  succeeded: { count: number; amountFen: Fen }
  refunded: { count: number; amountFen: Fen }
  /** Now, not of that day: taken and neither the hospital's nor given back. The amount stands in the ledger. */
  inTransit: { count: number }
  attention: { count: number }
}

export async function dayFigures(
  tx: Tx,
  hospitalId: HospitalId,
  day: BusinessDate,
): Promise<DayFigures> {
  const [from, to] = [instantAt(day), instantAt(addDays(day, 1))]
  // What came back to a payer from the hospital's income.
  const refunded = sql`from payments.refund r
    where r.hospital_id = ${hospitalId} and r.status = 'succeeded' and ${ofIncome}
      and r.returned_at >= ${from} and r.returned_at < ${to}`
  const { rows } = await sql<Record<string, number>>`
    select
      (select count(*) from payments.payment where hospital_id = ${hospitalId}
        and status = 'succeeded' and paid_at >= ${from} and paid_at < ${to}) as succeeded,
      (select coalesce(sum(total_fen), 0)::bigint from payments.payment where hospital_id = ${hospitalId}
        and status = 'succeeded' and paid_at >= ${from} and paid_at < ${to}) as "succeededFen",
      (select count(*) ${refunded}) as refunded,
      (select coalesce(sum(r.amount_fen), 0)::bigint ${refunded}) as "refundedFen",
      (select count(*) from payments.payment p where p.hospital_id = ${hospitalId}
        and ${inTransit(hospitalId)}) as "inTransit",
      (select count(*) from payments.payment p where p.hospital_id = ${hospitalId}
        and ${needsAPerson(hospitalId)}) as attention`.execute(tx)
  const row = rows[0] ?? {}
  const pair = (name: string, fenName: string) => ({
    count: row[name] ?? 0,
    amountFen: (row[fenName] ?? 0) as Fen,
  })
  return {
    succeeded: pair('succeeded', 'succeededFen'),
    refunded: pair('refunded', 'refundedFen'),
    inTransit: { count: row['inTransit'] ?? 0 },
    attention: { count: row['attention'] ?? 0 },
  }
}

/** When the hospital's first payment was begun; null before that. */
export async function firstPaymentAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { rows } = await sql<{ at: Date }>`
    select created_at as at from payments.payment where hospital_id = ${hospitalId}
    order by id limit 1`.execute(tx)
  return rows[0]?.at ?? null
}
