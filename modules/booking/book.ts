import { fen, ZERO } from '../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { HisAnswer } from '../hospitals/index.ts'
import { askHis } from './asking.ts'
import type { Appointment, AppointmentKey, PersonId } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { hisNoOf, refusalFor } from './his-holds.ts'
import { subjectOf } from './placing.ts'
import { type BookingRules, holdExpiryOf } from './rules.ts'
import { findSession, findSlot, setSlot } from './session-store.ts'
import { type AppointmentRow, lockAppointment, toAppointment, updateAppointment } from './store.ts'
import { tell } from './telling.ts'

const FIRST_VERSION = 1

/** Makes a hold an appointment: what it may answer is said by BookingDesk.book. */
export async function book(
  context: BookingContext,
  key: AppointmentKey,
  personId: PersonId,
  actor: Actor,
): Promise<Appointment> {
  const rules = await context.rulesOf(key.hospitalId)
  const row = await inHospital(context.db, key.hospitalId, async (tx) => {
    const held = await ownHold(context, tx, key, personId)
    if (held.status === 'booked' || held.bill_no !== null) return held
    const fact = { action: 'booking.book', subject: subjectOf(key.id) }
    await context.audit(tx, key.hospitalId, actor, fact)
    if (held.his_step !== 'none') return intendToRegister(context, tx, held)
    return held.fee_fen === ZERO ? confirm(context, tx, held) : billed(context, tx, held)
  })
  return toAppointment(
    row.his_step === 'registering' ? await registerThere(context, rules, row) : row,
  )
}

/** Errors: appointment_not_found, also for somebody else's; hold_expired. */
async function ownHold(
  { clock }: BookingContext,
  tx: Tx,
  key: AppointmentKey,
  personId: PersonId,
): Promise<AppointmentRow> {
  const row = await lockAppointment(tx, key)
  if (row?.person_id !== personId) throw bookingErrors.appointment_not_found({ id: key.id })
  if (row.status === 'booked') return row
  const isHeld = row.status === 'held' && row.expires_at !== null && clock.now() < row.expires_at
  if (!isHeld) throw bookingErrors.hold_expired({ status: row.status })
  if (row.his_step === 'locking') throw bookingErrors.hospital_silent()
  return row
}

/** The slot is the person's for good: paid, or free of charge. */
export async function confirm(
  context: BookingContext,
  tx: Tx,
  row: AppointmentRow,
  paid: Partial<Pick<AppointmentRow, 'fee' | 'payment_no' | 'payment_id'>> = {},
): Promise<AppointmentRow> {
  const { hospital_id: hospitalId, session_id: sessionId, slot_number: number } = row
  // What the hospital's system knows of the visit is asked when it is over.
  const due_at = row.his_step === 'none' ? null : addMs(row.ends_at, AFTER_VISIT_MS)
  const change = { status: 'booked', expires_at: null, due_at, attempts: 0, ...paid } as const
  const booked = await updateAppointment(tx, row, change, context.clock.now())
  if (number !== null) await setSlot(tx, { hospitalId, sessionId, number }, 'taken')
  await tell(context, tx, booked, 'booked', { startsAt: booked.starts_at.toISOString() })
  return booked
}

const AFTER_VISIT_MS = 12 * 60 * MINUTE_MS

/** The bill of the hub's own numbers: paid as every bill is, by who holds the slot, until the hold expires. */
const billed = ({ clock }: BookingContext, tx: Tx, row: AppointmentRow): Promise<AppointmentRow> =>
  updateAppointment(
    tx,
    row,
    { fee: 'due', bill_no: tradeNoOf(row.hospital_id, row.id), bill_version: FIRST_VERSION },
    clock.now(),
  )

const intendToRegister = ({ clock }: BookingContext, tx: Tx, row: AppointmentRow) =>
  updateAppointment(
    tx,
    row,
    { his_step: 'registering', due_at: addMs(clock.now(), MINUTE_MS), attempts: 0 },
    clock.now(),
  )

async function registerThere(
  context: BookingContext,
  rules: BookingRules,
  row: AppointmentRow,
): Promise<AppointmentRow> {
  const { hospital_id: hospitalId, session_id: sessionId } = row
  const { scheduleNo, slotNo } = await inHospital(context.db, hospitalId, async (tx) => {
    const session = await findSession(tx, { hospitalId, sessionId })
    const number = row.slot_number ?? 0
    const slot = await findSlot(tx, { hospitalId, sessionId, number })
    return { scheduleNo: session?.external_no ?? '', slotNo: slot?.external_no ?? '' }
  })
  const appointmentNo = hisNoOf(row)
  const patientNo = row.patient_no ?? ''
  const wish = { appointmentNo, lockNo: appointmentNo, scheduleNo, slotNo, patientNo }
  const answer = await askHis(context, hospitalId, subjectOf(row.id), (system, call) =>
    system.register(call, wish),
  )
  if (answer.outcome === 'unknown') throw bookingErrors.hospital_silent()
  if (answer.outcome === 'refused') {
    await endRefused(context, row, answer.code)
    throw refusalFor(answer.code)
  }
  return settleRegistered(context, rules, row, answer.data.billNo)
}

/** The hospital has the registration: free of charge it is booked, else its bill is to be paid. */
export async function settleRegistered(
  context: BookingContext,
  rules: BookingRules,
  asked: AppointmentRow,
  billNo: string | null,
): Promise<AppointmentRow> {
  const key = { hospitalId: asked.hospital_id, id: asked.id }
  const bill = billNo === null ? null : await askBill(context, asked, billNo)
  const now = context.clock.now()
  return inHospital(context.db, key.hospitalId, async (tx) => {
    const row = await lockAppointment(tx, key)
    if (!row) throw bookingErrors.appointment_not_found({ id: key.id })
    if (row.his_step !== 'registering') return row
    const registered = { ...row, his_step: 'registered' as const }
    if (billNo === null) {
      await updateAppointment(tx, row, { his_step: 'registered', fee_fen: ZERO }, now)
      return confirm(context, tx, registered)
    }
    const expiresAt = holdExpiryOf(rules, now)
    const change = {
      his_step: 'registered',
      fee: 'due',
      bill_no: billNo,
      bill_version: bill?.version ?? FIRST_VERSION,
      fee_fen: bill?.totalFen ?? row.fee_fen,
      expires_at: expiresAt,
      due_at: expiresAt,
      attempts: 0,
    } as const
    return updateAppointment(tx, row, change, now)
  })
}

/** Null when it does not say: the bill is read again when it is paid. */
async function askBill(context: BookingContext, row: AppointmentRow, billNo: string) {
  const answer: HisAnswer<{ version: number; totalFen: number }> = await askHis(
    context,
    row.hospital_id,
    subjectOf(row.id),
    (system, call) => system.bill(call, billNo),
  )
  if (answer.outcome !== 'ok') return null
  return { version: answer.data.version, totalFen: fen(answer.data.totalFen) }
}

/** The hospital does not register it: the lock is let go, in case it is still there. */
async function endRefused(context: BookingContext, asked: AppointmentRow, reason: string) {
  const now = context.clock.now()
  await inHospital(context.db, asked.hospital_id, async (tx) => {
    const row = await lockAppointment(tx, { hospitalId: asked.hospital_id, id: asked.id })
    if (row?.his_step !== 'registering') return
    const end = { status: 'expired', his_step: 'unlocking', expires_at: null, due_at: now } as const
    await updateAppointment(tx, row, { ...end, reason }, now)
  })
}
