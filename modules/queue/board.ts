import { maskName } from '../../platform/masks.ts'
import type { LearntDuration } from './durations.ts'
import { orderOf, type QueueRules } from './order.ts'
import type { Queue, Ticket, TicketId } from './queue.ts'
import { type Line, type WaitingTime, waitingTimes } from './waiting-time.ts'

/** A line of the screen before a room, for everybody to see: *小三. */
export type BoardRow = {
  ticketId: TicketId
  number: number
  name: string
  state: 'waiting' | 'called' | 'in_service'
  /** How many are called before; 0 for who is called or in service. */
  ahead: number
  waiting: WaitingTime | null // null for who is called or in service
}

/** `comes`: how likely somebody who is called is there, from 0 to 1. */
export type BoardPerson = { name: string; duration: LearntDuration; comes: number }

/** Who is called or in service, then those who wait, in the order of their calls. */
export function boardOf(
  queue: Queue,
  rules: QueueRules,
  room: Omit<Line, 'ahead'>,
  personOf: (ticket: Ticket) => BoardPerson,
): BoardRow[] {
  const shown = ({ id, number }: Ticket, name: string) => {
    return { ticketId: id, number, name: maskName(name) }
  }
  const atDoctor = queue.tickets.flatMap((ticket): BoardRow[] => {
    const { state } = ticket
    if (state !== 'called' && state !== 'in_service') return []
    return [{ ...shown(ticket, personOf(ticket).name), state, ahead: 0, waiting: null }]
  })
  const line = orderOf(queue, rules).map(({ ticket }) => ({ ticket, person: personOf(ticket) }))
  const times = waitingTimes({ ...room, ahead: line.map(({ person }) => person) })
  const waiting = line.map(({ ticket, person }, ahead): BoardRow => {
    return { ...shown(ticket, person.name), state: 'waiting', ahead, waiting: times[ahead] ?? null }
  })
  return [...atDoctor, ...waiting]
}
