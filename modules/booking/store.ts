import { type Selectable, sql, type Updateable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { type Tx, violatedConstraint } from '../../platform/db.ts'
import {
  type Appointment,
  type AppointmentFilter,
  type AppointmentId,
  type AppointmentKey,
  type Page,
  type PersonId,
  type SessionId,
  slotIdOf,
} from './booking.ts'
import { type BookingRules, USUAL_BOOKING_RULES } from './rules.ts'
import type { BookingTables } from './tables.ts'

// Appointments, and the rules of a hospital.

export type AppointmentRow = Selectable<BookingTables['booking.appointment']>

/** Why the database refused a second one; null for another error. */
export function refusedAs(error: unknown): 'slot' | 'session' | 'department' | null {
  const constraint = violatedConstraint(error)
  if (constraint === 'appointment_slot_once') return 'slot'
  if (constraint === 'appointment_session_once') return 'session'
  return constraint === 'appointment_department_once' ? 'department' : null
}

export async function insertAppointment(tx: Tx, row: AppointmentRow): Promise<void> {
  await tx.withTables<BookingTables>().insertInto('booking.appointment').values(row).execute()
}

export async function findAppointment(
  tx: Tx,
  { hospitalId, id }: AppointmentKey,
): Promise<AppointmentRow | null> {
  const row = await selectAppointments(tx, hospitalId).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function lockAppointment(
  tx: Tx,
  { hospitalId, id }: AppointmentKey,
): Promise<AppointmentRow | null> {
  const row = await selectAppointments(tx, hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function updateAppointment(
  tx: Tx,
  { hospital_id, id }: Pick<AppointmentRow, 'hospital_id' | 'id'>,
  changes: Updateable<BookingTables['booking.appointment']>,
  now: Date,
): Promise<AppointmentRow> {
  return tx
    .withTables<BookingTables>()
    .updateTable('booking.appointment')
    .set({ ...changes, updated_at: now })
    .where('hospital_id', '=', hospital_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The last one that had this bill: an appointment that was moved took it along. Locked. */
export async function lockByBill(
  tx: Tx,
  hospitalId: HospitalId,
  billNo: string,
): Promise<AppointmentRow | null> {
  const row = await selectAppointments(tx, hospitalId)
    .where('bill_no', '=', billNo)
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function lockByRefundNo(
  tx: Tx,
  hospitalId: HospitalId,
  refundNo: string,
): Promise<AppointmentRow | null> {
  const row = await selectAppointments(tx, hospitalId)
    .where('refund_no', '=', refundNo)
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function lockByRefund(
  tx: Tx,
  hospitalId: HospitalId,
  refundId: Id<'Refund'>,
): Promise<AppointmentRow | null> {
  const row = await selectAppointments(tx, hospitalId)
    .where('refund_id', '=', refundId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** The live ones of a session, or of one slot of it; locked in the order of their ids. */
export async function lockLiveOfSession(
  tx: Tx,
  hospitalId: HospitalId,
  sessionId: SessionId,
  slotNumber: number | null,
): Promise<AppointmentRow[]> {
  return selectAppointments(tx, hospitalId)
    .where('session_id', '=', sessionId)
    .where('status', 'in', ['held', 'booked', 'checked_in'])
    .$if(slotNumber !== null, (query) => query.where('slot_number', '=', slotNumber))
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Whether the person was seen in the department within so long. */
export async function wasSeen(
  tx: Tx,
  of: { hospitalId: HospitalId; personId: PersonId; departmentCode: string },
  since: Date,
): Promise<boolean> {
  const row = await selectAppointments(tx, of.hospitalId)
    .where('person_id', '=', of.personId)
    .where('department_code', '=', of.departmentCode)
    .where('status', 'in', ['checked_in', 'finished'])
    .where('ends_at', '>', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function listAppointments(
  tx: Tx,
  hospitalId: HospitalId,
  { sessionId, personId, status, from, createdBy }: AppointmentFilter,
  { after, limit }: Page<AppointmentId>,
): Promise<AppointmentRow[]> {
  let query = selectAppointments(tx, hospitalId)
  if (sessionId !== undefined) query = query.where('session_id', '=', sessionId)
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  if (status !== undefined) query = query.where('status', '=', status)
  if (from !== undefined) query = query.where('business_date', '>=', from)
  if (createdBy !== undefined) query = query.where('created_by', '=', createdBy)
  if (after !== undefined) query = query.where('id', '<', after)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** Whoever has a number of a session, or one slot of it, has work done on them at once. */
export async function makeDue(
  tx: Tx,
  hospitalId: HospitalId,
  { sessionId, slotNumber }: { sessionId: SessionId; slotNumber: number | null },
  now: Date,
): Promise<void> {
  await tx
    .withTables<BookingTables>()
    .updateTable('booking.appointment')
    .set({ due_at: now, attempts: 0 })
    .where('hospital_id', '=', hospitalId)
    .where('session_id', '=', sessionId)
    .where('status', 'in', ['held', 'booked', 'checked_in'])
    .$if(slotNumber !== null, (query) => query.where('slot_number', '=', slotNumber))
    .execute()
}

const BATCH = 50

/** What is due, moved on a minute, so that a worker that dies with it in hand loses it. */
export async function claimDue(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
): Promise<AppointmentRow[]> {
  const { rows } = await sql<AppointmentRow>`
    update booking.appointment t set due_at = ${addMs(now, MINUTE_MS)}, attempts = t.attempts + 1
    from (select id from booking.appointment
          where hospital_id = ${hospitalId} and due_at <= ${now}
          order by due_at limit ${BATCH} for update skip locked) due
    where t.hospital_id = ${hospitalId} and t.id = due.id
    returning t.*`.execute(tx)
  return rows
}

export async function earliestDue(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { rows } = await sql<{ due: Date | null }>`select min(due_at) as due
    from booking.appointment where hospital_id = ${hospitalId} and due_at is not null`.execute(tx)
  return rows[0]?.due ?? null
}

export async function newestRules(
  tx: Tx,
  hospitalId: HospitalId,
): Promise<{ version: number; rules: BookingRules }> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.rule')
    .select(['version', 'content'])
    .where('hospital_id', '=', hospitalId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row
    ? { version: row.version, rules: row.content }
    : { version: 0, rules: USUAL_BOOKING_RULES }
}

/** False when that version is there. */
export async function insertRules(
  tx: Tx,
  row: { hospitalId: HospitalId; version: number; rules: BookingRules; actor: string; at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BookingTables>()
    .insertInto('booking.rule')
    .values({
      hospital_id: row.hospitalId,
      version: row.version,
      content: JSON.stringify(row.rules),
      actor: row.actor,
      at: row.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

const selectAppointments = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<BookingTables>()
    .selectFrom('booking.appointment')
    .selectAll()
    .where('hospital_id', '=', hospitalId)

export const toAppointment = (row: AppointmentRow): Appointment => ({
  hospitalId: row.hospital_id,
  id: row.id,
  personId: row.person_id,
  sessionId: row.session_id,
  slotNumber: row.slot_number,
  slotId: row.slot_number === null ? null : slotIdOf(row.session_id, row.slot_number),
  businessDate: row.business_date,
  departmentCode: row.department_code,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  source: row.source,
  status: row.status,
  hisStep: row.his_step,
  feeFen: row.fee_fen,
  fee: row.fee,
  bill: billOf(row),
  paymentId: row.payment_id,
  expiresAt: row.expires_at,
  cancelUntil: row.cancel_until,
  chooseUntil: row.choose_until,
  reason: row.reason,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const billOf = ({ bill_no, bill_version }: AppointmentRow): Appointment['bill'] =>
  bill_no === null || bill_version === null ? null : { billNo: bill_no, version: bill_version }
