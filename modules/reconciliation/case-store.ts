import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { CaseId } from './day.ts'
import { reconciliationErrors } from './errors.ts'
import type { ReconciliationTables } from './tables.ts'
import type { CaseClass, CaseNote, WorkCase } from './work-case.ts'

// Cases and their notes: the one place that writes these tables.

type CaseRow = Selectable<ReconciliationTables['reconciliation.work_case']>

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

/** Opens the case, or finds the one that is open about the same. True when it is new. */
export async function openOnce(
  tx: Tx,
  hospitalId: HospitalId,
  wanted: WorkCase,
): Promise<{ id: CaseId; isNew: boolean }> {
  // Whoever opens the same case at the same moment waits here, and finds it.
  const { rows } = await sql<{ id: CaseId }>`
    insert into reconciliation.work_case
      (hospital_id, id, class, subject, business_date, source, amount_fen, reason, status, owner,
        due_at, remind_at, resolution, opened_at, resolved_at)
    values (${hospitalId}, ${wanted.id}, ${wanted.class}, ${wanted.subject}, ${wanted.businessDate},
      ${wanted.source}, ${wanted.amountFen}, ${wanted.reason}, 'open', ${wanted.owner},
      ${wanted.dueAt}, ${wanted.dueAt}, null, ${wanted.openedAt}, null)
    on conflict (hospital_id, subject, class) where status = 'open' do nothing
    returning id`.execute(tx)
  const [added] = rows
  if (added) return { id: added.id, isNew: true }
  const known = await findOpenCase(tx, hospitalId, wanted.subject, wanted.class)
  if (!known) throw reconciliationErrors.case_not_found({ subject: wanted.subject })
  return { id: known.id, isNew: false }
}

export async function findOpenCase(
  tx: Tx,
  hospitalId: HospitalId,
  subject: string,
  cls: CaseClass,
): Promise<WorkCase | null> {
  const row = await tables(tx)
    .selectFrom('reconciliation.work_case')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('subject', '=', subject)
    .where('class', '=', cls)
    .where('status', '=', 'open')
    .executeTakeFirst()
  return row ? toCase(row) : null
}

const caseQuery = (tx: Tx, hospitalId: HospitalId, id: CaseId) =>
  tables(tx)
    .selectFrom('reconciliation.work_case')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)

/** Locks the case until the transaction ends. */
export async function lockCase(tx: Tx, hospitalId: HospitalId, id: CaseId): Promise<WorkCase> {
  const row = await caseQuery(tx, hospitalId, id).forUpdate().executeTakeFirst()
  if (!row) throw reconciliationErrors.case_not_found({ id })
  return toCase(row)
}

export async function findCase(
  tx: Tx,
  hospitalId: HospitalId,
  id: CaseId,
): Promise<WorkCase | null> {
  const row = await caseQuery(tx, hospitalId, id).executeTakeFirst()
  return row ? toCase(row) : null
}

export async function endCase(
  tx: Tx,
  hospitalId: HospitalId,
  id: CaseId,
  resolution: string,
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.work_case')
    .set({ status: 'resolved', resolution, resolved_at: now, remind_at: null })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

export async function giveCaseTo(
  tx: Tx,
  hospitalId: HospitalId,
  id: CaseId,
  owner: string,
): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.work_case')
    .set({ owner })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

export async function insertNote(
  tx: Tx,
  hospitalId: HospitalId,
  caseId: CaseId,
  note: CaseNote,
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.case_note')
    .values({ hospital_id: hospitalId, case_id: caseId, ...note })
    .execute()
}

const MOST_NOTES = 500

/** In the order they were written; the first five hundred. */
export async function notesOf(tx: Tx, hospitalId: HospitalId, caseId: CaseId): Promise<CaseNote[]> {
  return tables(tx)
    .selectFrom('reconciliation.case_note')
    .select(['id', 'at', 'actor', 'text'])
    .where('hospital_id', '=', hospitalId)
    .where('case_id', '=', caseId)
    .orderBy('id')
    .limit(MOST_NOTES)
    .execute()
}

export type CaseFilter = {
  status?: WorkCase['status'] | undefined
  class?: CaseClass | undefined
  /** Opened after the one, and until the other. */
  opened?: { from: Date | null; to: Date | null } | undefined
  before?: CaseId | undefined
  limit: number
}

/** Newest first; the cursor is the last id of the page before. */
export async function listCases(
  tx: Tx,
  hospitalId: HospitalId,
  filter: CaseFilter,
): Promise<WorkCase[]> {
  let query = tables(tx)
    .selectFrom('reconciliation.work_case')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.class) query = query.where('class', '=', filter.class)
  if (filter.opened?.from) query = query.where('opened_at', '>', filter.opened.from)
  if (filter.opened?.to) query = query.where('opened_at', '<=', filter.opened.to)
  if (filter.before) query = query.where('id', '<', filter.before)
  const rows = await query.orderBy('id', 'desc').limit(filter.limit).execute()
  return rows.map(toCase)
}

/** Those of one day, in the order they were opened. */
export async function casesOfDay(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
  limit: number,
): Promise<WorkCase[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.work_case')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', date)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toCase)
}

/** Of one day, those that nobody has resolved. */
export async function countOpenCases(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<number> {
  const { count } = await tables(tx)
    .selectFrom('reconciliation.work_case')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', date)
    .where('status', '=', 'open')
    .executeTakeFirstOrThrow()
  return count
}

/** Open ones that are to be told of again by now; locked, and those that another is at are left to it. */
export async function overdueCases(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
  limit: number,
): Promise<(WorkCase & { reminders: number })[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.work_case')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('remind_at', '<=', now)
    .orderBy('remind_at')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map((row) => ({ ...toCase(row), reminders: row.reminders }))
}

export async function setReminder(
  tx: Tx,
  hospitalId: HospitalId,
  id: CaseId,
  { reminders, remindAt }: { reminders: number; remindAt: Date | null },
): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.work_case')
    .set({ reminders, remind_at: remindAt })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

export async function nextReminderAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { at } = await tables(tx)
    .selectFrom('reconciliation.work_case')
    .select((eb) => eb.fn.min<Date | null>('remind_at').as('at'))
    .where('hospital_id', '=', hospitalId)
    .where('remind_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return at
}

const toCase = (row: CaseRow): WorkCase => ({
  id: row.id,
  class: row.class,
  subject: row.subject,
  businessDate: row.business_date,
  source: row.source,
  amountFen: row.amount_fen,
  reason: row.reason,
  status: row.status,
  owner: row.owner,
  dueAt: row.due_at,
  resolution: row.resolution,
  openedAt: row.opened_at,
  resolvedAt: row.resolved_at,
})
