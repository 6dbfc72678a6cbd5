import type { AppError } from '../../kernel/error.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { askHis } from './asking.ts'
import type { Appointment, AppointmentKey, AppointmentStatus, PersonId } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { hisNoOf, refusalFor } from './his-holds.ts'
import { mayBecome } from './machine.ts'
import { subjectOf } from './placing.ts'
import { returnSlot } from './returning.ts'
import type { BookingRules } from './rules.ts'
import { type AppointmentRow, lockAppointment, toAppointment, updateAppointment } from './store.ts'
import { type MessageKind, tell } from './telling.ts'

type End = Extract<AppointmentStatus, 'cancelled' | 'expired'>

/** Lets go of a hold, or cancels: what it may answer is said by BookingDesk.cancel. */
export async function cancel(
  context: BookingContext,
  key: AppointmentKey,
  personId: PersonId,
  actor: Actor,
): Promise<Appointment> {
  const rules = await context.rulesOf(key.hospitalId)
  const row = await inHospital(context.db, key.hospitalId, async (tx) => {
    const found = await lockAppointment(tx, key)
    if (found?.person_id !== personId) throw bookingErrors.appointment_not_found({ id: key.id })
    if (found.status === 'cancelled' || found.his_step === 'cancelling') return found
    const obstacle = obstacleTo(found, context.clock.now())
    if (obstacle) throw obstacle
    const fact = { action: 'booking.cancel', subject: subjectOf(key.id) }
    await context.audit(tx, key.hospitalId, actor, fact)
    return endOrIntend(context, tx, rules, found, { to: 'cancelled', reason: 'person' })
  })
  if (row.his_step !== 'cancelling') return toAppointment(row)
  return toAppointment(await cancelThere(context, row))
}

/** Why a person may not cancel any more; null when they may. */
function obstacleTo({ status, cancel_until }: AppointmentRow, now: Date): AppError | null {
  if (status === 'held') return null
  if (status !== 'booked') return bookingErrors.not_cancellable({ status })
  return now <= cancel_until ? null : bookingErrors.too_late({ until: cancel_until.toISOString() })
}

/**
 * Ends a hold or an appointment. Where the hospital's system has it, that is asked first for what is booked, and told
 * afterwards for a hold: it is the hub that lets a hold expire.
 */
async function endOrIntend(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  row: AppointmentRow,
  { to, reason }: { to: End; reason: string },
): Promise<AppointmentRow> {
  const now = context.clock.now()
  if (row.status === 'booked' && row.his_step === 'registered') {
    const dueAt = addMs(now, MINUTE_MS)
    const intent = { his_step: 'cancelling', reason, due_at: dueAt, attempts: 0 } as const
    return updateAppointment(tx, row, intent, now)
  }
  return end(context, tx, rules, row, { to, reason })
}

const NEXT_STEP = {
  none: 'none',
  locking: 'unlocking',
  locked: 'unlocking',
  registering: 'cancelling',
  registered: 'cancelling',
  unlocking: 'unlocking',
  cancelling: 'ended',
  ended: 'ended',
} as const

/** Says that it has ended; what is paid is to go back, and the slot goes to the next. */
export async function end(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  row: AppointmentRow,
  { to, reason, kind = to }: { to: End; reason: string; kind?: MessageKind },
): Promise<AppointmentRow> {
  if (!mayBecome(row.status, to)) throw bookingErrors.not_cancellable({ status: row.status })
  const now = context.clock.now()
  const step = NEXT_STEP[row.his_step]
  const isAsked = step === 'unlocking' || step === 'cancelling'
  const money = moneyOf(context, row)
  const ended = await updateAppointment(
    tx,
    row,
    {
      status: to,
      reason,
      expires_at: null,
      his_step: step,
      ...money,
      due_at: isAsked || money.fee === 'returning' ? now : null,
      attempts: 0,
    },
    now,
  )
  await returnSlot(context, tx, rules, ended)
  await tell(context, tx, ended, kind, { startsAt: ended.starts_at.toISOString() })
  return ended
}

/** What becomes of the fee of one that ends: the intent to give it back is written with its number. */
export function moneyOf(
  { newId }: BookingContext,
  row: AppointmentRow,
): Pick<AppointmentRow, 'fee' | 'refund_id'> {
  if (row.fee === 'paid') return { fee: 'returning', refund_id: row.refund_id ?? newId<'Refund'>() }
  return { fee: row.fee === 'due' ? 'none' : row.fee, refund_id: row.refund_id }
}

/** Asks the hospital's system to cancel what a person cancelled. Errors: what it refuses; hospital_silent. */
async function cancelThere(context: BookingContext, row: AppointmentRow): Promise<AppointmentRow> {
  const { settled, refusal } = await settleCancel(context, row)
  if (refusal) throw refusal
  if (!settled) throw bookingErrors.hospital_silent()
  return settled
}

/** Again and again until it answers. Nothing is settled while it is silent. */
export async function settleCancel(
  context: BookingContext,
  row: AppointmentRow,
): Promise<{ settled: AppointmentRow | null; refusal: AppError | null }> {
  const wish = { appointmentNo: hisNoOf(row), reason: row.reason ?? 'person' }
  const answer = await askHis(context, row.hospital_id, subjectOf(row.id), (system, call) =>
    system.cancelRegistration(call, wish),
  )
  if (answer.outcome === 'unknown') return { settled: null, refusal: null }
  const rules = await context.rulesOf(row.hospital_id)
  return inHospital(context.db, row.hospital_id, async (tx) => {
    const held = await lockAppointment(tx, { hospitalId: row.hospital_id, id: row.id })
    if (held?.his_step !== 'cancelling') return { settled: held, refusal: null }
    const now = context.clock.now()
    if (held.status !== 'booked') {
      // It has ended here already: whatever the hospital says, it is told.
      const dueAt = held.fee === 'returning' ? now : null
      const told = { his_step: 'ended', due_at: dueAt, attempts: 0 } as const
      return { settled: await updateAppointment(tx, held, told, now), refusal: null }
    }
    const gone = answer.outcome === 'ok' || answer.code === 'registration_not_found'
    if (gone) {
      const over = { to: 'cancelled' as const, reason: held.reason ?? 'person' }
      return { settled: await end(context, tx, rules, held, over), refusal: null }
    }
    const back = { his_step: 'registered', reason: null, due_at: held.ends_at } as const
    await updateAppointment(tx, held, back, now)
    return { settled: held, refusal: refusalFor(answer.code) }
  })
}
