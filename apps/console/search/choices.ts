import type { Move, Payment, Refund } from '../../../contract/client.ts'
import type { components } from '../../../contract/hub.d.ts'

export type PaymentStatus = Payment['status']
export type MoveKind = Move['kind']

/** In the order in which a payment goes through them. */
export const PAYMENT_STATUSES = [
  'quoted',
  'charging',
  'settling',
  'succeeded',
  'compensating',
  'failed',
  'closed',
] as const satisfies readonly PaymentStatus[]

export const MOVE_KINDS = ['charge', 'return'] as const satisfies readonly MoveKind[]

/** In the order in which a refund goes through them. */
export const REFUND_STATUSES = [
  'approving',
  'returning',
  'completing',
  'succeeded',
  'refused',
] as const satisfies readonly Refund['status'][]
export type RefundStatus = (typeof REFUND_STATUSES)[number]

export const REFUND_CAUSES = [
  'requested',
  'compensation',
  'late',
  'reconciliation',
] as const satisfies readonly Refund['cause'][]
export type RefundCause = (typeof REFUND_CAUSES)[number]

/** The lists of one reconciled day. */
export const DAY_VIEWS = ['differences', 'lines'] as const
export type DayView = (typeof DAY_VIEWS)[number]

export type Difference = components['schemas']['Difference']
export type DifferenceClass = Difference['class']
export type DifferenceStatus = Difference['status']

/** What only they have, what only we have, what is told otherwise: the order of the terms of a day's identity. */
export const DIFFERENCE_CLASSES = [
  'theirs_only',
  'ours_only',
  'amount',
  'status',
  'duplicate',
  'foreign',
  'cross_day',
] as const satisfies readonly DifferenceClass[]

export const DIFFERENCE_STATUSES = [
  'found',
  'repairing',
  'repaired',
  'explained',
  'in_case',
] as const satisfies readonly DifferenceStatus[]

export type Case = components['schemas']['Case']
export type CaseStatus = Case['status']
export type CaseClass = Case['class']

/** Which cases to list: the open ones unless another is chosen. */
export const CASE_VIEWS = ['open', 'resolved', 'any'] as const satisfies readonly (
  | CaseStatus
  | 'any'
)[]
export type CaseView = (typeof CASE_VIEWS)[number]

/** How long a case has been open, youngest first. */
export const CASE_AGES = ['2h', '1d', '3d', '7d', 'older'] as const

export type CaseAge = (typeof CASE_AGES)[number]

export const CASE_CLASSES = [
  'theirs_only',
  'ours_only',
  'amount',
  'status',
  'duplicate',
  'foreign',
  'statement_missing',
  'statement_refused',
  'payment_attention',
  'refund_attention',
  'notice_unread',
  'claim_attention',
  'cross_check',
  'payout_late',
  'payout_differs',
  'receipt_unexplained',
] as const satisfies readonly CaseClass[]
