import type { Scope } from './scope.ts'

/** What applications can be told of. What each means is in docs/interface/webhooks.md. */
export const EVENT_TYPES = [
  'payment.succeeded',
  'payment.failed',
  'payment.closed',
  'payment.returned',
  'refund.succeeded',
  'refund.refused',
  'deposit.low',
  'bill.changed',
  'report.ready',
  'reconciliation.day_closed',
  'reconciliation.difference_opened',
  'reconciliation.case_overdue',
  'statements.late',
  'statements.missing',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** Beside events:read: who may not read payments is not told of them either. */
const scopeOfEvent = (type: EventType): Scope =>
  /^(reconciliation|statements)\./.test(type) ? 'reconciliation:read' : 'payments:read'

export const mayHear = (scopes: readonly Scope[], type: EventType): boolean =>
  scopes.includes('events:read') && scopes.includes(scopeOfEvent(type))

/** The types that somebody with these scopes is told of. */
export const typesFor = (scopes: readonly Scope[]): EventType[] =>
  EVENT_TYPES.filter((type) => mayHear(scopes, type))
