import { AppError } from '../../kernel/error.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Appointment, HoldWish } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { holdAtHis } from './his-holds.ts'
import { checkOnline, closedAs, repeatOf } from './holding-rules.ts'
import { checkStanding, claimFor, countUses, feeFor, newHold, subjectOf } from './placing.ts'
import type { BookingRules } from './rules.ts'
import { findSession, lookAgain, type SlotRow, takeSlot } from './session-store.ts'
import {
  type AppointmentRow,
  findAppointment,
  insertAppointment,
  refusedAs,
  toAppointment,
} from './store.ts'

/** Holds a slot for a person: what it may answer is said by BookingDesk.hold. */
export async function hold(
  context: BookingContext,
  wish: HoldWish,
  actor: Actor,
): Promise<Appointment> {
  if (context.admission.isShut(wish)) throw SOLD_OUT
  const { origin } = await context.rulesOf(wish.hospitalId)
  const held =
    origin === 'his'
      ? holdNow(context, holdAtHis, wish, actor)
      : context.admission.enter(wish.sessionId, () => holdNow(context, holdInPool, wish, actor))
  return toAppointment(await held)
}

async function holdNow(
  context: BookingContext,
  way: typeof holdInPool,
  wish: HoldWish,
  actor: Actor,
): Promise<AppointmentRow> {
  // Sold meanwhile, while this one waited.
  if (context.admission.isShut(wish)) throw SOLD_OUT
  const rules = await context.rulesOf(wish.hospitalId)
  try {
    return await way(context, rules, wish, actor)
  } catch (error) {
    throw refusalOf(error)
  }
}

async function holdInPool(
  context: BookingContext,
  rules: BookingRules,
  wish: HoldWish,
  actor: Actor,
): Promise<AppointmentRow> {
  const { db, clock, admission } = context
  const askedAt = clock.now()
  const result = await inHospital(db, wish.hospitalId, async (tx) => {
    const take = { number: wish.slotNumber, source: wish.source, now: clock.now() }
    const slot = await takeSlot(tx, wish, { ...take, waiting: false })
    if (slot) return place(context, tx, rules, wish, slot, actor)
    const look = await lookAgain(tx, wish, take)
    if (look.known) {
      const known = await findAppointment(tx, wish)
      if (known) return repeatOf(known, wish)
    }
    // Others are just taking what is free: their word is waited for, so that "sold out" is true.
    const left = look.free ? await takeSlot(tx, wish, { ...take, waiting: true }) : null
    if (left) return place(context, tx, rules, wish, left, actor)
    const closed = look.session
      ? closedAs(look.session, take.now)
      : bookingErrors.session_not_found({ id: wish.sessionId })
    if (closed) throw closed
    if (wish.slotNumber !== null) throw TAKEN
    return { holders: look.holders }
  }).catch(async (error: unknown) => {
    if (!(error instanceof Repeated)) throw error
    return repeatOf(error.known, wish)
  })
  if (!('holders' in result)) return result
  admission.remember(wish, result.holders, askedAt)
  throw SOLD_OUT
}

// Said so often in a burst that each its own would be work.
const SOLD_OUT = bookingErrors.sold_out()
const TAKEN = bookingErrors.slot_taken()

/** Ends the transaction in which a second slot was taken for a wish that has one. */
class Repeated extends Error {
  readonly known: AppointmentRow

  constructor(known: AppointmentRow) {
    super('the wish has its slot')
    this.known = known
  }
}

async function place(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  wish: HoldWish,
  slot: SlotRow,
  actor: Actor,
): Promise<AppointmentRow> {
  const known = await findAppointment(tx, wish)
  if (known) throw new Repeated(known)
  const session = await findSession(tx, wish)
  if (!session) throw bookingErrors.session_not_found({ id: wish.sessionId })
  await checkOnline(context, session)
  await checkStanding(context, tx, rules, wish, session)
  await countUses(context, tx, rules, wish)
  const feeFen = await feeFor(context, tx, rules, wish, session)
  const row = newHold(context, rules, wish, { session, slot, feeFen, actor })
  await insertAppointment(tx, row)
  await claimFor(context, tx, row)
  const detail = { session: wish.sessionId, slot: slot.number, source: wish.source }
  const fact = { action: 'booking.hold', subject: subjectOf(wish.id), detail }
  await context.audit(tx, wish.hospitalId, actor, fact)
  return row
}

/** What the database's keys refused, by its name. */
function refusalOf(error: unknown): unknown {
  if (error instanceof AppError) return error
  switch (refusedAs(error)) {
    case 'slot':
      return bookingErrors.slot_taken()
    case 'session':
      return bookingErrors.one_a_session()
    case 'department':
      return bookingErrors.one_a_department()
    case null:
      return error
  }
}
