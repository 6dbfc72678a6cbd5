import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Appointment, AppointmentKey } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { mayBecome } from './machine.ts'
import { subjectOf } from './placing.ts'
import { lockAppointment, toAppointment, updateAppointment } from './store.ts'

/** What the hospital says of the visit. Of its own numbers its system says so itself. */
export type VisitMark = 'checked_in' | 'finished' | 'no_show'

/**
 * Marks an appointment of the hub's own numbers. Again, it answers the same. Who cancelled in time has not missed it, and
 * who missed it cannot cancel: the row is locked, and the first word counts.
 * Errors: appointment_not_found, not_the_hubs, state_differs.
 */
export async function markAppointment(
  { db, clock, audit }: BookingContext,
  key: AppointmentKey,
  mark: VisitMark,
  actor: Actor,
): Promise<Appointment> {
  const now = clock.now()
  return inHospital(db, key.hospitalId, async (tx) => {
    const row = await lockAppointment(tx, key)
    if (!row) throw bookingErrors.appointment_not_found({ id: key.id })
    if (row.his_step !== 'none') throw bookingErrors.not_the_hubs()
    if (row.status === mark) return toAppointment(row)
    const isTooSoon = mark === 'no_show' && now < row.ends_at
    if (isTooSoon || !mayBecome(row.status, mark)) {
      throw bookingErrors.state_differs({ status: row.status })
    }
    const reason = mark === 'no_show' ? 'missed' : null
    const marked = await updateAppointment(tx, row, { status: mark, reason, due_at: null }, now)
    const fact = { action: `booking.${mark}`, subject: subjectOf(key.id) }
    await audit(tx, key.hospitalId, actor, fact)
    return toAppointment(marked)
  })
}
