import type { HospitalId, Id } from '../../kernel/id.ts'
import { addDays } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { Actor } from '../../platform/principal.ts'
import type { SessionId } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { numberOf } from './his-store.ts'
import {
  equalSessions,
  findSession,
  type SessionRow,
  setSlot,
  stopSession,
} from './session-store.ts'
import { decideStop, insertStop, lockStop, type StopRow } from './stop-store.ts'
import { impactOf } from './stop.ts'
import { lockLiveOfSession, makeDue } from './store.ts'

const OFFER_DAYS = 7
const MOST_EQUAL = 50

export type NewStop = {
  id: Id<'Stop'>
  hospitalId: HospitalId
  sessionId: SessionId
  reason: string
}

/**
 * Says what it would be to stop a session, and keeps it for a second person; nobody hears of it yet.
 * Errors: session_not_found, session_stopped, not_the_hubs, stop_proposed_already.
 */
export async function proposeStop(
  context: BookingContext,
  { id, hospitalId, sessionId, reason }: NewStop,
  actor: Actor,
): Promise<StopRow> {
  const { db, clock, audit } = context
  const now = clock.now()
  return inHospital(db, hospitalId, async (tx) => {
    const known = await lockStop(tx, hospitalId, id)
    if (known) return known
    const session = await findSession(tx, { hospitalId, sessionId })
    if (!session) throw bookingErrors.session_not_found({ id: sessionId })
    if (session.origin === 'his') throw bookingErrors.not_the_hubs()
    if (session.status === 'stopped') throw bookingErrors.session_stopped()
    const impact = await impactNow(tx, session, now)
    const inserted = await insertStop(tx, {
      hospital_id: hospitalId,
      id,
      session_id: sessionId,
      slot_number: null,
      reason,
      status: 'proposed',
      impact: JSON.stringify(impact),
      proposed_by: actor.name,
      proposed_at: now,
      decided_by: null,
      decided_at: null,
    })
    if (!inserted) throw bookingErrors.stop_proposed_already()
    const detail = { session: sessionId, booked: impact.booked, refundFen: impact.refundFen }
    const subject = `stop:${id}`
    await audit(tx, hospitalId, actor, { action: 'booking.propose_stop', subject, detail })
    return (await lockStop(tx, hospitalId, id)) as StopRow
  })
}

export async function impactNow(tx: Tx, session: SessionRow, now: Date) {
  const { hospital_id, id } = session
  const affected = await lockLiveOfSession(tx, hospital_id, id, null)
  return impactOf(affected, await equalTo(tx, session, now))
}

const MOST_OFFERS = 3

/** The sessions that each is offered in place of one, the nearest first. */
export async function offersFor(tx: Tx, session: SessionRow, now: Date) {
  return (await equalTo(tx, session, now)).slice(0, MOST_OFFERS)
}

/** Sessions that may be offered in place of one. */
function equalTo(tx: Tx, session: SessionRow, now: Date) {
  const { business_date } = session
  const days = { from: addDays(business_date, -OFFER_DAYS), to: addDays(business_date, OFFER_DAYS) }
  return equalSessions(tx, session, days, now, MOST_EQUAL)
}

/**
 * Another person carries it out, or declines. From that moment no number is sold; the people are told one by one, by
 * whoever works off what is due. Errors: stop_not_found, stop_decided, stop_by_same_person.
 */
export async function decideOnStop(
  context: BookingContext,
  { hospitalId, id }: { hospitalId: HospitalId; id: Id<'Stop'> },
  agrees: boolean,
  actor: Actor,
): Promise<StopRow> {
  const { db, clock, audit } = context
  const now = clock.now()
  return inHospital(db, hospitalId, async (tx) => {
    const stop = await lockStop(tx, hospitalId, id)
    if (!stop) throw bookingErrors.stop_not_found({ id })
    if (stop.proposed_by === actor.name) throw bookingErrors.stop_by_same_person()
    const status = agrees ? 'carried_out' : 'declined'
    if (stop.status !== 'proposed') {
      if (stop.status === status && stop.decided_by === actor.name) return stop
      throw bookingErrors.stop_decided({ status: stop.status })
    }
    const decided = await decideStop(tx, stop, { status, by: actor.name, at: now })
    if (agrees) await shut(tx, decided, now)
    const subject = `stop:${id}`
    await audit(tx, hospitalId, actor, { action: 'booking.decide_stop', subject, outcome: status })
    return decided
  })
}

async function shut(
  tx: Tx,
  { hospital_id: hospitalId, session_id: sessionId }: StopRow,
  now: Date,
) {
  await stopSession(tx, { hospitalId, sessionId })
  await makeDue(tx, hospitalId, { sessionId, slotNumber: null }, now)
}

/** A clinic, or one number of it, of which the hospital's system tells that it does not take place. Heard twice, it is one. */
export async function onNotice(
  context: BookingContext,
  { hospitalId, kind, about, noticeNo }: Events['hospitals.notice_heard'],
  sessionOf: (scheduleNo: string) => Promise<SessionRow | null>,
): Promise<void> {
  if (kind !== 'schedule.stopped') return
  const { scheduleNo, slotNo, reason } = about as Told
  const session = await sessionOf(scheduleNo)
  if (!session) return
  const { db, clock, newId, audit } = context
  const by = { name: `his:${hospitalId}`, requestId: null }
  const now = clock.now()
  await inHospital(db, hospitalId, async (tx) => {
    const slotNumber = slotNo === null ? null : await numberOf(tx, session, slotNo)
    if (slotNo !== null && slotNumber === null) return
    const impact = await impactNow(tx, session, now)
    await insertStop(tx, {
      hospital_id: hospitalId,
      id: newId<'Stop'>(),
      session_id: session.id,
      slot_number: slotNumber,
      reason: reason === '' ? noticeNo : reason,
      status: 'carried_out',
      impact: JSON.stringify(impact),
      proposed_by: by.name,
      proposed_at: now,
      decided_by: by.name,
      decided_at: now,
    })
    const key = { hospitalId, sessionId: session.id }
    if (slotNumber === null) await stopSession(tx, key)
    else await setSlot(tx, { ...key, number: slotNumber }, 'stopped')
    await makeDue(tx, hospitalId, { sessionId: session.id, slotNumber }, now)
    const detail = { session: session.id, noticeNo }
    const subject = `session:${session.id}`
    await audit(tx, hospitalId, by, { action: 'booking.stopped_by_hospital', subject, detail })
  })
}

type Told = { scheduleNo: string; slotNo: string | null; reason: string }
