import { type Selectable, sql, type Updateable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { type Tx, violatedConstraint } from '../../platform/db.ts'
import type { AppointmentId } from '../booking/index.ts'
import type { PersonId } from '../identity/index.ts'
import type { LineId, LineKind } from './lines.ts'
import type { TicketId } from './queue.ts'
import { type HospitalQueueRules, USUAL_HOSPITAL_QUEUE_RULES } from './rules.ts'
import type { QueueTables } from './tables.ts'

// Lines and their tickets, and the rules of a hospital.

export type LineRow = Selectable<QueueTables['queue.line']>
export type TicketRow = Selectable<QueueTables['queue.ticket']>
export type LineKey = { hospitalId: HospitalId; id: LineId }
export type TicketKey = { hospitalId: HospitalId; id: TicketId }

/** The states of who is here still. */
const OPEN = ['waiting', 'called', 'in_service', 'passed'] as const

export async function newestRules(
  tx: Tx,
  hospitalId: HospitalId,
): Promise<{ version: number; rules: HospitalQueueRules }> {
  const row = await tx
    .withTables<QueueTables>()
    .selectFrom('queue.rule')
    .select(['version', 'content'])
    .where('hospital_id', '=', hospitalId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row
    ? { version: row.version, rules: row.content }
    : { version: 0, rules: USUAL_HOSPITAL_QUEUE_RULES }
}

/** False when that version is there. */
export async function insertRules(
  tx: Tx,
  row: Selectable<QueueTables['queue.rule']>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<QueueTables>()
    .insertInto('queue.rule')
    .values({ ...row, content: JSON.stringify(row.content) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The line of a session, or of a room's day; made where it is not there yet. */
export async function openLine(tx: Tx, row: LineRow): Promise<LineRow> {
  await tx
    .withTables<QueueTables>()
    .insertInto('queue.line')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const same = selectLines(tx, row.hospital_id)
  const found = row.session_id
    ? same.where('session_id', '=', row.session_id)
    : same
        .where('session_id', 'is', null)
        .where('business_date', '=', row.business_date)
        .where('kind', '=', row.kind)
        .where('department_code', '=', row.department_code)
        .where('doctor_code', '=', row.doctor_code)
  return found.executeTakeFirstOrThrow()
}

export async function findLine(tx: Tx, { hospitalId, id }: LineKey): Promise<LineRow | null> {
  const row = await selectLines(tx, hospitalId).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function lineOfSession(
  tx: Tx,
  hospitalId: HospitalId,
  sessionId: NonNullable<LineRow['session_id']>,
): Promise<LineRow | null> {
  const row = await selectLines(tx, hospitalId)
    .where('session_id', '=', sessionId)
    .executeTakeFirst()
  return row ?? null
}

/** All that is done in a line is done one after the other. */
export async function lockLine(tx: Tx, { hospitalId, id }: LineKey): Promise<LineRow | null> {
  const row = await selectLines(tx, hospitalId).where('id', '=', id).forUpdate().executeTakeFirst()
  return row ?? null
}

export type LineFilter = {
  date: BusinessDate
  kind?: LineKind | undefined
  departmentCode?: string | undefined
}

/** In the order of their ids. */
export async function listLines(
  tx: Tx,
  hospitalId: HospitalId,
  { date, kind, departmentCode }: LineFilter,
  { after, limit }: { after?: LineId | undefined; limit: number },
): Promise<LineRow[]> {
  let lines = selectLines(tx, hospitalId).where('business_date', '=', date)
  if (kind) lines = lines.where('kind', '=', kind)
  if (departmentCode !== undefined) lines = lines.where('department_code', '=', departmentCode)
  if (after) lines = lines.where('id', '>', after)
  return lines.orderBy('id').limit(limit).execute()
}

/** Each change of a line or of its tickets makes a revision. */
export async function changeLine(
  tx: Tx,
  { hospital_id, id }: Pick<LineRow, 'hospital_id' | 'id'>,
  changes: Updateable<QueueTables['queue.line']> = {},
): Promise<void> {
  await tx
    .withTables<QueueTables>()
    .updateTable('queue.line')
    .set({ ...changes, revision: sql`revision + 1` })
    .where('hospital_id', '=', hospital_id)
    .where('id', '=', id)
    .execute()
}

export async function revisionsOf(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly LineId[],
): Promise<Map<LineId, number>> {
  const rows = await tx
    .withTables<QueueTables>()
    .selectFrom('queue.line')
    .select(['id', 'revision'])
    .where('hospital_id', '=', hospitalId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(({ id, revision }) => [id, revision]))
}

/** Who is in a line still; the tickets of one day, of which a doctor has some hundreds. */
export const openTickets = (tx: Tx, { hospitalId, id }: LineKey): Promise<TicketRow[]> =>
  selectTickets(tx, hospitalId)
    .where('line_id', '=', id)
    .where('state', 'in', [...OPEN])
    .orderBy('number')
    .execute()

export async function findTicket(tx: Tx, { hospitalId, id }: TicketKey): Promise<TicketRow | null> {
  const row = await selectTickets(tx, hospitalId).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function ticketOfAppointment(
  tx: Tx,
  hospitalId: HospitalId,
  appointmentId: AppointmentId,
): Promise<TicketRow | null> {
  const row = await selectTickets(tx, hospitalId)
    .where('appointment_id', '=', appointmentId)
    .executeTakeFirst()
  return row ?? null
}

export async function ticketOfCall(
  tx: Tx,
  hospitalId: HospitalId,
  callId: Id<'QueueCall'>,
): Promise<TicketRow | null> {
  const row = await selectTickets(tx, hospitalId).where('call_id', '=', callId).executeTakeFirst()
  return row ?? null
}

/** What a person has or had in lines of the day, the newest first; the first fifty. */
export const ticketsOfPerson = (
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  since: Date,
): Promise<TicketRow[]> =>
  selectTickets(tx, hospitalId)
    .where('person_id', '=', personId)
    .where('checked_in_at', '>=', since)
    .orderBy('id', 'desc')
    .limit(50)
    .execute()

export async function insertTicket(tx: Tx, row: TicketRow): Promise<void> {
  await tx.withTables<QueueTables>().insertInto('queue.ticket').values(row).execute()
}

/** Whether the database refused a second ticket of the same appointment or person. */
export const isSecondTicket = (error: unknown): boolean => {
  const constraint = violatedConstraint(error)
  return constraint === 'ticket_appointment_once' || constraint === 'ticket_open_once'
}

/** Null when it is not in the state it is thought to be in. */
export async function changeTicket(
  tx: Tx,
  { hospital_id, id, state }: Pick<TicketRow, 'hospital_id' | 'id' | 'state'>,
  changes: Updateable<QueueTables['queue.ticket']>,
): Promise<TicketRow | null> {
  const row = await tx
    .withTables<QueueTables>()
    .updateTable('queue.ticket')
    .set(changes)
    .where('hospital_id', '=', hospital_id)
    .where('id', '=', id)
    .where('state', '=', state)
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}

const selectLines = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<QueueTables>()
    .selectFrom('queue.line')
    .selectAll()
    .where('hospital_id', '=', hospitalId)

const selectTickets = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<QueueTables>()
    .selectFrom('queue.ticket')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
