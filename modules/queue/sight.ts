import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Appointment } from '../booking/index.ts'
import type { Moments } from './durations.ts'
import type { Learnt } from './learnt-store.ts'
import type { QueueRules } from './order.ts'
import { orderOf } from './order.ts'
import type { Queue, Ticket, TicketId } from './queue.ts'
import { residualOf } from './residual.ts'
import type { LineRow, TicketRow } from './store.ts'
import { type Line, paceOf, type WaitingTime, waitingTimes } from './waiting-time.ts'

// A line as it stands at a moment: who is where in it, and how long each waits.

export type Sight = {
  line: LineRow
  /** Who is called or in service, then those who wait, in the order of their calls, then who was passed. */
  places: Place[]
  at: Date
}

export type Place = {
  ticket: TicketRow
  /** How many are here and called before; 0 for who does not wait. */
  ahead: number
  waiting: WaitingTime | null // of who waits
}

/** What a line is read with. `expected` have booked and are not here yet. */
export type LineState = {
  line: LineRow
  tickets: readonly TicketRow[]
  expected: readonly Pick<Appointment, 'id' | 'startsAt' | 'slotNumber'>[]
  learnt: Learnt
  rules: QueueRules
}

export function sightOf(state: LineState, now: Date): Sight {
  const { line, tickets } = state
  const rows = new Map(tickets.map((row) => [row.id, row]))
  const order = lineUp(state, now)
  const times = waitingTimes({ ...roomOf(state, now), ahead: order.map((entry) => entry.ahead) })
  let here = 0
  const waiting = order.flatMap(({ id }, i): Place[] => {
    const ticket = rows.get(id)
    if (!ticket) return []
    here += 1
    return [{ ticket, ahead: here - 1, waiting: times[i] ?? null }]
  })
  const in_ = (...states: TicketRow['state'][]) =>
    tickets
      .filter(({ state: is }) => states.includes(is))
      .map((ticket): Place => ({ ticket, ahead: 0, waiting: null }))
  return { line, places: [...in_('called', 'in_service'), ...waiting, ...in_('passed')], at: now }
}

/** How long somebody would wait who came in now with this ticket, and what a naive mean would say. */
export function foretell(
  state: LineState,
  ticket: Ticket,
  now: Date,
): { waiting: WaitingTime; naiveMs: number } {
  const others = lineUp(state, now, ticket)
  const place = others.findIndex(({ id }) => id === ticket.id)
  const times = waitingTimes({ ...roomOf(state, now), ahead: others.map(({ ahead }) => ahead) })
  const waiting = times[place] ?? { lowMs: 0, medianMs: 0, highMs: 0 }
  const here = new Set(state.tickets.map(({ id }) => id))
  const before = others.slice(0, place).filter(({ id }) => here.has(id)).length
  return { waiting, naiveMs: Math.round(before * state.learnt.naiveMeanMs) }
}

export const toTicket = (row: TicketRow): Ticket => ({
  id: row.id,
  number: row.number,
  priority: row.priority,
  turnAt: row.turn_at,
  state: row.state,
})

export const queueOf = (line: LineRow, tickets: readonly TicketRow[]): Queue => ({
  tickets: tickets.map(toTicket),
  callsByTurn: line.calls_by_turn,
})

/** What `sightOf` and `foretell` need, but for the expected: read under whatever lock the caller has. */
export type ReadState = (tx: Tx, line: LineRow) => Promise<Omit<LineState, 'expected'>>

/** Those who wait and those who are expected, in the order of their calls. */
function lineUp({ line, tickets, expected, learnt, rules }: LineState, now: Date, more?: Ticket) {
  const { durations } = learnt
  const visits = new Map(tickets.map(({ id, visit }) => [id, visit]))
  const absent = new Set<TicketId>()
  const ghosts = expected
    .filter(({ startsAt }) => now <= addMs(startsAt, rules.slotKeptMs))
    .map(({ id, startsAt, slotNumber }): Ticket => {
      const ghost = id as string as TicketId
      absent.add(ghost)
      return {
        id: ghost,
        number: BEHIND_ALL + (slotNumber ?? 0),
        priority: 'ordinary',
        turnAt: startsAt,
        state: 'waiting',
      }
    })
  const all = [...tickets.map(toTicket), ...ghosts, ...(more ? [more] : [])]
  const order = orderOf({ tickets: all, callsByTurn: line.calls_by_turn }, rules)
  return order.map(({ ticket: { id } }) => ({
    id,
    ahead: {
      duration: durations[visits.get(id) ?? 'first'],
      comes: absent.has(id) ? COMES_WHO_BOOKED : COMES_WHO_IS_HERE,
    },
  }))
}

/** Numbers of who is not here, behind those of the same moment who are. */
const BEHIND_ALL = 1_000_000

const COMES_WHO_BOOKED = 0.88
const COMES_WHO_IS_HERE = 0.97

function roomOf({ line, tickets, learnt }: LineState, now: Date): Omit<Line, 'ahead'> {
  const atWork = tickets.filter(({ state }) => state === 'called' || state === 'in_service')
  const rooms = Math.max(1, new Set(atWork.map(({ room }) => room)).size)
  const next = atWork.toSorted((a, b) => Number(a.called_at) - Number(b.called_at))[0]
  const since = next && (next.began_at ?? next.called_at)
  const today = paceOf(line.actual_ms, line.expected_ms)
  return {
    inService:
      next && since
        ? {
            duration: learnt.durations[next.visit],
            elapsedMs: Math.max(0, now.getTime() - since.getTime()),
          }
        : null,
    opening: line.begun_at ? null : openingOf(line.starts_at, now),
    pause: null,
    // Rooms that call from one line share it: the next is free so much sooner.
    pace: { factor: today.factor / rooms, variance: today.variance / rooms ** 2 },
    unforeseen: 0,
    doubt: learnt.doubt,
  }
}

/** Doctors are a few minutes late; who is late already may be so for some time. */
function openingOf(startsAt: Date, now: Date): Moments {
  const untilMs = startsAt.getTime() - now.getTime()
  if (untilMs >= 0) return { mean: untilMs + LATENESS.mean, variance: LATENESS.variance }
  return residualOf(LATENESS, -untilMs)
}

const LATENESS: Moments = { mean: 6 * MINUTE_MS, variance: (7 * MINUTE_MS) ** 2 }
