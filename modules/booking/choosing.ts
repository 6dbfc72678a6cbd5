import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Appointment, AppointmentId, AppointmentKey, PersonId, SessionId } from './booking.ts'
import { moneyOf } from './cancel.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { closedAs } from './holding-rules.ts'
import { lockBooker } from './person-store.ts'
import { claimFor, newHold, subjectOf } from './placing.ts'
import { findSession, setSlot, takeSlot } from './session-store.ts'
import {
  type AppointmentRow,
  findAppointment,
  insertAppointment,
  lockAppointment,
  refusedAs,
  toAppointment,
  updateAppointment,
} from './store.ts'
import { tell } from './telling.ts'

// What a person does whose paid appointment was stopped: an equal slot, or the money.

/**
 * Takes the money in place of another slot. Again, it answers the same.
 * Errors: appointment_not_found, nothing_to_choose.
 */
export async function takeMoney(
  context: BookingContext,
  key: AppointmentKey,
  personId: PersonId,
  actor: Actor,
): Promise<Appointment> {
  const now = context.clock.now()
  return inHospital(context.db, key.hospitalId, async (tx) => {
    const row = await ownStopped(tx, key, personId)
    if (row.fee === 'returning' || row.fee === 'returned') return toAppointment(row)
    if (row.fee !== 'paid') throw bookingErrors.nothing_to_choose()
    const fact = { action: 'booking.take_money', subject: subjectOf(key.id) }
    await context.audit(tx, key.hospitalId, actor, fact)
    const change = { ...moneyOf(context, row), choose_until: null, due_at: now, attempts: 0 }
    return toAppointment(await updateAppointment(tx, row, change, now))
  })
}

/**
 * Goes over to a slot of an equal session, the fee with it. Again, under the same id, it answers the same.
 * Errors: nothing_to_choose, fee_differs, sold_out, same_hour, one_a_department.
 */
export async function moveTo(
  context: BookingContext,
  { key, personId, newId, sessionId }: Move,
  actor: Actor,
): Promise<Appointment> {
  const { hospitalId } = key
  const rules = await context.rulesOf(hospitalId)
  const now = context.clock.now()
  return inHospital(context.db, hospitalId, async (tx) => {
    const known = await findAppointment(tx, { hospitalId, id: newId })
    if (known) return toAppointment(known)
    const row = await ownStopped(tx, key, personId)
    const mayChoose = row.fee === 'paid' && row.choose_until !== null && now < row.choose_until
    if (!mayChoose) throw bookingErrors.nothing_to_choose()
    const session = await findSession(tx, { hospitalId, sessionId })
    if (!session) throw bookingErrors.session_not_found({ id: sessionId })
    const closed = closedAs(session, now)
    if (closed) throw closed
    const isEqual =
      session.fee_fen === row.fee_fen && session.department_code === row.department_code
    if (!isEqual) throw bookingErrors.fee_differs()
    const wish = { number: null, source: 'online', now, waiting: true } as const
    const slot = await takeSlot(tx, { hospitalId, sessionId }, wish)
    if (!slot) throw bookingErrors.sold_out()
    await lockBooker(tx, personId, now)
    const held = newHold(
      context,
      rules,
      { hospitalId, id: newId, personId, sessionId, slotNumber: slot.number, source: 'online' },
      { session, slot, feeFen: row.fee_fen, actor },
    )
    const moved: AppointmentRow = {
      ...held,
      ...moneyCarried(row),
      status: 'booked',
      expires_at: null,
      due_at: null,
    }
    await insertAppointment(tx, moved)
    await claimFor(context, tx, moved)
    await setSlot(tx, { hospitalId, sessionId, number: slot.number }, 'taken')
    const left = { fee: 'moved', moved_to: newId, choose_until: null, due_at: null } as const
    await updateAppointment(tx, row, left, now)
    const detail = { to: newId, session: sessionId }
    const fact = { action: 'booking.move', subject: subjectOf(key.id), detail }
    await context.audit(tx, hospitalId, actor, fact)
    await tell(context, tx, moved, 'booked', { startsAt: moved.starts_at.toISOString() })
    return toAppointment(moved)
  }).catch((error: unknown) => {
    if (refusedAs(error) === 'department') throw bookingErrors.one_a_department()
    throw error
  })
}

const moneyCarried = ({
  fee,
  bill_no,
  bill_version,
  payment_id,
  payment_no,
  patient_no,
}: AppointmentRow) => ({ fee, bill_no, bill_version, payment_id, payment_no, patient_no })

async function ownStopped(
  tx: Tx,
  key: AppointmentKey,
  personId: PersonId,
): Promise<AppointmentRow> {
  const row = await lockAppointment(tx, key)
  if (row?.person_id !== personId) throw bookingErrors.appointment_not_found({ id: key.id })
  if (row.status !== 'stopped') throw bookingErrors.nothing_to_choose({ status: row.status })
  return row
}

type Move = {
  key: AppointmentKey
  personId: PersonId
  /** The id of the appointment that takes its place. */
  newId: AppointmentId
  sessionId: SessionId
}
