import type { Tx } from '../../platform/db.ts'
import type { BookingContext } from './dependencies.ts'
import { insertMessage } from './message-store.ts'
import type { AppointmentRow } from './store.ts'

/** What a person is told of an appointment. */
export type MessageKind =
  | 'held' // of the waiting list
  | 'booked'
  | 'expired'
  | 'cancelled'
  | 'stopped'
  | 'paid_too_late' // the money goes back
  | 'returned'
  | 'hospital_cancelled'

/** Tells the person and the other modules, in the transaction in which it happens. */
export async function tell(
  { clock, newId, publish }: BookingContext,
  tx: Tx,
  row: AppointmentRow,
  kind: MessageKind,
  params: Record<string, string | number> = {},
): Promise<void> {
  const { hospital_id: hospitalId, id: appointmentId, person_id: personId } = row
  await insertMessage(tx, {
    hospital_id: hospitalId,
    id: newId<'BookingMessage'>(),
    person_id: personId,
    appointment_id: appointmentId,
    kind,
    params: JSON.stringify(params),
    at: clock.now(),
  })
  await publish(tx, 'booking.changed', { hospitalId, appointmentId, kind })
}
