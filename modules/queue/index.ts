// The door of the module: other modules, adapters and apps import this file and no other.
export { type BoardPerson, type BoardRow, boardOf } from './board.ts'
export type { QueueDependencies } from './dependencies.ts'
export { createQueueDesk, type QueueDesk } from './desk.ts'
export {
  type DurationSums,
  type LearntDuration,
  learntDuration,
  type Moments,
  NO_DURATIONS,
  withDuration,
} from './durations.ts'
export { type Compared, doubtOf, NOTHING_COMPARED, withCompared } from './doubt.ts'
export { callsAfter, orderOf, type QueueRules, turnOf, USUAL_QUEUE_RULES } from './order.ts'
export type { PriorityClass, Queue, Ticket, TicketId, TicketState } from './queue.ts'
export { residualOf } from './residual.ts'
export { queueRoutes } from './routes.ts'
export { type Ahead, type Line, paceOf, type WaitingTime, waitingTimes } from './waiting-time.ts'
