import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { stateAfter, TICKET_ACTS } from './machine.ts'
import {
  callsAfter,
  nextOf,
  orderOf,
  priorityOf,
  recalled,
  turnOf,
  USUAL_QUEUE_RULES as RULES,
} from './order.ts'
import type { PriorityClass, Queue, Ticket, TicketId, TicketState } from './queue.ts'

const NINE = new Date('2026-11-23T09:00:00+08:00')

const ticketOf = (
  number: number,
  { priority = 'ordinary', minute = number, state = 'waiting' }: Partial<Wish> = {},
): Ticket => ({
  id: `ticket-${number}` as TicketId,
  number,
  priority,
  turnAt: addMs(NINE, minute * MINUTE_MS),
  state,
})
type Wish = { priority: PriorityClass; minute: number; state: TicketState }

const wish = fc.record({
  priority: fc.constantFrom<PriorityClass>('emergency', 'returning', 'elderly', 'ordinary'),
  minute: fc.nat({ max: 40 }),
  state: fc.constantFrom<TicketState>('waiting', 'waiting', 'waiting', 'done', 'passed'),
})
const anyQueue = fc
  .record({ wishes: fc.array(wish, { maxLength: 40 }), callsByTurn: fc.nat({ max: 5 }) })
  .map(({ wishes, callsByTurn }): Queue => {
    return { tickets: wishes.map((one, i) => ticketOf(i + 1, one)), callsByTurn }
  })

/** Calls one after the other, as a doctor does. */
function callAll(queue: Queue): Ticket[] {
  const called: Ticket[] = []
  let { tickets, callsByTurn } = queue
  for (;;) {
    const call = nextOf({ tickets, callsByTurn }, RULES)
    if (!call) return called
    called.push(call.ticket)
    callsByTurn = callsAfter(callsByTurn, call)
    tickets = tickets.filter((ticket) => ticket !== call.ticket)
  }
}

const namesOf = (calls: readonly { ticket: Ticket }[]) => calls.map(({ ticket }) => ticket.number)

describe('[J3] who is called next', () => {
  it('is who the order says, one call after the other', () => {
    fc.assert(
      fc.property(anyQueue, (queue) => {
        expect(callAll(queue)).toEqual(orderOf(queue, RULES).map(({ ticket }) => ticket))
      }),
    )
  })

  it('is everybody who waits, once, and nobody else', () => {
    fc.assert(
      fc.property(anyQueue, (queue) => {
        const waiting = queue.tickets.filter(({ state }) => state === 'waiting')
        const order = orderOf(queue, RULES).map(({ ticket }) => ticket)
        expect(new Set(order)).toEqual(new Set(waiting))
        expect(order).toHaveLength(waiting.length)
      }),
    )
  })

  it('passes over those whose turn it is in one call of three at most', () => {
    fc.assert(
      fc.property(anyQueue, (queue) => {
        const calls = orderOf(queue, RULES).filter(({ ticket }) => ticket.priority !== 'emergency')
        for (let i = 0; i + 3 <= calls.length; i++) {
          const three = calls.slice(i, i + 3)
          expect(three.filter(({ byPriority }) => byPriority).length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('never sets somebody back for having a priority', () => {
    fc.assert(
      fc.property(anyQueue, fc.nat({ max: 39 }), (queue, at) => {
        const one = queue.tickets[at]
        if (!one || one.state !== 'waiting' || one.priority === 'emergency') return
        const placeAs = (priority: PriorityClass) => {
          const tickets = queue.tickets.map((t) => (t === one ? { ...t, priority } : t))
          return namesOf(orderOf({ ...queue, tickets }, RULES)).indexOf(one.number)
        }
        expect(placeAs('elderly')).toBeLessThanOrEqual(placeAs('ordinary'))
      }),
    )
  })

  it('is an emergency before all, then every third one who is preferred', () => {
    const tickets = [
      ...[1, 2, 3, 4, 5].map((number) => ticketOf(number)),
      ticketOf(6, { priority: 'elderly' }),
      ticketOf(7, { priority: 'returning' }),
      ticketOf(8, { priority: 'emergency' }),
    ]
    expect(namesOf(orderOf({ tickets, callsByTurn: 0 }, RULES))).toEqual([8, 1, 2, 7, 3, 4, 6, 5])
  })
})

describe('[J3] a place in the line', () => {
  it('is that of the slot until ten minutes after it, then that of a walk-in', () => {
    expect(turnOf(NINE, addMs(NINE, -30 * MINUTE_MS), RULES)).toEqual(NINE)
    expect(turnOf(NINE, addMs(NINE, 10 * MINUTE_MS), RULES)).toEqual(NINE)
    const late = addMs(NINE, 10 * MINUTE_MS + 1)
    expect(turnOf(NINE, late, RULES)).toEqual(late)
    expect(turnOf(null, late, RULES)).toEqual(late)
  })

  it('is three behind for who was passed, or the last, and never before its time', () => {
    fc.assert(
      fc.property(anyQueue, wish, (queue, one) => {
        if (one.priority === 'emergency') return
        const passed = ticketOf(0, { ...one, state: 'passed' })
        const back = recalled(passed, queue, RULES)
        const order = orderOf({ ...queue, tickets: [...queue.tickets, back] }, RULES)
        const place = order.findIndex(({ ticket }) => ticket === back)
        const others = order.length - 1
        expect(place).toBeGreaterThanOrEqual(Math.min(RULES.recallPlacesBack, others))
      }),
    )
    const tickets = [1, 2, 3, 4, 5].map((number) => ticketOf(number))
    const back = recalled(
      ticketOf(9, { state: 'passed', priority: 'elderly' }),
      { tickets, callsByTurn: 0 },
      RULES,
    )
    expect(namesOf(orderOf({ tickets: [...tickets, back], callsByTurn: 0 }, RULES))).toEqual([
      1, 2, 3, 9, 4, 5,
    ])
  })

  it('is preferred with results, or from 75 years on', () => {
    expect(priorityOf({ ageYears: 74, hasResults: false }, RULES)).toBe('ordinary')
    expect(priorityOf({ ageYears: 75, hasResults: false }, RULES)).toBe('elderly')
    expect(priorityOf({ ageYears: null, hasResults: true }, RULES)).toBe('returning')
  })
})

describe('[J3] the states of a ticket', () => {
  it('never leave an end', () => {
    for (const act of TICKET_ACTS) {
      for (const end of ['done', 'left', 'transferred'] as const) {
        expect(stateAfter(end, act)).toBeNull()
      }
    }
  })

  it('are those of a visit, of a call taken back, and of somebody who was passed', () => {
    const walk = (...acts: (typeof TICKET_ACTS)[number][]) =>
      acts.reduce<TicketState | null>((state, act) => state && stateAfter(state, act), 'waiting')
    expect(walk('call', 'call_again', 'begin', 'finish')).toBe('done')
    expect(walk('call', 'undo_call')).toBe('waiting')
    expect(walk('call', 'pass', 'recall', 'call')).toBe('called')
    expect(walk('call', 'begin', 'transfer')).toBe('transferred')
    expect(walk('call', 'begin', 'undo_call')).toBeNull()
    expect(walk('pass')).toBeNull()
  })
})
