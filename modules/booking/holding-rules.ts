import type { AppError } from '../../kernel/error.ts'
import type { HoldWish } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import type { SessionRow } from './session-store.ts'
import type { AppointmentRow } from './store.ts'

// What is asked of every hold, whoever keeps the numbers.

/** Errors: not_online_here. */
export async function checkOnline(
  { isOnline }: BookingContext,
  { hospital_id, department_code, department_name }: SessionRow,
): Promise<void> {
  const online = (await isOnline?.(hospital_id, department_code)) ?? true
  if (!online) throw bookingErrors.not_online_here({ department: department_name })
}

/** The hold that was made for the same wish. Errors: hold_differs, hold_expired. */
export function repeatOf(known: AppointmentRow, wish: HoldWish): AppointmentRow {
  const isSame =
    known.person_id === wish.personId &&
    known.session_id === wish.sessionId &&
    (wish.slotNumber === null || known.slot_number === wish.slotNumber)
  if (!isSame) throw bookingErrors.hold_differs()
  if (known.status === 'held' || known.status === 'booked') return known
  throw bookingErrors.hold_expired({ status: known.status })
}

/** Why nothing of a session can be had; null while it can. */
export function closedAs(session: SessionRow, now: Date): AppError | null {
  if (session.status === 'stopped') return bookingErrors.session_stopped()
  if (now >= session.ends_at) return bookingErrors.session_over()
  if (now >= session.releases_at) return null
  return bookingErrors.not_released({ at: session.releases_at.toISOString() })
}
