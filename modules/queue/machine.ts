import type { TicketState } from './queue.ts'

// What may be done with a ticket. What is not listed here cannot happen.

export type TicketAct =
  | 'call'
  | 'call_again'
  | 'undo_call'
  | 'begin'
  | 'finish'
  | 'pass'
  | 'recall'
  | 'leave'
  | 'transfer'

const ACTS: Record<TicketAct, { from: readonly TicketState[]; to: TicketState }> = {
  call: { from: ['waiting'], to: 'called' },
  call_again: { from: ['called'], to: 'called' },
  undo_call: { from: ['called'], to: 'waiting' },
  begin: { from: ['called'], to: 'in_service' },
  // A doctor who does not say that the visit begins says that it is over.
  finish: { from: ['called', 'in_service'], to: 'done' },
  pass: { from: ['called'], to: 'passed' },
  recall: { from: ['passed'], to: 'waiting' },
  leave: { from: ['waiting', 'called', 'passed'], to: 'left' },
  transfer: { from: ['waiting', 'called', 'in_service'], to: 'transferred' },
}

/** The state after the act; null where the act is not allowed. */
export const stateAfter = (state: TicketState, act: TicketAct): TicketState | null =>
  ACTS[act].from.includes(state) ? ACTS[act].to : null

export const TICKET_ACTS = Object.keys(ACTS) as TicketAct[]
