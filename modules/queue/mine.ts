import type { HospitalId } from '../../kernel/id.ts'
import { businessDateOf, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Appointment, BookingSession } from '../booking/index.ts'
import type { PersonId } from '../identity/index.ts'
import type { QueueDependencies } from './dependencies.ts'
import type { LineId } from './lines.ts'
import { turnOf } from './order.ts'
import type { TicketId } from './queue.ts'
import { expectedIn, readState } from './reading.ts'
import { checkInWindow, type HospitalQueueRules, leaveInMs } from './rules.ts'
import { foretell, type Place, type Sight } from './sight.ts'
import { type LineRow, lineOfSession, newestRules, ticketsOfPerson } from './store.ts'
import type { WaitingTime } from './waiting-time.ts'

/** A ticket of a person, where it stands. */
export type MyTicket = Place & { line: LineRow }

/** A booking of today that is not checked in yet. */
export type Awaited = {
  appointment: Appointment
  session: BookingSession
  opensAt: Date
  closesAt: Date
  /** From now until the call, if they came in time; null where nobody can say yet. */
  waiting: WaitingTime
  /** From now until they have to set out; null where it is not known how far away they are. */
  leaveInMs: number | null
}

export type Mine = { tickets: MyTicket[]; awaited: Awaited[] }

/** Lines a person may have a place in on one day; what is more than these is not shown. */
const MOST_LINES = 10

/** All that a person waits for today. `sightIn` reads a line, perhaps from memory. */
export async function readMine(
  deps: QueueDependencies,
  sightIn: (lineId: LineId) => Promise<Sight>,
  { hospitalId, personId, distanceM }: MineWish,
): Promise<Mine> {
  const today = businessDateOf(deps.clock.now())
  const rows = await inHospital(deps.db, hospitalId, (tx) =>
    ticketsOfPerson(tx, hospitalId, personId, instantAt(today)),
  )
  const lineIds = [...new Set(rows.map(({ line_id }) => line_id))].slice(0, MOST_LINES)
  const sights = await Promise.all(lineIds.map(sightIn))
  const tickets = rows.flatMap((ticket): MyTicket[] => {
    const sight = sights.find(({ line }) => line.id === ticket.line_id)
    if (!sight) return []
    const place = sight.places.find((one) => one.ticket.id === ticket.id)
    return [{ line: sight.line, ...(place ?? { ticket, ahead: 0, waiting: null }) }]
  })
  const here = new Set(rows.map(({ appointment_id }) => appointment_id))
  const page = await deps.booking.appointmentsOfHospital(
    hospitalId,
    { personId, status: 'booked', from: today },
    { limit: MOST_LINES },
  )
  const due = page.items.filter(({ id, businessDate }) => businessDate === today && !here.has(id))
  const { rules } = await inHospital(deps.db, hospitalId, (tx) => newestRules(tx, hospitalId))
  const awaited = await Promise.all(due.map((one) => awaitedOf(deps, one, { rules, distanceM })))
  return { tickets, awaited: awaited.toSorted(byStart) }
}

type MineWish = {
  hospitalId: HospitalId
  personId: PersonId
  /** From the gate, as the phone says; null where it does not. */
  distanceM: number | null
}

const byStart = (a: Awaited, b: Awaited): number =>
  a.appointment.startsAt.getTime() - b.appointment.startsAt.getTime()

async function awaitedOf(
  deps: QueueDependencies,
  appointment: Appointment,
  { rules, distanceM }: { rules: HospitalQueueRules; distanceM: number | null },
): Promise<Awaited> {
  const { hospitalId, sessionId, startsAt } = appointment
  const session = await deps.booking.session(hospitalId, sessionId)
  const waiting = await foretold(deps, appointment, session)
  const leave = distanceM === null ? null : { distanceM, calledInMs: waiting.lowMs }
  return {
    appointment,
    session,
    ...checkInWindow(startsAt, rules),
    waiting,
    leaveInMs: leave && leaveInMs(leave, rules),
  }
}

/** When they would be called who took their place in time, not before the slot. */
async function foretold(
  deps: QueueDependencies,
  { hospitalId, id, startsAt, slotNumber }: Appointment,
  session: BookingSession,
): Promise<WaitingTime> {
  const now = deps.clock.now()
  const untilMs = Math.max(0, startsAt.getTime() - now.getTime())
  const state = await inHospital(deps.db, hospitalId, async (tx) => {
    const line = await lineOfSession(tx, hospitalId, session.id)
    return line && readState(tx, line)
  })
  if (!state) return { lowMs: untilMs, medianMs: untilMs, highMs: untilMs + SLOT_SPREAD_MS }
  const expected = await expectedIn(deps, hospitalId, session.id)
  const others = expected.filter((one) => one.id !== id)
  const ticket = {
    id: id as string as TicketId,
    number: slotNumber ?? 1,
    priority: 'ordinary' as const,
    turnAt: turnOf(startsAt, now, state.rules),
    state: 'waiting' as const,
  }
  const { waiting } = foretell({ ...state, expected: others }, ticket, now)
  return {
    lowMs: Math.max(untilMs, waiting.lowMs),
    medianMs: Math.max(untilMs, waiting.medianMs),
    highMs: Math.max(untilMs, waiting.highMs),
  }
}

const SLOT_SPREAD_MS = 20 * MINUTE_MS // before the doctor has begun, nothing is known of the day
