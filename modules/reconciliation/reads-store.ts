import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type {
  Arrival,
  Difference,
  DifferenceClass,
  DifferenceId,
  DifferenceStatus,
  ListLine,
  MoveKind,
} from './day.ts'
import { toDifference } from './difference-store.ts'
import type { ReconciliationTables } from './tables.ts'

// What lists and figures are made of: reads only.

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

export type DayEntry = {
  businessDate: BusinessDate
  status: ReconciliationTables['reconciliation.day']['status']
  closedAt: Date | null
  dueAt: Date | null
  lastError: string | null
}

/** Days from the one date to the other, both included, the newest first. */
export async function listDays(
  tx: Tx,
  hospitalId: HospitalId,
  from: BusinessDate,
  to: BusinessDate,
): Promise<DayEntry[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.day')
    .select([
      'business_date as businessDate',
      'status',
      'closed_at as closedAt',
      'due_at as dueAt',
      'last_error as lastError',
    ])
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .orderBy('business_date', 'desc')
    .execute()
  return rows
}

export type DayArrival = Pick<
  Arrival,
  'source' | 'status' | 'newestVersion' | 'receivedAt' | 'nextTryAt' | 'reason' | 'refusalCode'
> & { businessDate: BusinessDate }

export async function arrivalsBetween(
  tx: Tx,
  hospitalId: HospitalId,
  from: BusinessDate,
  to: BusinessDate,
): Promise<DayArrival[]> {
  return tables(tx)
    .selectFrom('reconciliation.arrival')
    .select([
      'business_date as businessDate',
      'source',
      'status',
      'newest_version as newestVersion',
      'received_at as receivedAt',
      'next_try_at as nextTryAt',
      'reason',
      'refusal_code as refusalCode',
    ])
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .orderBy('business_date')
    .orderBy('source')
    .execute()
}

export type DifferenceCount = {
  businessDate: BusinessDate
  source: string
  class: DifferenceClass
  kind: MoveKind
  status: DifferenceStatus
  present: boolean
  count: number
  /** Theirs less ours. */
  gapFen: Fen
  /** Of those in a case that nobody has resolved. */
  openCases: number
}

/** How many differences of each sort there are, those that are gone too. */
export async function differenceCounts(
  tx: Tx,
  hospitalId: HospitalId,
  from: BusinessDate,
  to: BusinessDate,
): Promise<DifferenceCount[]> {
  const { rows } = await sql<DifferenceCount>`
    select d.business_date as "businessDate", d.source, d.class, d.kind, d.status, d.present,
      count(*) as count, sum(d.theirs_fen - d.ours_fen)::bigint as "gapFen",
      count(*) filter (where d.status = 'in_case') as "openCases"
    from reconciliation.difference d
    where d.hospital_id = ${hospitalId}
      and d.business_date >= ${from} and d.business_date <= ${to}
    group by d.business_date, d.source, d.class, d.kind, d.status, d.present
    order by d.business_date, d.source, d.class, d.kind, d.status, d.present`.execute(tx)
  return rows
}

export type DifferenceFilter = {
  businessDate: BusinessDate
  source?: string | undefined
  class?: DifferenceClass | undefined
  kind?: MoveKind | undefined
  status?: DifferenceStatus | undefined
  /** Only those that the newest comparison shows, or only those it does not. */
  present?: boolean | undefined
  after?: DifferenceId | undefined
  limit: number
}

/** In the order they were found; the cursor is the last id of the page before. */
export async function listDifferences(
  tx: Tx,
  hospitalId: HospitalId,
  filter: DifferenceFilter,
): Promise<Difference[]> {
  let query = tables(tx)
    .selectFrom('reconciliation.difference')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', filter.businessDate)
  if (filter.source) query = query.where('source', '=', filter.source)
  if (filter.class) query = query.where('class', '=', filter.class)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.present !== undefined) query = query.where('present', '=', filter.present)
  if (filter.after) query = query.where('id', '>', filter.after)
  const rows = await query.orderBy('id').limit(filter.limit).execute()
  return rows.map(toDifference)
}

export type LineFilter = {
  businessDate: BusinessDate
  source: string
  version: number
  kind?: MoveKind | undefined
  after?: number | undefined
  limit: number
}

/** In the list's own order; the cursor is the last line's number of the page before. */
export async function listLines(
  tx: Tx,
  hospitalId: HospitalId,
  filter: LineFilter,
): Promise<(ListLine & { lineNo: number })[]> {
  let query = tables(tx)
    .selectFrom('reconciliation.line')
    .select([
      'line_no as lineNo',
      'kind',
      'our_no as ourNo',
      'provider_no as providerNo',
      'amount_fen as amountFen',
      'at',
      'basis',
      'fee_fen as feeFen',
    ])
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', filter.businessDate)
    .where('source', '=', filter.source)
    .where('version', '=', filter.version)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.after) query = query.where('line_no', '>', filter.after)
  return query.orderBy('line_no').limit(filter.limit).execute()
}
