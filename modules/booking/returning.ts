import { randomBelow } from '../../kernel/random.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { afterCommit, type Tx } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import type { AppointmentId } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { LIVE } from './machine.ts'
import { claimHour, leaveHour, lockBooker, standingOf } from './person-store.ts'
import { feeFor, newHold } from './placing.ts'
import { type BookingRules, obstacleOf } from './rules.ts'
import {
  findSession,
  findSlot,
  giveSlotBack,
  type SessionRow,
  type SlotRow,
} from './session-store.ts'
import { type AppointmentRow, insertAppointment, listAppointments } from './store.ts'
import { tell } from './telling.ts'
import { endWaiting, nextWaiting, type WaitingRow } from './waiting-store.ts'

const BY_LIST = systemActor('waiting-list')
const MOST_ASKED = 10

/**
 * The slot of an appointment that has ended goes to the first who waits for it, or is free again at a moment that
 * nobody foresees. To be called when the row says that it has ended, in the same transaction.
 */
export async function returnSlot(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  ended: AppointmentRow,
): Promise<void> {
  const { hospital_id: hospitalId, session_id: sessionId, slot_number: number } = ended
  await leaveHour(tx, { personId: ended.person_id, appointmentId: ended.id })
  if (number === null) return
  const session = await findSession(tx, { hospitalId, sessionId })
  const slot = await findSlot(tx, { hospitalId, sessionId, number })
  if (!session || !slot) return
  if (session.origin === 'his') {
    await giveSlotBack(tx, { hospitalId, sessionId, number }, context.clock.now())
    return
  }
  if (await offerToWaiting(context, tx, rules, session, slot)) return
  await giveSlotBack(tx, { hospitalId, sessionId, number }, returnMoment(context, rules))
  afterCommit(tx, () => context.admission.forget(sessionId))
}

function returnMoment({ clock, random }: BookingContext, { returnMinutes }: BookingRules): Date {
  const { least, most } = returnMinutes
  const span = Math.max(0, most - least) * MINUTE_MS
  const drawn = span === 0 ? 0 : randomBelow(random, span + 1)
  return addMs(clock.now(), least * MINUTE_MS + drawn)
}

/** False when nobody waits who may have it. */
async function offerToWaiting(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  session: SessionRow,
  slot: SlotRow,
): Promise<boolean> {
  const now = context.clock.now()
  if (session.status !== 'open' || slot.ends_at <= now || slot.status === 'stopped') return false
  const inTurn = await nextWaiting(tx, session.hospital_id, session.id, MOST_ASKED)
  for (const waiting of inTurn) {
    const held = await holdFor(context, tx, rules, waiting, { session, slot })
    if (held) return true
  }
  return false
}

async function holdFor(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  { hospital_id: hospitalId, id, person_id: personId }: WaitingRow,
  { session, slot }: { session: SessionRow; slot: SlotRow },
): Promise<boolean> {
  const now = context.clock.now()
  await lockBooker(tx, personId, now)
  const standing = await standingOf(tx, { hospitalId, personId }, session.business_date, now)
  if (obstacleOf(rules, standing, now)) return false
  if (await hasPlaceOnDay(tx, session, personId)) return false
  const appointmentId: AppointmentId = context.newId()
  const claimed = await claimHour(tx, {
    personId,
    hospitalId,
    appointmentId,
    startsAt: slot.starts_at,
    businessDate: session.business_date,
    now,
  })
  if (!claimed) return false
  const wish = {
    hospitalId,
    id: appointmentId,
    personId,
    sessionId: session.id,
    slotNumber: slot.number,
    source: 'online' as const,
  }
  const feeFen = await feeFor(context, tx, rules, wish, session)
  const row = newHold(context, rules, wish, { session, slot, feeFen, actor: BY_LIST })
  await insertAppointment(tx, row)
  await endWaiting(tx, { hospitalId, id }, { status: 'offered', appointmentId }, now)
  await tell(context, tx, row, 'held', { expiresAt: row.expires_at?.toISOString() ?? '' })
  return true
}

async function hasPlaceOnDay(
  tx: Tx,
  session: SessionRow,
  personId: WaitingRow['person_id'],
): Promise<boolean> {
  const of = { personId, from: session.business_date }
  const own = await listAppointments(tx, session.hospital_id, of, { limit: 500 })
  return own.some(
    (row) =>
      (LIVE as readonly string[]).includes(row.status) &&
      row.business_date === session.business_date &&
      (row.department_code === session.department_code || row.session_id === session.id),
  )
}
