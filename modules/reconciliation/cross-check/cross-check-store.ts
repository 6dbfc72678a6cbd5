import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { ReconciliationTables } from '../tables.ts'

// How far cross-checks have come, and the cases they have opened: the one place that writes cross_check_day.

export type CrossCheckDay = {
  name: string
  businessDate: BusinessDate
  status: 'waiting' | 'complete' | 'failed'
  dueAt: Date | null
  runId: string | null
  /** How many the run has found; null where nothing has been compared. */
  differences: number | null
  reason: string | null
  updatedAt: Date
}

export type CrossCheckKey = { hospitalId: HospitalId; name: string; businessDate: BusinessDate }

type DayRow = Selectable<ReconciliationTables['reconciliation.cross_check_day']> & {
  differences: number | null
}

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

/** Has it looked at again; one that nobody knew of begins. */
export async function wakeCrossCheck(
  tx: Tx,
  { hospitalId, name, businessDate }: CrossCheckKey,
  now: Date,
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.cross_check_day')
    .values({
      hospital_id: hospitalId,
      name,
      business_date: businessDate,
      status: 'waiting',
      due_at: now,
      in_work_until: null,
      run_id: null,
      reason: null,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'name', 'business_date']).doUpdateSet({ due_at: now }),
    )
    .execute()
}

/** Takes the earliest that is due, until `until`; null when there is none that nobody has in hand. */
export async function claimCrossCheck(
  tx: Tx,
  hospitalId: HospitalId,
  { now, until }: { now: Date; until: Date },
): Promise<CrossCheckKey | null> {
  const { rows } = await sql<{ name: string; business_date: BusinessDate }>`
    update reconciliation.cross_check_day d set in_work_until = ${until}
    from (select name, business_date from reconciliation.cross_check_day
          where hospital_id = ${hospitalId} and due_at <= ${now}
            and (in_work_until is null or in_work_until <= ${now})
          order by business_date, name limit 1 for update skip locked) due
    where d.hospital_id = ${hospitalId} and d.name = due.name and d.business_date = due.business_date
    returning d.name, d.business_date`.execute(tx)
  const [row] = rows
  return row ? { hospitalId, name: row.name, businessDate: row.business_date } : null
}

type Outcome = {
  status: CrossCheckDay['status']
  runId?: string
  reason: string | null
  dueAt: Date | null
}

/** Lets it go. Woken since `begunAt`, it stays due. */
export async function endCrossCheck(
  tx: Tx,
  { hospitalId, name, businessDate }: CrossCheckKey,
  { status, runId, reason, dueAt }: Outcome,
  { begunAt, now }: { begunAt: Date; now: Date },
): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.cross_check_day')
    .set({
      status,
      ...(runId === undefined ? {} : { run_id: runId }),
      reason: reason === null ? null : reason.slice(0, MOST_REASON_CHARACTERS),
      in_work_until: null,
      due_at: sql<Date | null>`case when due_at > ${begunAt} then due_at else ${dueAt}::timestamptz end`,
      updated_at: now,
    })
    .where('hospital_id', '=', hospitalId)
    .where('name', '=', name)
    .where('business_date', '=', businessDate)
    .execute()
}

const MOST_REASON_CHARACTERS = 500

/** When the next is due, or is lost by whoever has it; null for none. */
export async function nextCrossCheckAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(greatest(due_at, in_work_until)) as at from reconciliation.cross_check_day
    where hospital_id = ${hospitalId} and due_at is not null`.execute(tx)
  return rows[0]?.at ?? null
}

// Of the longest range that may be asked for, with thirty cross-checks a day.
const MOST_ROWS = 2_000

/** In order of date and name. */
export async function crossChecksBetween(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<CrossCheckDay[]> {
  const { rows } = await sql<DayRow>`
    select d.*, (r.summary->>'differences')::int as differences
    from reconciliation.cross_check_day d
    left join reconciliation.matching_run r
      on r.hospital_id = d.hospital_id and r.run_id = d.run_id
    where d.hospital_id = ${hospitalId} and d.business_date between ${from} and ${to}
    order by d.business_date, d.name limit ${MOST_ROWS}`.execute(tx)
  return rows.map(toDay)
}

const toDay = (row: DayRow): CrossCheckDay => ({
  name: row.name,
  businessDate: row.business_date,
  status: row.status,
  dueAt: row.due_at,
  runId: row.run_id,
  differences: row.differences,
  reason: row.reason,
  updatedAt: row.updated_at,
})

/**
 * The numbers, as `kind number`, that a comparison of a list shows to differ already: on this date, or on the two before
 * or after it.
 */
export async function knownToDiffer(
  tx: Tx,
  hospitalId: HospitalId,
  { sources, numbers, date }: { sources: string[]; numbers: string[]; date: BusinessDate },
): Promise<Set<string>> {
  if (numbers.length === 0 || sources.length === 0) return new Set()
  const { rows } = await sql<{ kind: string; our_no: string }>`
    select distinct kind, our_no from reconciliation.difference
    where hospital_id = ${hospitalId} and source = any(${sources}::text[])
      and our_no = any(${numbers}::text[]) and present
      and business_date >= ${addDays(date, -2)} and business_date <= ${addDays(date, 2)}`.execute(
    tx,
  )
  return new Set(rows.map(({ kind, our_no }) => `${kind} ${our_no}`))
}

/** The cases that a cross-check of a date has opened. */
export async function casesOfCrossCheck(
  tx: Tx,
  hospitalId: HospitalId,
  { subjectPrefix, date }: { subjectPrefix: string; date: BusinessDate },
): Promise<CrossCheckCase[]> {
  return tables(tx)
    .selectFrom('reconciliation.work_case')
    .select(['subject', 'status', 'resolution', 'amount_fen', 'reason'])
    .where('hospital_id', '=', hospitalId)
    .where('class', '=', 'cross_check')
    .where('business_date', '=', date)
    .where(sql<boolean>`starts_with(subject, ${subjectPrefix})`)
    .orderBy('subject')
    .execute()
}

export type CrossCheckCase = Pick<
  Selectable<ReconciliationTables['reconciliation.work_case']>,
  'subject' | 'status' | 'resolution' | 'amount_fen' | 'reason'
>
