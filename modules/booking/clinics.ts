import type { HospitalId, Id } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Appointment, AppointmentId, Page, Session, SessionId } from './booking.ts'
import {
  countBySource,
  countOutcomes,
  listAffected,
  type OutcomeCount,
  proposedStops,
  type SourceCount,
} from './clinics-store.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { countedSession, findSession, toSession } from './session-store.ts'
import { findStop, type StopRow } from './stop-store.ts'
import type { StopImpact, StoppedOutcome } from './stop.ts'
import { impactNow, offersFor } from './stops.ts'
import { toAppointment } from './store.ts'

/** A session as its hospital sees it. */
export type Clinic = {
  session: Session
  sources: SourceCount[]
  /** A stop that waits for a second person. */
  proposedStopId: Id<'Stop'> | null
}

/** With each session what is sold of it by source, and whether it is to be stopped. */
export async function clinicsOf(
  { db, clock }: BookingContext,
  hospitalId: HospitalId,
  sessions: readonly Session[],
): Promise<Clinic[]> {
  const ids = sessions.map(({ id }) => id)
  return inHospital(db, hospitalId, async (tx) => {
    const counts = await countBySource(tx, hospitalId, ids, clock.now())
    const stops = await proposedStops(tx, hospitalId, ids)
    return sessions.map((session) => ({
      session,
      sources: counts.get(session.id) ?? [],
      proposedStopId: stops.get(session.id) ?? null,
    }))
  })
}

/**
 * What it would be to stop a session, with nothing written down: how many people, how much money, and the sessions
 * that each would be offered. Errors: session_not_found, session_stopped, not_the_hubs.
 */
export async function previewStop(
  { db, clock }: BookingContext,
  key: { hospitalId: HospitalId; sessionId: SessionId },
): Promise<{ impact: StopImpact; offers: Session[] }> {
  const now = clock.now()
  return inHospital(db, key.hospitalId, async (tx) => {
    const session = await findSession(tx, key)
    if (!session) throw bookingErrors.session_not_found({ id: key.sessionId })
    if (session.origin === 'his') throw bookingErrors.not_the_hubs()
    if (session.status === 'stopped') throw bookingErrors.session_stopped()
    const offers = await offersFor(tx, session, now)
    const impact = await impactNow(tx, session, now)
    return { impact, offers: offers.map((one) => toSession(one)) }
  })
}

export type StopProgress = { stop: StopRow; session: Session; people: OutcomeCount[] }
type StopKey = { hospitalId: HospitalId; id: Id<'Stop'> }

/** A stop, its session, and how far it is with its people. Errors: stop_not_found. */
export async function stopProgress(
  { db, clock }: BookingContext,
  { hospitalId, id }: StopKey,
): Promise<StopProgress> {
  return inHospital(db, hospitalId, async (tx) => {
    const stop = await findStop(tx, hospitalId, id)
    const key = stop && { hospitalId, sessionId: stop.session_id }
    const session = key && (await countedSession(tx, key, clock.now()))
    if (!stop || !session) throw bookingErrors.stop_not_found({ id })
    return { stop, session: toSession(session), people: await countOutcomes(tx, stop) }
  })
}

/** The people of a stop, the newest first. Errors: stop_not_found. */
export async function stopPeople(
  { db }: BookingContext,
  { hospitalId, id }: StopKey,
  outcome: StoppedOutcome | null,
  { after, limit }: Page<AppointmentId>,
): Promise<{ items: Appointment[]; next: AppointmentId | null }> {
  const rows = await inHospital(db, hospitalId, async (tx) => {
    const stop = await findStop(tx, hospitalId, id)
    if (!stop) throw bookingErrors.stop_not_found({ id })
    return listAffected(tx, stop, outcome, { after, limit: limit + 1 })
  })
  const items = rows.slice(0, limit)
  return {
    items: items.map(toAppointment),
    next: rows.length > limit ? (items.at(-1)?.id ?? null) : null,
  }
}
