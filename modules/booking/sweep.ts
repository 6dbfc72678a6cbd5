import { eachAtOnce, type Patiently, untilDone } from '../../kernel/at-once.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, HOUR_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { askHis } from './asking.ts'
import { settleRegistered } from './book.ts'
import { end, moneyOf, settleCancel } from './cancel.ts'
import type { BookingContext } from './dependencies.ts'
import { hisNoOf, unlockThere } from './his-holds.ts'
import { mayBecome } from './machine.ts'
import { giveBack } from './money.ts'
import { subjectOf } from './placing.ts'
import type { BookingRules } from './rules.ts'
import { findSession, findSlot } from './session-store.ts'
import { lastStopReason } from './stop-store.ts'
import { stopOne } from './stopping.ts'
import { offersFor } from './stops.ts'
import { claimDue, lockAppointment, type AppointmentRow, updateAppointment } from './store.ts'

/**
 * Does what is due of a hospital's appointments: holds that have run out, questions that nobody answered, fees that are
 * to go back. Returns how many it
 * tried; what `patiently` leaves goes on. What fails comes again, two seconds later and then twice as long each time.
 */
export async function sweep(
  context: BookingContext,
  hospitalId: HospitalId,
  atOnce = 1,
  patiently: Patiently = untilDone,
): Promise<number> {
  const { db, clock } = context
  const due = await inHospital(db, hospitalId, (tx) => claimDue(tx, hospitalId, clock.now()))
  if (due.length === 0) return 0
  const rules = await context.rulesOf(hospitalId)
  await eachAtOnce(due, atOnce, (row) => patiently(workOrPostpone(context, rules, row)))
  return due.length
}

async function workOrPostpone(
  context: BookingContext,
  rules: BookingRules,
  row: AppointmentRow,
): Promise<void> {
  try {
    await work(context, rules, row)
  } catch (error) {
    context.onError?.(error, { hospitalId: row.hospital_id, subject: subjectOf(row.id) })
    await postpone(context, row)
  }
}

async function work(
  context: BookingContext,
  rules: BookingRules,
  row: AppointmentRow,
): Promise<void> {
  if (await stopWithSlot(context, rules, row)) return
  switch (row.his_step) {
    case 'unlocking':
      return postponeUnless(context, row, await unlockThere(context, row))
    case 'cancelling': {
      const { settled, refusal } = await settleCancel(context, row)
      return postponeUnless(context, row, settled !== null || refusal !== null)
    }
    case 'registering':
      return findRegistration(context, rules, row)
    default:
      if (row.status === 'booked') return afterVisit(context, rules, row)
      await settleHere(context, rules, row)
      if (row.fee === 'returning') await giveBack(context, row)
  }
}

/** Whoever has a number that does not take place. False where it does. */
async function stopWithSlot(
  context: BookingContext,
  rules: BookingRules,
  { hospital_id: hospitalId, id }: AppointmentRow,
): Promise<boolean> {
  return inHospital(context.db, hospitalId, async (tx) => {
    const row = await lockAppointment(tx, { hospitalId, id })
    if (!row || !mayBecome(row.status, 'stopped')) return false
    const { session_id: sessionId, slot_number: number } = row
    const session = await findSession(tx, { hospitalId, sessionId })
    const slot = number === null ? null : await findSlot(tx, { hospitalId, sessionId, number })
    if (!session || (session.status === 'open' && slot?.status !== 'stopped')) return false
    const offers = await offersFor(tx, session, context.clock.now())
    const reason = (await lastStopReason(tx, hospitalId, sessionId)) ?? 'stopped'
    await stopOne(context, tx, rules, row, { reason, offers: offers.map(({ id: to }) => to) })
    return true
  })
}

/** What is due by the clock alone, decided under the lock of the row: whoever came first has settled it. */
async function settleHere(
  context: BookingContext,
  rules: BookingRules,
  { hospital_id: hospitalId, id, fee }: AppointmentRow,
): Promise<void> {
  const now = context.clock.now()
  await inHospital(context.db, hospitalId, async (tx) => {
    const row = await lockAppointment(tx, { hospitalId, id })
    if (!row) return
    const isOut = row.status === 'held' && row.expires_at !== null && row.expires_at <= now
    if (isOut || (row.status === 'held' && row.his_step === 'locking')) {
      await end(context, tx, rules, row, { to: 'expired', reason: 'expired' })
    } else if (row.status === 'held') {
      await updateAppointment(tx, row, { due_at: row.expires_at }, now)
    } else if (row.status === 'stopped' && row.fee === 'paid' && isPast(row.choose_until, now)) {
      const change = { ...moneyOf(context, row), choose_until: null, due_at: now }
      await updateAppointment(tx, row, change, now)
    } else if (fee !== 'returning') {
      await updateAppointment(tx, row, { due_at: null }, now)
    }
  })
}

const isPast = (moment: Date | null, now: Date): boolean => moment !== null && moment <= now

/** A registration whose answer was lost: the hospital is asked whether it has it. */
async function findRegistration(
  context: BookingContext,
  rules: BookingRules,
  row: AppointmentRow,
): Promise<void> {
  const found = await askRegistration(context, row)
  if (!found) return postpone(context, row)
  switch (found.status) {
    case 'registered':
    case 'number_taken':
    case 'seen':
      await settleRegistered(context, rules, row, found.billNo)
      return
    case 'absent':
      // The lock is still the person's, until it runs out.
      return change(context, row, (tx, held) =>
        updateAppointment(
          tx,
          held,
          { his_step: 'locked', due_at: held.expires_at, attempts: 0 },
          context.clock.now(),
        ),
      )
    case 'cancelled':
    case 'stopped':
      return change(context, row, (tx, held) =>
        end(context, tx, rules, held, { to: 'expired', reason: 'hospital' }),
      )
  }
}

/** Whether the person came is the hospital's to know. */
async function afterVisit(
  context: BookingContext,
  rules: BookingRules,
  row: AppointmentRow,
): Promise<void> {
  const now = context.clock.now()
  if (row.his_step !== 'registered') {
    return change(context, row, (tx, held) => updateAppointment(tx, held, { due_at: null }, now))
  }
  const found = await askRegistration(context, row)
  if (!found) return postpone(context, row)
  const over = { due_at: null, his_step: 'ended' } as const
  return change(context, row, async (tx, held) => {
    switch (found.status) {
      case 'seen':
      case 'number_taken':
        return updateAppointment(tx, held, { ...over, status: 'finished' }, now)
      case 'registered':
        return updateAppointment(tx, held, { ...over, status: 'no_show', reason: 'missed' }, now)
      case 'stopped':
        return stopOne(context, tx, rules, held, { reason: 'hospital', offers: [] })
      case 'cancelled':
      case 'absent': {
        const gone = { ...held, his_step: 'ended' as const }
        const how = { to: 'cancelled', reason: 'hospital', kind: 'hospital_cancelled' } as const
        return end(context, tx, rules, gone, how)
      }
    }
  })
}

type Registration = {
  status: 'absent' | 'registered' | 'number_taken' | 'seen' | 'cancelled' | 'stopped'
  billNo: string | null
}

/** Null when it is silent. */
async function askRegistration(
  context: BookingContext,
  row: AppointmentRow,
): Promise<Registration | null> {
  const answer = await askHis(context, row.hospital_id, subjectOf(row.id), (system, call) =>
    system.registration(call, hisNoOf(row)),
  )
  if (answer.outcome === 'unknown') return null
  if (answer.outcome === 'ok') return answer.data
  if (answer.code === 'registration_not_found') return { status: 'absent', billNo: null }
  throw new Error(`the hospital refuses to say what became of it: ${answer.code}`)
}

/** Under the lock of the row, if it still stands where it stood. */
async function change(
  { db }: BookingContext,
  row: AppointmentRow,
  work: (tx: Tx, held: AppointmentRow) => Promise<unknown>,
): Promise<void> {
  const { hospital_id: hospitalId, id } = row
  await inHospital(db, hospitalId, async (tx) => {
    const held = await lockAppointment(tx, { hospitalId, id })
    if (held?.status === row.status && held.his_step === row.his_step) await work(tx, held)
  })
}

async function postponeUnless(
  context: BookingContext,
  row: AppointmentRow,
  done: boolean,
): Promise<void> {
  if (!done) await postpone(context, row)
}

const MOST_DOUBLINGS = 12

async function postpone(context: BookingContext, row: AppointmentRow): Promise<void> {
  const now = context.clock.now()
  const waitMs = Math.min(SECOND_MS * 2 ** Math.min(row.attempts, MOST_DOUBLINGS), HOUR_MS)
  await inHospital(context.db, row.hospital_id, async (tx) => {
    const held = await lockAppointment(tx, { hospitalId: row.hospital_id, id: row.id })
    if (held?.due_at) await updateAppointment(tx, held, { due_at: addMs(now, waitMs) }, now)
  })
}
