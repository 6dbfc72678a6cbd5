import type { Id } from '../../kernel/id.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
import { addMs, businessDateOf, DAY_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { HoldWish } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { claimHour, countUse, lockBooker, standingOf } from './person-store.ts'
import { type BookingRules, cancelUntilOf, holdExpiryOf, obstacleOf } from './rules.ts'
import type { SessionRow, SlotRow } from './session-store.ts'
import { type AppointmentRow, wasSeen } from './store.ts'

// Whether a person may have a number, and the row of one who has.

type Person = Pick<HoldWish, 'hospitalId' | 'personId'>

/** Errors: the limit that the person has reached. Others of the same person wait until the transaction ends. */
export async function checkStanding(
  { clock }: BookingContext,
  tx: Tx,
  rules: BookingRules,
  person: Person,
  session: SessionRow,
): Promise<void> {
  const now = clock.now()
  await lockBooker(tx, person.personId, now)
  const standing = await standingOf(tx, person, session.business_date, now)
  const obstacle = obstacleOf(rules, standing, now)
  if (!obstacle) return
  const { code } = obstacle
  if (code === 'blocked') throw bookingErrors.blocked({ until: obstacle.until.toISOString() })
  throw bookingErrors[code]({ most: obstacle.most })
}

/** Errors: too_many_of_device, too_many_of_phone. */
export async function countUses(
  { clock, seal }: BookingContext,
  tx: Tx,
  { caps }: BookingRules,
  { hospitalId, device, phone }: HoldWish,
): Promise<void> {
  const on = businessDateOf(clock.now())
  const uses = [
    { kind: 'device', value: device, most: caps.perDeviceADay },
    { kind: 'phone', value: phone, most: caps.perPhoneADay },
  ] as const
  for (const { kind, value, most } of uses) {
    if (!value) continue
    const digest = seal.blindIndex(`booking.${kind}`, value)
    if (await countUse(tx, { hospitalId, kind, digest, on, most })) continue
    throw bookingErrors[`too_many_of_${kind}`]({ most })
  }
}

/** Errors: same_hour. */
export async function claimFor(
  { clock }: BookingContext,
  tx: Tx,
  row: Pick<
    AppointmentRow,
    'hospital_id' | 'id' | 'person_id' | 'business_date' | 'starts_at' | 'department_code'
  >,
): Promise<void> {
  const claimed = await claimHour(tx, {
    personId: row.person_id,
    hospitalId: row.hospital_id,
    appointmentId: row.id,
    startsAt: row.starts_at,
    businessDate: row.business_date,
    now: clock.now(),
  })
  if (!claimed) throw bookingErrors.same_hour()
}

/** Nothing for who was seen in the department a short while ago. */
export async function feeFor(
  { clock }: BookingContext,
  tx: Tx,
  { freeFollowUpDays }: BookingRules,
  person: Person,
  session: SessionRow,
): Promise<Fen> {
  if (freeFollowUpDays === 0 || session.fee_fen === ZERO) return session.fee_fen
  const of = { ...person, departmentCode: session.department_code }
  const since = addMs(clock.now(), -freeFollowUpDays * DAY_MS)
  return (await wasSeen(tx, of, since)) ? ZERO : session.fee_fen
}

/** A hold as it begins. `slot` is null while the hospital's system has not said which. */
export function newHold(
  { clock }: BookingContext,
  rules: BookingRules,
  wish: HoldWish,
  { session, slot, feeFen, actor }: Placed,
): AppointmentRow {
  const now = clock.now()
  const expiresAt = holdExpiryOf(rules, now)
  return {
    hospital_id: wish.hospitalId,
    id: wish.id,
    person_id: wish.personId,
    session_id: wish.sessionId,
    slot_number: slot?.number ?? null,
    business_date: session.business_date,
    department_code: session.department_code,
    starts_at: slot?.starts_at ?? session.starts_at,
    ends_at: slot?.ends_at ?? session.ends_at,
    source: wish.source,
    status: 'held',
    his_step: 'none',
    patient_no: null,
    fee_fen: feeFen,
    fee: 'none',
    bill_no: null,
    bill_version: null,
    payment_id: null,
    payment_no: null,
    refund_id: null,
    refund_no: null,
    expires_at: expiresAt,
    cancel_until: cancelUntilOf(rules, session.business_date),
    choose_until: null,
    reason: null,
    moved_to: null,
    due_at: expiresAt,
    attempts: 0,
    created_by: actor.name,
    created_at: now,
    updated_at: now,
  }
}

type Placed = { session: SessionRow; slot: SlotRow | null; feeFen: Fen; actor: Actor }

export const subjectOf = (id: Id<'Appointment'>) => `appointment:${id}`
