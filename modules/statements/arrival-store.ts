import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Moments } from './intake/timetable.ts'
import type { Arrival, Schedule, StatementFileId } from './statement-file.ts'
import type { StatementTables } from './tables.ts'

// What is expected, and what came of it: the one place that reads and writes schedules and arrivals.

const tables = (tx: Tx) => tx.withTables<StatementTables>()

export async function saveSchedule(
  tx: Tx,
  hospitalId: HospitalId,
  schedule: Schedule,
  now: Date,
): Promise<void> {
  const values = {
    layout: schedule.layout,
    account: schedule.account,
    name_pattern: schedule.namePattern,
    first_date: schedule.firstDate,
    day_offset: schedule.dayOffset,
    expected_at: schedule.expectedAt,
    late_at: schedule.lateAt,
    missing_at: schedule.missingAt,
    calendar: schedule.calendar,
    days_off: JSON.stringify(schedule.daysOff),
    days_on: JSON.stringify(schedule.daysOn),
    is_active: schedule.isActive,
    changed_at: now,
  }
  await tables(tx)
    .insertInto('statements.schedule')
    .values({ hospital_id: hospitalId, source: schedule.source, ...values })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'source']).doUpdateSet(values))
    .execute()
}

export async function listSchedules(tx: Tx, hospitalId: HospitalId): Promise<Schedule[]> {
  const rows = await tables(tx)
    .selectFrom('statements.schedule')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('source')
    .execute()
  return rows.map(toSchedule)
}

export async function findSchedule(
  tx: Tx,
  hospitalId: HospitalId,
  source: string,
): Promise<Schedule | null> {
  return (await listSchedules(tx, hospitalId)).find((one) => one.source === source) ?? null
}

const toSchedule = (row: Selectable<StatementTables['statements.schedule']>): Schedule => ({
  source: row.source,
  layout: row.layout,
  account: row.account,
  namePattern: row.name_pattern,
  firstDate: row.first_date,
  dayOffset: row.day_offset,
  expectedAt: row.expected_at.slice(0, 5),
  lateAt: row.late_at.slice(0, 5),
  missingAt: row.missing_at.slice(0, 5),
  calendar: row.calendar,
  daysOff: row.days_off,
  daysOn: row.days_on,
  isActive: row.is_active,
})

type Key = { hospitalId: HospitalId; source: string; businessDate: BusinessDate }

/** Once per date: a date that is there is left alone. */
export async function addArrival(
  tx: Tx,
  { hospitalId, source, businessDate }: Key,
  moments: Moments,
  now: Date,
): Promise<void> {
  await tables(tx)
    .insertInto('statements.arrival')
    .values({
      hospital_id: hospitalId,
      source,
      business_date: businessDate,
      state: 'waiting',
      alarm: 'none',
      expected_at: moments.expectedAt,
      late_at: moments.lateAt,
      missing_at: moments.missingAt,
      due_at: now,
      next_try_at: now,
      tries: 0,
      last_error: null,
      file_id: null,
      changed_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'source', 'business_date']).doNothing(),
    )
    .execute()
}

export async function lastArrivalDate(
  tx: Tx,
  hospitalId: HospitalId,
  source: string,
): Promise<BusinessDate | null> {
  const row = await tables(tx)
    .selectFrom('statements.arrival')
    .select('business_date')
    .where('hospital_id', '=', hospitalId)
    .where('source', '=', source)
    .orderBy('business_date', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.business_date ?? null
}

/** Locked until the transaction ends: whoever takes a list of this day waits. */
export async function lockArrival(
  tx: Tx,
  { hospitalId, source, businessDate }: Key,
): Promise<Arrival | null> {
  const row = await tables(tx)
    .selectFrom('statements.arrival')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('source', '=', source)
    .where('business_date', '=', businessDate)
    .forUpdate()
    .executeTakeFirst()
  return row ? toArrival(row) : null
}

type ArrivalChange = Partial<{
  state: Arrival['state']
  alarm: Arrival['alarm']
  due_at: Date | null
  next_try_at: Date | null
  tries: number
  last_error: string | null
  file_id: StatementFileId | null
}>

export async function changeArrival(
  tx: Tx,
  { hospitalId, source, businessDate }: Key,
  change: ArrivalChange,
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('statements.arrival')
    .set({ ...change, changed_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('source', '=', source)
    .where('business_date', '=', businessDate)
    .executeTakeFirstOrThrow()
}

/** Those to be looked at, the longest due first. */
export async function dueArrivals(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
  limit: number,
): Promise<Arrival[]> {
  const rows = await tables(tx)
    .selectFrom('statements.arrival')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map(toArrival)
}

export async function nextDueAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const row = await tables(tx)
    .selectFrom('statements.arrival')
    .select(sql<Date | null>`min(due_at)`.as('due_at'))
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  return row?.due_at ?? null
}

export async function listArrivals(
  tx: Tx,
  hospitalId: HospitalId,
  from: BusinessDate,
  to: BusinessDate,
): Promise<Arrival[]> {
  const rows = await tables(tx)
    .selectFrom('statements.arrival')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .orderBy('business_date')
    .orderBy('source')
    .execute()
  return rows.map(toArrival)
}

const toArrival = (row: Selectable<StatementTables['statements.arrival']>): Arrival => ({
  source: row.source,
  businessDate: row.business_date,
  state: row.state,
  alarm: row.alarm,
  expectedAt: row.expected_at,
  lateAt: row.late_at,
  missingAt: row.missing_at,
  tries: row.tries,
  lastError: row.last_error,
  fileId: row.file_id,
})
