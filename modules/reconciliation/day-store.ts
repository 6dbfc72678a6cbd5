import { type Selectable, sql, type Updateable } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Arrival, Day } from './day.ts'
import { reconciliationErrors } from './errors.ts'
import type { ReconciliationTables } from './tables.ts'

// Days and what is expected for them: the one place that writes these tables.

type DayRow = Selectable<ReconciliationTables['reconciliation.day']>
type ArrivalRow = Selectable<ReconciliationTables['reconciliation.arrival']>

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

/** The first and the last date there is a day of; null for none. The dates between them all have one. */
export async function dayRange(
  tx: Tx,
  hospitalId: HospitalId,
): Promise<{ first: BusinessDate; last: BusinessDate } | null> {
  const { rows } = await sql<{ first: BusinessDate | null; last: BusinessDate | null }>`
    select min(business_date) as first, max(business_date) as last
    from reconciliation.day where hospital_id = ${hospitalId}`.execute(tx)
  const { first, last } = rows[0] ?? { first: null, last: null }
  return first && last ? { first, last } : null
}

/** Adds a day with what is expected for it, due at once; one that is there stays as it is. */
export async function insertDay(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  sources: readonly { source: string; firstLookAt: Date }[],
  now: Date,
): Promise<void> {
  const key = { hospital_id: hospitalId, business_date: businessDate }
  const added = await tables(tx)
    .insertInto('reconciliation.day')
    .values({
      ...key,
      status: 'open',
      due_at: now,
      in_work_until: null,
      review_at: null,
      closed_at: null,
      last_error: null,
      version: 0,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'business_date']).doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 0n)
    await expectLists(tx, hospitalId, businessDate, sources)
}

const LOOKED_BACK_DAYS = 400

/** Whoever was to give a list of a day in the year and a bit before this one. */
export async function expectedBefore(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<string[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.arrival')
    .select('source')
    .distinct()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', addDays(date, -LOOKED_BACK_DAYS))
    .where('business_date', '<', date)
    .execute()
  return rows.map(({ source }) => source)
}

/** Adds what is expected for a day; what is expected already stays as it is. */
export async function expectLists(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  sources: readonly { source: string; firstLookAt: Date }[],
): Promise<void> {
  if (sources.length === 0) return
  const key = { hospital_id: hospitalId, business_date: businessDate }
  await tables(tx)
    .insertInto('reconciliation.arrival')
    .values(
      sources.map(({ source, firstLookAt }) => ({
        ...key,
        source,
        status: 'waiting' as const,
        newest_version: 0,
        received_at: null,
        compared_version: 0,
        compared_at: null,
        compare_due: false,
        silences: 0,
        refusals: 0,
        refusal_code: null,
        reason: null,
        next_try_at: firstLookAt,
        tried_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'business_date', 'source']).doNothing(),
    )
    .execute()
}

/** Locks the day until the transaction ends: whoever changes anything about it takes turns here. */
export async function lockDay(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<Day> {
  const row = await dayQuery(tx, hospitalId, businessDate).forUpdate().executeTakeFirst()
  if (!row) throw reconciliationErrors.day_not_found({ date: businessDate })
  return toDay(row)
}

const dayQuery = (tx: Tx, hospitalId: HospitalId, businessDate: BusinessDate) =>
  tables(tx)
    .selectFrom('reconciliation.day')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)

export async function updateDay(
  tx: Tx,
  day: Day,
  changes: Updateable<ReconciliationTables['reconciliation.day']>,
  now: Date,
): Promise<Day> {
  const row = await tables(tx)
    .updateTable('reconciliation.day')
    .set({ ...changes, version: day.version + 1, updated_at: now })
    .where('hospital_id', '=', day.hospitalId)
    .where('business_date', '=', day.businessDate)
    .where('version', '=', day.version)
    .returningAll()
    .executeTakeFirst()
  assert(row, `day ${day.businessDate} was locked and is still at version ${day.version}`)
  return toDay(row)
}

/** Due dates that nobody works on, the oldest first, so that a day's neighbours are there before it. */
export async function dueDates(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
  limit: number,
): Promise<BusinessDate[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.day')
    .select('business_date')
    .where('hospital_id', '=', hospitalId)
    .where('due_at', '<=', now)
    .where((eb) => eb.or([eb('in_work_until', 'is', null), eb('in_work_until', '<=', now)]))
    .orderBy('business_date')
    .limit(limit)
    .execute()
  return rows.map((row) => row.business_date)
}

/** The earliest moment at which a day is due and free; null for none. */
export async function nextDueAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(greatest(due_at, in_work_until)) as at from reconciliation.day
    where hospital_id = ${hospitalId} and due_at is not null`.execute(tx)
  return rows[0]?.at ?? null
}

/** Has the day looked at no later than `at`. */
export async function wakeDay(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  at: Date,
): Promise<void> {
  await sql`update reconciliation.day
    set due_at = least(coalesce(due_at, ${at}), ${at}), updated_at = ${at}, version = version + 1
    where hospital_id = ${hospitalId} and business_date = ${businessDate}`.execute(tx)
}

/** In the order of their names. */
export async function arrivalsOf(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<Arrival[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.arrival')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .orderBy('source')
    .execute()
  return rows.map(toArrival)
}

export async function findArrival(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<Arrival | null> {
  const arrivals = await arrivalsOf(tx, hospitalId, businessDate)
  return arrivals.find((arrival) => arrival.source === source) ?? null
}

export async function updateArrival(
  tx: Tx,
  { hospitalId, businessDate }: Pick<Day, 'hospitalId' | 'businessDate'>,
  source: string,
  changes: Updateable<ReconciliationTables['reconciliation.arrival']>,
): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.arrival')
    .set(changes)
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .where('source', '=', source)
    .execute()
}

/** Has all lists of the day asked for again. */
export async function readAnew(tx: Tx, day: Day, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.arrival')
    .set({ next_try_at: now, silences: 0, refusals: 0 })
    .where('hospital_id', '=', day.hospitalId)
    .where('business_date', '=', day.businessDate)
    .execute()
}

/** Dates next to this one with a list of the source in which something is not settled. */
export async function unsettledNeighbours(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<BusinessDate[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.difference')
    .select('business_date')
    .distinct()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', 'in', [addDays(businessDate, -1), addDays(businessDate, 1)])
    .where('source', '=', source)
    .where('status', 'in', ['found', 'repairing', 'in_case'])
    .execute()
  return rows.map((row) => row.business_date)
}

const toDay = (row: DayRow): Day => ({
  hospitalId: row.hospital_id,
  businessDate: row.business_date,
  status: row.status,
  dueAt: row.due_at,
  inWorkUntil: row.in_work_until,
  reviewAt: row.review_at,
  closedAt: row.closed_at,
  lastError: row.last_error,
  version: row.version,
})

const toArrival = (row: ArrivalRow): Arrival => ({
  source: row.source,
  status: row.status,
  newestVersion: row.newest_version,
  receivedAt: row.received_at,
  comparedVersion: row.compared_version,
  comparedAt: row.compared_at,
  compareDue: row.compare_due,
  silences: row.silences,
  refusals: row.refusals,
  refusalCode: row.refusal_code,
  reason: row.reason,
  nextTryAt: row.next_try_at,
})
