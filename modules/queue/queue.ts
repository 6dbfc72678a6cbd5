import type { Id } from '../../kernel/id.ts'

// The words of a queue: who waits before a room (a doctor's, the laboratory's), and who is called next.

export type TicketId = Id<'QueueTicket'>

/** passed: was called and did not come; transferred: waits before another room now. */
export type TicketState =
  | 'waiting'
  | 'called'
  | 'in_service'
  | 'done'
  | 'passed'
  | 'left'
  | 'transferred'

/** returning: comes back with results of a test that the doctor asked for. */
export type PriorityClass = 'emergency' | 'returning' | 'elderly' | 'ordinary'

export type Ticket = {
  id: TicketId
  /** In the order of check-in; decides between two of the same moment. */
  number: number
  priority: PriorityClass
  /** The place in the line of the class, as a moment: made by `turnOf`, moved by `recalled`. */
  turnAt: Date
  state: TicketState
}

/** Those before one room, in any order. */
export type Queue = {
  tickets: readonly Ticket[]
  /** How many were called in their turn since somebody was preferred to them. */
  callsByTurn: number
}
