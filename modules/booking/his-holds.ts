import type { AppError } from '../../kernel/error.ts'
import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { HisAnswer } from '../hospitals/index.ts'
import { askHis } from './asking.ts'
import type { HoldWish } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { slotOfExternalNo } from './his-store.ts'
import { checkOnline, closedAs, repeatOf } from './holding-rules.ts'
import { leaveHour } from './person-store.ts'
import { checkStanding, claimFor, countUses, newHold, subjectOf } from './placing.ts'
import type { BookingRules } from './rules.ts'
import { findSession, findSlot, giveSlotBack, type SessionRow, setSlot } from './session-store.ts'
import {
  type AppointmentRow,
  findAppointment,
  insertAppointment,
  lockAppointment,
  refusedAs,
  updateAppointment,
} from './store.ts'

// The hospital's system keeps the numbers: the intent is written down, the slot is locked there, and silence is no answer.

/** How long a lock whose answer is not known is the person's to ask again for; then it is let go. */
const PATIENCE_MS = MINUTE_MS

/** Our number of a lock and of a registration there. */
export const hisNoOf = ({ hospital_id, id }: Pick<AppointmentRow, 'hospital_id' | 'id'>): string =>
  tradeNoOf(hospital_id, id)

export async function holdAtHis(
  context: BookingContext,
  rules: BookingRules,
  wish: HoldWish,
  actor: Actor,
): Promise<AppointmentRow> {
  const { db, clock } = context
  const known = await inHospital(db, wish.hospitalId, (tx) => findAppointment(tx, wish))
  if (known) {
    const same = repeatOf(known, wish)
    return same.his_step === 'locking' ? lockThere(context, rules, same) : same
  }
  const patientNo = await context.patientNoOf(wish.personId, wish.hospitalId)
  if (patientNo === null) throw bookingErrors.not_a_patient_here()
  const row = await inHospital(db, wish.hospitalId, async (tx) => {
    const session = await findSession(tx, wish)
    if (!session) throw bookingErrors.session_not_found({ id: wish.sessionId })
    const closed = closedAs(session, clock.now())
    if (closed) throw closed
    await checkOnline(context, session)
    await checkStanding(context, tx, rules, wish, session)
    await countUses(context, tx, rules, wish)
    const begun = newHold(context, rules, wish, {
      session,
      slot: null,
      feeFen: session.fee_fen,
      actor,
    })
    const dueAt = addMs(clock.now(), PATIENCE_MS)
    const slot_number = wish.slotNumber
    const intent = { his_step: 'locking' as const, patient_no: patientNo, due_at: dueAt }
    const inserted = { ...begun, ...intent, slot_number }
    await insertAppointment(tx, inserted)
    const detail = { session: wish.sessionId, source: wish.source }
    const fact = { action: 'booking.hold', subject: subjectOf(wish.id), detail }
    await context.audit(tx, wish.hospitalId, actor, fact)
    return inserted
  })
  return lockThere(context, rules, row)
}

async function lockThere(
  context: BookingContext,
  rules: BookingRules,
  row: AppointmentRow,
): Promise<AppointmentRow> {
  const { hospital_id: hospitalId, session_id: sessionId, slot_number: number } = row
  const { session, slotNo } = await inHospital(context.db, hospitalId, async (tx) => {
    const key = { hospitalId, sessionId }
    const slot = number === null ? null : await findSlot(tx, { ...key, number })
    return { session: await findSession(tx, key), slotNo: slot?.external_no ?? null }
  })
  if (!session?.external_no) throw bookingErrors.session_not_found({ id: sessionId })
  const lock = {
    lockNo: hisNoOf(row),
    scheduleNo: session.external_no,
    slotNo,
    patientNo: row.patient_no ?? '',
    holdSeconds: rules.holdMinutes * (MINUTE_MS / SECOND_MS),
  }
  const answer = await askHis(context, hospitalId, subjectOf(row.id), (system, call) =>
    system.lockSlot(call, lock),
  )
  try {
    const settled = await inHospital(context.db, hospitalId, (tx) =>
      settleLock(context, tx, rules, row, session, answer),
    )
    if ('refusal' in settled) throw settled.refusal
    return settled.row
  } catch (error) {
    if (refusedAs(error) !== 'slot') throw error
    // Two of ours have the same number of theirs: neither the hospital's word nor ours is taken for it.
    await letGo(context, row, 'slot_taken')
    throw bookingErrors.slot_taken()
  }
}

type Settled = { row: AppointmentRow } | { refusal: AppError }

async function settleLock(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  asked: AppointmentRow,
  session: SessionRow,
  answer: HisAnswer<{ slotNo: string; startsAt: Date; endsAt: Date; lockedUntil: Date }>,
): Promise<Settled> {
  const now = context.clock.now()
  const row = await lockAppointment(tx, { hospitalId: asked.hospital_id, id: asked.id })
  if (!row) return { refusal: bookingErrors.appointment_not_found({ id: asked.id }) }
  // Meanwhile it was given up, and is being let go there.
  if (row.his_step !== 'locking') {
    return row.status === 'held' ? { row } : { refusal: bookingErrors.hold_expired() }
  }
  if (answer.outcome === 'unknown') return { refusal: bookingErrors.hospital_silent() }
  if (answer.outcome === 'refused') {
    const reason = answer.code
    const end = { status: 'cancelled', his_step: 'ended', expires_at: null, due_at: null } as const
    await updateAppointment(tx, row, { ...end, reason }, now)
    return { refusal: refusalFor(reason) }
  }
  const { slotNo, startsAt, endsAt, lockedUntil } = answer.data
  const slot = await slotOfExternalNo(tx, session, { externalNo: slotNo, startsAt, endsAt }, now)
  const until = row.expires_at && row.expires_at < lockedUntil ? row.expires_at : lockedUntil
  const locked = await updateAppointment(
    tx,
    row,
    {
      slot_number: slot.number,
      starts_at: startsAt,
      ends_at: endsAt,
      his_step: 'locked',
      expires_at: until,
      due_at: until,
      attempts: 0,
    },
    now,
  )
  await setSlot(tx, slotKeyOf(locked, slot.number), 'held')
  try {
    const person = { hospitalId: row.hospital_id, personId: row.person_id }
    await checkStanding(context, tx, rules, person, session)
    await claimFor(context, tx, locked)
    return { row: locked }
  } catch (refusal) {
    return { refusal: await giveUp(tx, locked, refusal as AppError, now) }
  }
}

/** The person may not have it after all: it is let go at the hospital. */
async function giveUp(
  tx: Tx,
  row: AppointmentRow,
  refusal: AppError,
  now: Date,
): Promise<AppError> {
  const end = { status: 'cancelled', his_step: 'unlocking', expires_at: null, due_at: now } as const
  await updateAppointment(tx, row, { ...end, reason: refusal.code }, now)
  return refusal
}

async function letGo(context: BookingContext, asked: AppointmentRow, reason: string) {
  const now = context.clock.now()
  await inHospital(context.db, asked.hospital_id, async (tx) => {
    const row = await lockAppointment(tx, { hospitalId: asked.hospital_id, id: asked.id })
    if (row?.his_step !== 'locking') return
    const end = {
      status: 'cancelled',
      his_step: 'unlocking',
      expires_at: null,
      slot_number: null,
      due_at: now,
    } as const
    await updateAppointment(tx, row, { ...end, reason }, now)
  })
}

/**
 * Lets a lock go at the hospital, again and again until it answers. Whether it is let go, was never there or has run out
 * is the same to us: it is nobody's.
 */
export async function unlockThere(context: BookingContext, row: AppointmentRow): Promise<boolean> {
  const answer = await askHis(context, row.hospital_id, subjectOf(row.id), (system, call) =>
    system.unlockSlot(call, { lockNo: hisNoOf(row), reason: row.reason ?? 'expired' }),
  )
  if (answer.outcome === 'unknown') return false
  const now = context.clock.now()
  await inHospital(context.db, row.hospital_id, async (tx) => {
    const held = await lockAppointment(tx, { hospitalId: row.hospital_id, id: row.id })
    if (held?.his_step !== 'unlocking') return
    const ended = await updateAppointment(tx, held, { his_step: 'ended', due_at: null }, now)
    await leaveHour(tx, { personId: ended.person_id, appointmentId: ended.id })
    if (ended.slot_number !== null) {
      await giveSlotBack(tx, slotKeyOf(ended, ended.slot_number), now)
    }
  })
  return true
}

const slotKeyOf = (row: AppointmentRow, number: number) => ({
  hospitalId: row.hospital_id,
  sessionId: row.session_id,
  number,
})

/** What the hospital's system says no to, in our words. */
export function refusalFor(code: string): AppError {
  switch (code) {
    case 'sold_out':
      return bookingErrors.sold_out()
    case 'slot_taken':
      return bookingErrors.slot_taken()
    case 'schedule_stopped':
      return bookingErrors.session_stopped()
    case 'schedule_not_found':
      return bookingErrors.session_not_found()
    case 'lock_expired':
      return bookingErrors.hold_expired()
    case 'patient_not_found':
      return bookingErrors.not_a_patient_here()
    case 'too_late':
      return bookingErrors.too_late()
    default:
      return bookingErrors.hospital_refused({ code })
  }
}
