import { expect, it } from 'vitest'

import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { boardOf } from './board.ts'
import { learntDuration, NO_DURATIONS } from './durations.ts'
import { USUAL_QUEUE_RULES } from './order.ts'
import type { Ticket, TicketId, TicketState } from './queue.ts'

const NINE = new Date('2026-11-23T09:00:00+08:00')
const duration = learntDuration(NO_DURATIONS, NO_DURATIONS)
const ticketOf = (number: number, state: TicketState): Ticket => ({
  id: `ticket-${number}` as TicketId,
  number,
  priority: 'ordinary',
  turnAt: addMs(NINE, number * MINUTE_MS),
  state,
})

it('[J3] a board shows who is at the doctor, then the line, by masked names only', () => {
  const states: TicketState[] = ['done', 'in_service', 'left', 'waiting', 'waiting']
  const tickets = states.map((state, i) => ticketOf(i + 1, state)).toReversed()
  const room = {
    inService: { duration, elapsedMs: MINUTE_MS },
    opening: null,
    pause: null,
    pace: { factor: 1, variance: 0 },
    unforeseen: 0,
    doubt: 1,
  }
  const rows = boardOf({ tickets, callsByTurn: 0 }, USUAL_QUEUE_RULES, room, () => {
    return { name: '张小三', duration, comes: 1 }
  })
  expect(rows.map(({ number, state, ahead }) => [number, state, ahead])).toEqual([
    [2, 'in_service', 0],
    [4, 'waiting', 0],
    [5, 'waiting', 1],
  ])
  expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(['*小三']))
  const [atDoctor, next, last] = rows
  expect(atDoctor?.waiting).toBeNull()
  expect(next?.waiting?.medianMs).toBeGreaterThan(0)
  expect(last?.waiting?.medianMs).toBeGreaterThan(next?.waiting?.medianMs ?? Infinity)
})
