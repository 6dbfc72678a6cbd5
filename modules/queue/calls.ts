import type { Id } from '../../kernel/id.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { ageOf, enterLocked } from './check-in.ts'
import type { QueueDependencies } from './dependencies.ts'
import { queueErrors } from './errors.ts'
import { learnDoubt, learnDuration } from './learnt-store.ts'
import type { LineId } from './lines.ts'
import { stateAfter, type TicketAct } from './machine.ts'
import { callsAfter, nextOf, recalled } from './order.ts'
import type { TicketId } from './queue.ts'
import { expectedIn, readState } from './reading.ts'
import { queueOf, toTicket } from './sight.ts'
import {
  changeLine,
  changeTicket,
  findLine,
  findTicket,
  type LineKey,
  type LineRow,
  lockLine,
  type TicketKey,
  ticketOfCall,
  type TicketRow,
} from './store.ts'

/**
 * Calls whose turn it is into a room; two rooms that call at once call two people, since the line is locked and the ticket
 * changed only while it waits. The same call again answers the same.
 * Errors: line_not_found, line_over, nobody_waits.
 */
export async function callNext(
  deps: QueueDependencies,
  { key, callId, room }: { key: LineKey; callId: Id<'QueueCall'>; room: string },
  actor: Actor,
): Promise<TicketRow> {
  const { db, clock } = deps
  const { hospitalId } = key
  return inHospital(db, hospitalId, async (tx) => {
    const line = await lockedLine(deps, tx, key)
    const known = await ticketOfCall(tx, hospitalId, callId)
    if (known) return known
    const { tickets, rules } = await readState(tx, line)
    const call = nextOf(queueOf(line, tickets), rules)
    const next = call && tickets.find(({ id }) => id === call.ticket.id)
    if (!call || !next) throw queueErrors.nobody_waits()
    const now = clock.now()
    const waitedMs = next.waited_ms ?? now.getTime() - next.checked_in_at.getTime()
    if (next.waited_ms === null) await learnDoubt(tx, line, next, waitedMs)
    const called = await changeTicket(tx, next, {
      state: 'called',
      by_priority: call.byPriority,
      turns_before: line.calls_by_turn,
      call_id: callId,
      room,
      called_at: now,
      waited_ms: waitedMs,
    })
    if (!called) throw queueErrors.state_differs({ state: next.state })
    await changeLine(tx, line, {
      begun_at: line.begun_at ?? now,
      calls_by_turn: callsAfter(line.calls_by_turn, call),
    })
    await tell(deps, tx, called, { act: 'call', actor, detail: { room } })
    return called
  })
}

export type PlainAct = Exclude<TicketAct, 'call' | 'transfer'>

/** What is done with a ticket. Done already, it answers the same. Errors: ticket_not_found, line_over, state_differs. */
export async function act(
  deps: QueueDependencies,
  { key, what }: { key: TicketKey; what: PlainAct },
  actor: Actor,
): Promise<TicketRow> {
  return withTicket(deps, key, async (tx, line, ticket) => {
    const state = stateAfter(ticket.state, what)
    if (!state) {
      if (isDone(ticket, what)) return ticket
      throw queueErrors.state_differs({ state: ticket.state })
    }
    const changes = await changesOf(deps, tx, { line, ticket, what })
    const changed = await changeTicket(tx, ticket, { ...changes, state })
    if (!changed) throw queueErrors.state_differs({ state: ticket.state })
    if (what === 'finish') await learn(tx, line, changed)
    const undone = what === 'undo_call' ? { calls_by_turn: ticket.turns_before } : {}
    if (what !== 'finish') await changeLine(tx, line, undone)
    await tell(deps, tx, changed, { act: what, actor, detail: {} })
    return changed
  })
}

/** Sends somebody on to wait before another room, and gives them a number there. Errors: as `act`, same_line, line_not_found. */
export async function transfer(
  deps: QueueDependencies,
  { key, id, lineId }: { key: TicketKey; id: TicketId; lineId: LineId },
  actor: Actor,
): Promise<TicketRow> {
  const { hospitalId } = key
  const target = { hospitalId, id: lineId }
  const known = await inHospital(deps.db, hospitalId, async (tx) => {
    const ticket = await findTicket(tx, key)
    if (!ticket) throw queueErrors.ticket_not_found({ id: key.id })
    const line = await findLine(tx, target)
    if (!line) throw queueErrors.line_not_found({ id: lineId })
    if (ticket.line_id === lineId) throw queueErrors.same_line()
    return { ticket, line }
  })
  const expected = await expectedIn(deps, hospitalId, known.line.session_id)
  const ageYears = await ageOf(deps, known.ticket.person_id)
  return inHospital(deps.db, hospitalId, async (tx) => {
    // Both lines in the order of their ids: two that send to each other do not wait for each other for ever.
    for (const line of [known.ticket.line_id, lineId].toSorted()) {
      await lockLine(tx, { hospitalId, id: line })
    }
    const ticket = await findTicket(tx, key)
    if (!ticket) throw queueErrors.ticket_not_found({ id: key.id })
    if (ticket.moved_to) {
      const moved = await findTicket(tx, { hospitalId, id: ticket.moved_to })
      if (moved?.line_id === lineId) return moved
    }
    if (!stateAfter(ticket.state, 'transfer')) {
      throw queueErrors.state_differs({ state: ticket.state })
    }
    const entry = {
      id,
      personId: ticket.person_id,
      appointmentId: null,
      slotAt: null,
      priority: ticket.priority === 'emergency' ? ticket.priority : null,
      hasResults: false,
      via: 'transfer' as const,
      ageYears,
      expected,
    }
    const made = await enterLocked(deps, tx, target, entry, actor)
    const ended = { ended_at: deps.clock.now(), moved_to: made.id }
    const left = await changeTicket(tx, ticket, { ...ended, state: 'transferred' })
    if (!left) throw queueErrors.state_differs({ state: ticket.state })
    await changeLine(tx, { hospital_id: hospitalId, id: ticket.line_id })
    await tell(deps, tx, left, { act: 'transfer', actor, detail: { to: made.id } })
    return made
  })
}

/** What an act writes besides the state. */
async function changesOf(
  { clock }: QueueDependencies,
  tx: Tx,
  { line, ticket, what }: { line: LineRow; ticket: TicketRow; what: PlainAct },
) {
  const now = clock.now()
  switch (what) {
    case 'call_again':
      return {}
    case 'undo_call':
      return { call_id: null, room: null, called_at: null, by_priority: false }
    case 'begin':
      return { began_at: now }
    case 'finish':
      return { ended_at: now }
    case 'pass':
      return { room: null }
    case 'leave':
      return { ended_at: now }
    case 'recall': {
      const { tickets, rules } = await readState(tx, line)
      const back = recalled(toTicket(ticket), queueOf(line, tickets), rules)
      return { priority: back.priority, turn_at: back.turnAt, call_id: null }
    }
  }
}

/** The end of a visit teaches how long they take, and how today goes. */
async function learn(tx: Tx, line: LineRow, ticket: TicketRow): Promise<void> {
  const since = ticket.began_at ?? ticket.called_at
  if (!since || !ticket.ended_at) return changeLine(tx, line)
  const { learnt } = await readState(tx, line)
  const tookMs = ticket.ended_at.getTime() - since.getTime()
  await learnDuration(tx, line, ticket.visit, tookMs)
  await changeLine(tx, line, {
    actual_ms: line.actual_ms + tookMs,
    expected_ms: line.expected_ms + Math.round(learnt.durations[ticket.visit].mean),
  })
}

const DONE_BY: Partial<Record<PlainAct, TicketRow['state']>> = {
  begin: 'in_service',
  finish: 'done',
  pass: 'passed',
  leave: 'left',
  recall: 'waiting',
  undo_call: 'waiting',
}

const isDone = ({ state }: TicketRow, what: PlainAct): boolean => DONE_BY[what] === state

async function withTicket(
  deps: QueueDependencies,
  key: TicketKey,
  work: (tx: Tx, line: LineRow, ticket: TicketRow) => Promise<TicketRow>,
): Promise<TicketRow> {
  return inHospital(deps.db, key.hospitalId, async (tx) => {
    const seen = await findTicket(tx, key)
    if (!seen) throw queueErrors.ticket_not_found({ id: key.id })
    const line = await lockedLine(deps, tx, { hospitalId: key.hospitalId, id: seen.line_id })
    const ticket = await findTicket(tx, key)
    if (!ticket) throw queueErrors.ticket_not_found({ id: key.id })
    return work(tx, line, ticket)
  })
}

async function lockedLine({ clock }: QueueDependencies, tx: Tx, key: LineKey): Promise<LineRow> {
  const line = await lockLine(tx, key)
  if (!line) throw queueErrors.line_not_found({ id: key.id })
  if (line.business_date !== businessDateOf(clock.now())) throw queueErrors.line_over()
  return line
}

async function tell(
  { audit, publish }: QueueDependencies,
  tx: Tx,
  ticket: TicketRow,
  fact: { act: TicketAct; actor: Actor; detail: Record<string, string> },
): Promise<void> {
  const { hospital_id: hospitalId, id, line_id: lineId, appointment_id: appointmentId } = ticket
  const { act: kind, actor, detail } = fact
  await audit(tx, hospitalId, actor, { action: `queue.${kind}`, subject: `ticket:${id}`, detail })
  await publish(tx, 'queue.changed', { hospitalId, lineId, ticketId: id, appointmentId, kind })
}
