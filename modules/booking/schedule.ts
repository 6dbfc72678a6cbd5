import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs, type BusinessDate } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Period, Session, SessionId, Source } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { releaseOf } from './rules.ts'
import {
  countedSession,
  dropFreeSlots,
  insertSession,
  insertSlots,
  lastNumber,
  lockSession,
  type SessionRow,
  type SlotRow,
  toSession,
} from './session-store.ts'

// What the staff does with sessions of the hub's own numbers.

export type NewSession = {
  id: SessionId
  hospitalId: HospitalId
  department: { code: string; name: string }
  doctor: { code: string; name: string }
  clinic: string
  location: string
  businessDate: BusinessDate
  period: Period
  startsAt: Date
  endsAt: Date
  feeFen: Fen
  total: number
  /** Numbers kept for one source until a moment; the rest is anybody's from the release on. */
  quotas: readonly { source: Source; count: number; flowsBackAt: Date | null }[]
}

/**
 * Adds a session with its numbers. Again, under the same id, it answers the same.
 * Errors: not_the_hubs, session_exists when the doctor has one in that period.
 */
export async function addSession(
  context: BookingContext,
  wish: NewSession,
  actor: Actor,
): Promise<Session> {
  const { db, clock, audit } = context
  const { hospitalId, id } = wish
  const rules = await context.rulesOf(hospitalId)
  if (rules.origin === 'his') throw bookingErrors.not_the_hubs()
  const now = clock.now()
  return inHospital(db, hospitalId, async (tx) => {
    const known = await countedSession(tx, { hospitalId, sessionId: id }, now)
    if (known) return toSession(known)
    const row = rowOf(wish, releaseOf(rules, wish.businessDate), now)
    if (!(await insertSession(tx, row))) throw bookingErrors.session_exists()
    await insertSlots(tx, slotsOf(wish, now))
    const detail = { total: wish.total, doctor: wish.doctor.code, date: wish.businessDate }
    const subject = `session:${id}`
    await audit(tx, hospitalId, actor, { action: 'booking.add_session', subject, detail })
    return sessionNow(tx, { hospitalId, sessionId: id }, now)
  })
}

async function sessionNow(
  tx: Tx,
  key: { hospitalId: HospitalId; sessionId: SessionId },
  now: Date,
): Promise<Session> {
  const row = await countedSession(tx, key, now)
  if (!row) throw bookingErrors.session_not_found({ id: key.sessionId })
  return toSession(row)
}

const rowOf = (wish: NewSession, releasesAt: Date, now: Date): SessionRow => ({
  hospital_id: wish.hospitalId,
  id: wish.id,
  origin: 'pool',
  external_no: null,
  department_code: wish.department.code,
  department_name: wish.department.name,
  doctor_code: wish.doctor.code,
  doctor_name: wish.doctor.name,
  clinic: wish.clinic,
  location: wish.location,
  business_date: wish.businessDate,
  period: wish.period,
  starts_at: wish.startsAt,
  ends_at: wish.endsAt,
  fee_fen: wish.feeFen,
  status: 'open',
  releases_at: releasesAt,
  told_total: null,
  told_left: null,
  fetched_at: null,
  created_at: now,
})

/** The time of the session in equal parts; quotas take the first numbers, in their order. */
function slotsOf(wish: NewSession, now: Date): SlotRow[] {
  const kept = wish.quotas.flatMap(({ source, count, flowsBackAt }) =>
    Array.from({ length: count }, () => ({ source, flowsBackAt })),
  )
  const partMs = Math.floor((wish.endsAt.getTime() - wish.startsAt.getTime()) / wish.total)
  return Array.from({ length: wish.total }, (_, i) => ({
    hospital_id: wish.hospitalId,
    session_id: wish.id,
    number: i + 1,
    external_no: null,
    starts_at: addMs(wish.startsAt, i * partMs),
    ends_at: i + 1 === wish.total ? wish.endsAt : addMs(wish.startsAt, (i + 1) * partMs),
    source: kept[i]?.source ?? 'any',
    flows_back_at: kept[i]?.flowsBackAt ?? null,
    status: 'free',
    available_at: now,
  }))
}

/**
 * One more number, which the doctor gives to whom they name: it is to be held as the doctor's.
 * Errors: session_not_found, session_stopped, not_the_hubs. Returns its number.
 */
export async function addSlot(
  { db, clock, audit }: BookingContext,
  key: { hospitalId: HospitalId; sessionId: SessionId },
  actor: Actor,
): Promise<number> {
  const now = clock.now()
  return inHospital(db, key.hospitalId, async (tx) => {
    const session = await ownSession(tx, key)
    const number = (await lastNumber(tx, key)) + 1
    await insertSlots(tx, [
      {
        hospital_id: key.hospitalId,
        session_id: key.sessionId,
        number,
        external_no: null,
        // After the others, so that nobody waits for one who was squeezed in.
        starts_at: addMs(session.ends_at, -1),
        ends_at: session.ends_at,
        source: 'doctor',
        flows_back_at: null,
        status: 'free',
        available_at: now,
      },
    ])
    const subject = `session:${key.sessionId}`
    const detail = { number }
    await audit(tx, key.hospitalId, actor, { action: 'booking.add_slot', subject, detail })
    return number
  })
}

/**
 * Takes so many free numbers away, the highest first. Errors: as addSlot; sold_more, with how many are free: whoever has
 * a number keeps it, and the rest is a matter of stopping.
 */
export async function shrinkSession(
  { db, clock, audit }: BookingContext,
  key: { hospitalId: HospitalId; sessionId: SessionId },
  by: number,
  actor: Actor,
): Promise<Session> {
  const now = clock.now()
  return inHospital(db, key.hospitalId, async (tx) => {
    await ownSession(tx, key)
    const dropped = await dropFreeSlots(tx, key, by)
    if (dropped < by) throw bookingErrors.sold_more({ free: dropped })
    const subject = `session:${key.sessionId}`
    await audit(tx, key.hospitalId, actor, {
      action: 'booking.shrink_session',
      subject,
      detail: { by },
    })
    return sessionNow(tx, key, now)
  })
}

async function ownSession(
  tx: Tx,
  key: { hospitalId: HospitalId; sessionId: SessionId },
): Promise<SessionRow> {
  const session = await lockSession(tx, key)
  if (!session) throw bookingErrors.session_not_found({ id: key.sessionId })
  if (session.origin === 'his') throw bookingErrors.not_the_hubs()
  if (session.status === 'stopped') throw bookingErrors.session_stopped()
  return session
}
