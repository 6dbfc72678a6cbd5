import type { HospitalId, Id } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { PersonId, SessionId } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { closedAs } from './holding-rules.ts'
import { findSession, isSoldOut } from './session-store.ts'
import { endWaiting, findWaiting, insertWaiting, type WaitingRow } from './waiting-store.ts'

/**
 * Waits for a number of a session that is sold out: the next that comes back is held for the first in turn, who is told.
 * Errors: session_not_found, session_stopped, session_over, not_released, not_sold_out, already_waiting, not_the_hubs.
 */
export async function wait(
  { db, clock, audit }: BookingContext,
  wish: { id: Id<'Waiting'>; hospitalId: HospitalId; sessionId: SessionId; personId: PersonId },
  actor: Actor,
): Promise<WaitingRow> {
  const { id, hospitalId, sessionId, personId } = wish
  const now = clock.now()
  return inHospital(db, hospitalId, async (tx) => {
    const known = await findWaiting(tx, hospitalId, id)
    if (known) return known
    const session = await findSession(tx, { hospitalId, sessionId })
    if (!session) throw bookingErrors.session_not_found({ id: sessionId })
    if (session.origin === 'his') throw bookingErrors.not_the_hubs()
    const closed = closedAs(session, now)
    if (closed) throw closed
    if (!(await isSoldOut(tx, { hospitalId, sessionId }, now))) throw bookingErrors.not_sold_out()
    const row: WaitingRow = {
      hospital_id: hospitalId,
      id,
      session_id: sessionId,
      person_id: personId,
      status: 'waiting',
      appointment_id: null,
      created_at: now,
      updated_at: now,
    }
    if (!(await insertWaiting(tx, row))) throw bookingErrors.already_waiting()
    const detail = { session: sessionId }
    await audit(tx, hospitalId, actor, { action: 'booking.wait', subject: `waiting:${id}`, detail })
    return row
  })
}

/** Does not wait any more. Errors: waiting_not_found, also for somebody else's. */
export async function stopWaiting(
  { db, clock, audit }: BookingContext,
  { id, hospitalId, personId }: { id: Id<'Waiting'>; hospitalId: HospitalId; personId: PersonId },
  actor: Actor,
): Promise<WaitingRow> {
  return inHospital(db, hospitalId, async (tx) => {
    const row = await findWaiting(tx, hospitalId, id)
    if (row?.person_id !== personId) throw bookingErrors.waiting_not_found({ id })
    if (await endWaiting(tx, { hospitalId, id }, { status: 'left' }, clock.now())) {
      await audit(tx, hospitalId, actor, { action: 'booking.leave', subject: `waiting:${id}` })
    }
    return (await findWaiting(tx, hospitalId, id)) ?? row
  })
}
