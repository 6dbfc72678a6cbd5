import { type RawBuilder, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { BatchKey, BatchRow, BatchVersionRow } from './batch-store.ts'
import type { AllocationRow, ReceiptKey, ReceiptRow } from './receipt-store.ts'
import type { BatchStatus, SettlementTables } from './tables.ts'

// What people look at: batches by any of their marks, and added up. It writes nothing.

/** `open`: money is still to come, or nobody knows how much. */
export type PayoutFilter = {
  provider?: string | undefined
  status?: BatchStatus | 'open' | undefined
  from?: BusinessDate | undefined
  to?: BusinessDate | undefined
  expectedOn?: BusinessDate | undefined
}

export type PayoutPage = {
  order: 'due' | 'date'
  after: { provider: string; date: BusinessDate } | null
  limit: number
}

export type PayoutRow = BatchRow & { charge_fen: Fen; return_fen: Fen }

/** By due date, the first expected first and those without a contract last; or by date, the newest first. */
export async function payoutsBy(
  tx: Tx,
  hospitalId: HospitalId,
  filter: PayoutFilter,
  { order, after, limit }: PayoutPage,
): Promise<PayoutRow[]> {
  const { rows } = await sql<PayoutRow>`
    select b.*, (v.figures->>'chargeFen')::bigint as charge_fen,
      (v.figures->>'returnFen')::bigint as return_fen
    from ${JOINED}
    where ${passes(hospitalId, filter)} and ${comesAfter(hospitalId, order, after)}
    order by ${
      order === 'due'
        ? sql`coalesce(b.expected_on, 'infinity'), b.provider, b.business_date`
        : sql`b.business_date desc, b.provider desc`
    }
    limit ${limit}`.execute(tx)
  return rows
}

export type PayoutSum = {
  count: number
  chargeFen: Fen
  returnFen: Fen
  feeFen: Fen
  payoutFen: Fen
  receivedFen: Fen
}

/** Of all that pass, on whatever page. */
export async function sumOfPayouts(
  tx: Tx,
  hospitalId: HospitalId,
  filter: PayoutFilter,
): Promise<PayoutSum> {
  const { rows } = await sql<PayoutSum>`
    select count(*) as count,
      coalesce(sum((v.figures->>'chargeFen')::bigint), 0) as "chargeFen",
      coalesce(sum((v.figures->>'returnFen')::bigint), 0) as "returnFen",
      coalesce(sum(b.fee_fen), 0) as "feeFen", coalesce(sum(b.payout_fen), 0) as "payoutFen",
      coalesce(sum(b.received_fen), 0) as "receivedFen"
    from ${JOINED} where ${passes(hospitalId, filter)}`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('sums are one row')
  return row
}

const JOINED = sql`settlement.batch b join settlement.batch_version v
  on v.hospital_id = b.hospital_id and v.provider = b.provider
  and v.business_date = b.business_date and v.version = b.version`

const OPEN: readonly BatchStatus[] = ['no_contract', 'expected', 'short', 'late']

function passes(
  hospitalId: HospitalId,
  { provider, status, from, to, expectedOn }: PayoutFilter,
): RawBuilder<boolean> {
  const statuses = status === 'open' ? OPEN : status === undefined ? null : [status]
  const conditions = [
    sql`b.hospital_id = ${hospitalId}`,
    ...(provider === undefined ? [] : [sql`b.provider = ${provider}`]),
    ...(statuses === null ? [] : [sql`b.status = any(${statuses}::text[])`]),
    ...(from === undefined ? [] : [sql`b.business_date >= ${from}`]),
    ...(to === undefined ? [] : [sql`b.business_date <= ${to}`]),
    ...(expectedOn === undefined ? [] : [sql`b.expected_on = ${expectedOn}`]),
  ]
  return sql<boolean>`${sql.join(conditions, sql` and `)}`
}

/** One that is not there is followed by nothing: it was never on a page. */
function comesAfter(
  hospitalId: HospitalId,
  order: PayoutPage['order'],
  after: PayoutPage['after'],
): RawBuilder<boolean> {
  if (after === null) return sql<boolean>`true`
  const { provider, date } = after
  if (order === 'date') {
    return sql<boolean>`(b.business_date, b.provider) < (${date}::date, ${provider})`
  }
  return sql<boolean>`(coalesce(b.expected_on, 'infinity'), b.provider, b.business_date) >
    (select coalesce(l.expected_on, 'infinity'), l.provider, l.business_date
      from settlement.batch l where l.hospital_id = ${hospitalId} and l.provider = ${provider}
      and l.business_date = ${date})`
}

export type ProviderStanding = {
  provider: string
  openCount: number
  openFen: Fen
  lateCount: number
  lateFen: Fen
  withoutContract: number
  overFen: Fen
  nextExpectedOn: BusinessDate | null
}

/** What each provider owes still, who is due first before the others. Their sums are those of the standing. */
export async function standingByProvider(
  tx: Tx,
  hospitalId: HospitalId,
): Promise<ProviderStanding[]> {
  const { rows } = await sql<ProviderStanding>`
    select provider,
      count(*) filter (where payout_fen > received_fen) as "openCount",
      coalesce(sum(greatest(payout_fen - received_fen, 0)), 0) as "openFen",
      count(*) filter (where status = 'late') as "lateCount",
      coalesce(sum(greatest(payout_fen - received_fen, 0)) filter (where status = 'late'), 0)
        as "lateFen",
      count(*) filter (where status = 'no_contract') as "withoutContract",
      coalesce(sum(greatest(received_fen - payout_fen, 0)), 0) as "overFen",
      min(expected_on) filter (where payout_fen > received_fen) as "nextExpectedOn"
    from settlement.batch where hospital_id = ${hospitalId}
    group by provider
    order by min(expected_on) filter (where payout_fen > received_fen) nulls last, provider`.execute(
    tx,
  )
  return rows
}

export type PayoutDay = {
  expectedOn: BusinessDate
  provider: string
  count: number
  openFen: Fen
  payoutFen: Fen
}

/** What is expected on each of these days, by provider. */
export async function payoutDays(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<PayoutDay[]> {
  const { rows } = await sql<PayoutDay>`
    select expected_on as "expectedOn", provider, count(*) as count,
      sum(greatest(payout_fen - received_fen, 0)) as "openFen", sum(payout_fen) as "payoutFen"
    from settlement.batch
    where hospital_id = ${hospitalId} and expected_on between ${from} and ${to}
    group by expected_on, provider order by expected_on, provider`.execute(tx)
  return rows
}

const MOST_VERSIONS = 100

/** The lists that a batch was made of, the newest first. */
export const versionsOf = (
  tx: Tx,
  { hospitalId, provider, date }: BatchKey,
): Promise<BatchVersionRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.batch_version')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('business_date', '=', date)
    .orderBy('version', 'desc')
    .limit(MOST_VERSIONS)
    .execute()

export async function findReceipt(tx: Tx, key: ReceiptKey): Promise<ReceiptRow | null> {
  const row = await tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.receipt')
    .selectAll()
    .where('hospital_id', '=', key.hospitalId)
    .where('account', '=', key.account)
    .where('bank_ref', '=', key.bankRef)
    .where('variant', '=', key.variant)
    .executeTakeFirst()
  return row ?? null
}

const MOST_USES = 2_000

/** What a receipt was for, in the order in which that was found. */
export const allocationsOfReceipt = (tx: Tx, key: ReceiptKey): Promise<AllocationRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.allocation')
    .selectAll()
    .where('hospital_id', '=', key.hospitalId)
    .where('account', '=', key.account)
    .where('bank_ref', '=', key.bankRef)
    .where('variant', '=', key.variant)
    .orderBy('id')
    .limit(MOST_USES)
    .execute()
