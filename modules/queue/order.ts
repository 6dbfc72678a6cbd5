import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import type { PriorityClass, Queue, Ticket } from './queue.ts'

// Who is called next, by rules that are data.

export type QueueRules = {
  elderlyFromYears: number
  /** Who was passed and comes back has so many others called first. */
  recallPlacesBack: number
  /** At most one of so many calls passes over somebody whose turn it is; an emergency is not counted. */
  priorityEvery: number
  /** Who checks in so long after the slot began has lost it, and takes the turn of a walk-in. */
  slotKeptMs: number
  /** Between classes, where one is preferred: the lower rank. An emergency is called before all others. */
  classes: Record<PriorityClass, number>
}

export const USUAL_QUEUE_RULES: QueueRules = {
  elderlyFromYears: 75,
  recallPlacesBack: 3,
  priorityEvery: 3,
  slotKeptMs: 10 * MINUTE_MS,
  classes: { emergency: 0, returning: 1, elderly: 2, ordinary: 3 },
}

/** `byPriority`: others of the line were passed over, which the next calls make good. */
export type Call = { ticket: Ticket; byPriority: boolean }

/** Null when nobody waits. */
export const nextOf = (queue: Queue, rules: QueueRules): Call | null =>
  orderOf(queue, rules)[0] ?? null

/** Those who wait, as they will be called if nobody else comes. */
export function orderOf({ tickets, callsByTurn }: Queue, rules: QueueRules): Call[] {
  const { classes, priorityEvery } = rules
  const waiting = tickets.filter(({ state }) => state === 'waiting').toSorted(byTurn)
  const line = waiting.filter(({ priority }) => priority !== 'emergency')
  const preferred = line
    .filter(({ priority }) => priority !== 'ordinary')
    .toSorted((a, b) => classes[a.priority] - classes[b.priority])
  const order: Call[] = waiting
    .filter(({ priority }) => priority === 'emergency')
    .map((ticket) => ({ ticket, byPriority: false }))
  const called = new Set<Ticket>()
  const nextIn = firstNotIn(called)
  let since = callsByTurn
  while (called.size < line.length) {
    const first = nextIn(line)
    const favoured = since >= priorityEvery - 1 ? nextIn(preferred) : undefined
    const ticket = favoured ?? first
    if (!ticket) break
    const byPriority = ticket !== first
    since = byPriority ? 0 : since + 1
    called.add(ticket)
    order.push({ ticket, byPriority })
  }
  return order
}

/** What `callsByTurn` is after a call. */
export const callsAfter = (calls: number, { ticket, byPriority }: Call): number => {
  if (byPriority) return 0
  return ticket.priority === 'emergency' ? calls : calls + 1
}

/** The turn of somebody who checks in: of the slot while it is kept, else of who just came. */
export const turnOf = (slotAt: Date | null, checkedInAt: Date, { slotKeptMs }: QueueRules): Date =>
  slotAt && checkedInAt <= addMs(slotAt, slotKeptMs) ? slotAt : checkedInAt

export function priorityOf(
  person: { ageYears: number | null; hasResults: boolean },
  { elderlyFromYears }: QueueRules,
): PriorityClass {
  if (person.hasResults) return 'returning'
  return (person.ageYears ?? 0) >= elderlyFromYears ? 'elderly' : 'ordinary'
}

/**
 * The ticket of somebody who was passed and is here now: so many others are called first, and a priority other than
 * emergency is spent.
 */
export function recalled(ticket: Ticket, { tickets }: Queue, rules: QueueRules): Ticket {
  if (ticket.priority === 'emergency') return { ...ticket, state: 'waiting' }
  const line = tickets
    .filter(({ id, state, priority }) => {
      return id !== ticket.id && state === 'waiting' && priority !== 'emergency'
    })
    .toSorted(byTurn)
  const before = line[Math.min(rules.recallPlacesBack, line.length) - 1]
  const turnAt = before ? addMs(before.turnAt, 1) : ticket.turnAt
  return { ...ticket, priority: 'ordinary', state: 'waiting', turnAt }
}

/** The first of a list that is not called yet; each list is gone through once. */
function firstNotIn(called: ReadonlySet<Ticket>) {
  const places = new Map<readonly Ticket[], number>()
  return (list: readonly Ticket[]): Ticket | undefined => {
    let place = places.get(list) ?? 0
    for (let ticket = list[place]; ticket && called.has(ticket); ticket = list[place]) place += 1
    places.set(list, place)
    return list[place]
  }
}

const byTurn = (a: Ticket, b: Ticket): number =>
  a.turnAt.getTime() - b.turnAt.getTime() || a.number - b.number
