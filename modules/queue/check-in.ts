import type { HospitalId } from '../../kernel/id.ts'
import { metresBetween, type Place } from '../../kernel/place.ts'
import { type BusinessDate, businessDateOf, yearsBetween } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Appointment, AppointmentId } from '../booking/index.ts'
import type { NewMedium, PersonId } from '../identity/index.ts'
import type { QueueDependencies } from './dependencies.ts'
import { queueErrors } from './errors.ts'
import type { Via } from './lines.ts'
import { priorityOf, turnOf } from './order.ts'
import type { PriorityClass, Ticket, TicketId } from './queue.ts'
import { expectedIn, readState } from './reading.ts'
import { checkInWindow, type HospitalQueueRules } from './rules.ts'
import { foretell } from './sight.ts'
import type { LineKey, TicketRow } from './store.ts'
import {
  changeLine,
  findLine,
  insertTicket,
  isSecondTicket,
  type LineRow,
  lockLine,
  newestRules,
  openLine,
  openTickets,
  ticketOfAppointment,
} from './store.ts'

export type CheckIn = {
  hospitalId: HospitalId
  /** The id that a new ticket has. */
  id: TicketId
  personId: PersonId
  /** Which booking of today; the only one in its window without it. */
  appointmentId?: AppointmentId | undefined
  via: Exclude<Via, 'transfer'>
}

/**
 * Takes somebody with a booking of today into the line of their doctor. Again, by whatever medium, it gives the same ticket.
 * Errors: no_booking_today, several_bookings, not_booked, too_early, too_late.
 */
export async function checkIn(
  deps: QueueDependencies,
  wish: CheckIn,
  actor: Actor,
): Promise<TicketRow> {
  const { hospitalId, personId, via } = wish
  const { rules } = await inHospital(deps.db, hospitalId, (tx) => newestRules(tx, hospitalId))
  const appointment = await bookingOf(deps, wish, rules)
  const known = await inHospital(deps.db, hospitalId, (tx) =>
    ticketOfAppointment(tx, hospitalId, appointment.id),
  )
  if (known) return known
  mayCheckIn(appointment, rules, deps.clock.now())
  const line = await lineOf(deps, appointment)
  return enter(
    deps,
    { hospitalId, id: line.id },
    {
      id: wish.id,
      personId,
      appointmentId: appointment.id,
      slotAt: appointment.startsAt,
      hasResults: false,
      priority: null,
      via,
    },
    actor,
  )
}

export type WalkIn = {
  hospitalId: HospitalId
  id: TicketId
  lineId: LineRow['id']
  personId: PersonId
  /** Null: by age, and by whether they come back with results. */
  priority: PriorityClass | null
  hasResults: boolean
  via: Extract<Via, 'kiosk' | 'desk'>
}

/** Takes somebody without a number into a line. Who is in it already gets the ticket they have. Errors: line_not_found, line_over. */
export const walkIn = (
  deps: QueueDependencies,
  { hospitalId, lineId, ...wish }: WalkIn,
  actor: Actor,
): Promise<TicketRow> =>
  enter(deps, { hospitalId, id: lineId }, { ...wish, appointmentId: null, slotAt: null }, actor)

/** Whom a medium is of, read at a desk, a kiosk or a gate. Errors: nobody_found, medium_not_active. */
export async function personOf(
  { identity }: QueueDependencies,
  medium: NewMedium,
): Promise<PersonId> {
  const found = await identity.resolveMedium(medium)
  if (!found) throw queueErrors.nobody_found()
  if (found.status !== 'active') throw queueErrors.medium_not_active({ status: found.status })
  return found.currentPersonId
}

/**
 * That a phone is within the radius of the gate, by what it says of its place. In metres.
 * Errors: no_gate, place_vague, too_far.
 */
export function atTheGate(
  { gate, radiusM }: HospitalQueueRules,
  place: Place & { accuracyM: number },
): number {
  if (!gate) throw queueErrors.no_gate()
  if (place.accuracyM > radiusM) {
    throw queueErrors.place_vague({ accuracyM: Math.round(place.accuracyM), radiusM })
  }
  const distanceM = metresBetween(gate, place)
  if (distanceM > radiusM) throw queueErrors.too_far({ distanceM, radiusM })
  return distanceM
}

async function bookingOf(
  { booking, clock }: QueueDependencies,
  { hospitalId, personId, appointmentId }: CheckIn,
  rules: HospitalQueueRules,
): Promise<Appointment> {
  const now = clock.now()
  const today = businessDateOf(now)
  const page = await booking.appointmentsOfHospital(
    hospitalId,
    { personId, from: today },
    { limit: MOST_BOOKINGS },
  )
  const ofToday = page.items.filter(
    ({ businessDate, status }) => businessDate === today && EVER_BOOKED.has(status),
  )
  if (appointmentId) {
    const named = ofToday.find(({ id }) => id === appointmentId)
    if (!named) throw queueErrors.no_booking_today()
    return named
  }
  const live = ofToday.filter(({ status }) => status === 'booked' || status === 'checked_in')
  const open = live.filter(({ startsAt }) => isWithin(checkInWindow(startsAt, rules), now))
  const [first, second] = open.length > 0 ? open : live
  if (!first) throw queueErrors.no_booking_today()
  if (second) throw queueErrors.several_bookings({ count: Math.max(open.length, live.length) })
  return first
}

/** A person has so few bookings ahead, by the caps of booking. */
const MOST_BOOKINGS = 200
const EVER_BOOKED = new Set<Appointment['status']>([
  'held',
  'booked',
  'checked_in',
  'finished',
  'no_show',
])

function mayCheckIn({ status, startsAt }: Appointment, rules: HospitalQueueRules, now: Date): void {
  if (status !== 'booked' && status !== 'checked_in') throw queueErrors.not_booked({ status })
  const { opensAt, closesAt } = checkInWindow(startsAt, rules)
  if (now < opensAt) throw queueErrors.too_early({ at: opensAt.toISOString() })
  if (now > closesAt) throw queueErrors.too_late({ at: closesAt.toISOString() })
}

const isWithin = ({ opensAt, closesAt }: ReturnType<typeof checkInWindow>, now: Date): boolean =>
  now >= opensAt && now <= closesAt

async function lineOf(deps: QueueDependencies, appointment: Appointment): Promise<LineRow> {
  const { hospitalId, sessionId } = appointment
  const session = await deps.booking.session(hospitalId, sessionId)
  return openLineOf(deps, hospitalId, {
    kind: 'clinic',
    session_id: sessionId,
    department_code: session.department.code,
    department_name: session.department.name,
    doctor_code: session.doctor.code,
    doctor_name: session.doctor.name,
    location: session.location,
    starts_at: session.startsAt,
    business_date: session.businessDate,
  })
}

export type NewLine = Pick<
  LineRow,
  | 'kind'
  | 'session_id'
  | 'department_code'
  | 'department_name'
  | 'doctor_code'
  | 'doctor_name'
  | 'location'
  | 'starts_at'
> & { business_date: BusinessDate }

/** The line of a session or of a room's day; made by whoever needs it first. */
export const openLineOf = (
  { db, clock, newId }: QueueDependencies,
  hospitalId: HospitalId,
  line: NewLine,
): Promise<LineRow> =>
  inHospital(db, hospitalId, (tx) =>
    openLine(tx, {
      ...line,
      hospital_id: hospitalId,
      id: newId(),
      begun_at: null,
      last_number: 0,
      calls_by_turn: 0,
      actual_ms: 0,
      expected_ms: 0,
      revision: 1,
      created_at: clock.now(),
    }),
  )

export type Entry = Pick<WalkIn, 'id' | 'personId' | 'priority' | 'hasResults'> & {
  appointmentId: AppointmentId | null
  slotAt: Date | null
  via: Via
}

async function enter(
  deps: QueueDependencies,
  key: LineKey,
  entry: Entry,
  actor: Actor,
): Promise<TicketRow> {
  const { db } = deps
  const line = await inHospital(db, key.hospitalId, (tx) => findLine(tx, key))
  if (!line) throw queueErrors.line_not_found({ id: key.id })
  const expected = await expectedIn(deps, key.hospitalId, line.session_id)
  const ageYears = await ageOf(deps, entry.personId)
  const facts = { ageYears, expected }
  try {
    return await inHospital(db, key.hospitalId, (tx) =>
      enterLocked(deps, tx, key, { ...entry, ...facts }, actor),
    )
  } catch (error) {
    if (!isSecondTicket(error)) throw error
    // Kiosk and phone at once: one number, and the second sees it.
    return inHospital(db, key.hospitalId, async (tx) => {
      const theirs = entry.appointmentId
        ? await ticketOfAppointment(tx, key.hospitalId, entry.appointmentId)
        : await openTicketOf(tx, key, entry.personId)
      if (!theirs) throw error
      return theirs
    })
  }
}

/** What `enter` knows before the line is locked. */
export type EntryWithFacts = Entry & {
  ageYears: number | null
  expected: Awaited<ReturnType<typeof expectedIn>>
}

/** Within a transaction: the line is locked, a number given, and what is told of the wait kept. */
export async function enterLocked(
  deps: QueueDependencies,
  tx: Tx,
  key: LineKey,
  entry: EntryWithFacts,
  actor: Actor,
): Promise<TicketRow> {
  const { clock, audit, publish } = deps
  const { hospitalId } = key
  const line = await lockLine(tx, key)
  if (!line) throw queueErrors.line_not_found({ id: key.id })
  const now = clock.now()
  if (line.business_date !== businessDateOf(now)) throw queueErrors.line_over()
  const known = await openTicketOf(tx, key, entry.personId)
  if (known) return known
  const state = await readState(tx, line)
  const { id, personId, appointmentId, slotAt, via, hasResults } = entry
  const number = line.last_number + 1
  const priority =
    entry.priority ?? priorityOf({ ageYears: entry.ageYears, hasResults }, state.rules)
  const turnAt = turnOf(slotAt, now, state.rules)
  const ticket: Ticket = { id, number, priority, turnAt, state: 'waiting' }
  const absent = entry.expected.filter((one) => one.id !== appointmentId)
  const { waiting, naiveMs } = foretell({ ...state, expected: absent }, ticket, now)
  const row: TicketRow = {
    hospital_id: hospitalId,
    id,
    line_id: line.id,
    person_id: personId,
    appointment_id: appointmentId,
    number,
    priority,
    visit: hasResults ? 'results' : 'first',
    state: 'waiting',
    turn_at: turnAt,
    by_priority: false,
    turns_before: 0,
    checked_in_at: now,
    via,
    call_id: null,
    room: null,
    called_at: null,
    began_at: null,
    ended_at: null,
    told_low_ms: waiting.lowMs,
    told_median_ms: waiting.medianMs,
    told_high_ms: waiting.highMs,
    naive_ms: naiveMs,
    waited_ms: null,
    moved_to: null,
  }
  await insertTicket(tx, row)
  await changeLine(tx, line, { last_number: number })
  const detail = { via, number, priority }
  await audit(tx, hospitalId, actor, { action: 'queue.check_in', subject: `ticket:${id}`, detail })
  const changed = { hospitalId, lineId: line.id, ticketId: id, appointmentId, kind: 'check_in' }
  await publish(tx, 'queue.changed', changed)
  return row
}

export async function ageOf(
  { identity, clock }: QueueDependencies,
  personId: PersonId,
): Promise<number | null> {
  const [facts] = await identity.factsOf([personId])
  return facts ? yearsBetween(facts.birthDate, businessDateOf(clock.now())) : null
}

async function openTicketOf(tx: Tx, key: LineKey, personId: PersonId): Promise<TicketRow | null> {
  const open = await openTickets(tx, key)
  return open.find(({ person_id }) => person_id === personId) ?? null
}
