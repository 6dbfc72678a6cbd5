import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { PaymentId } from '../payment.ts'

export type RefundId = Id<'Refund'>

/** One giving back of a payment's money, whole or by lines, by the original route. */
export type Refund = {
  readonly hospitalId: HospitalId
  readonly id: RefundId
  readonly paymentId: PaymentId
  readonly cause: RefundCause
  readonly status: RefundStatus
  readonly billNo: string | null
  readonly lineNos: readonly number[]
  readonly amountFen: Fen
  readonly reason: string
  readonly requestedBy: string
  readonly requestNo: string | null
  readonly refusalCode: string | null
  readonly receiptNo: string | null
  readonly attention: string | null
  readonly approvedAt: Date | null // since when it is on its way
  readonly returnedAt: Date | null
  readonly completedAt: Date | null
  readonly version: number
  readonly callNo: number
  readonly inCallUntil: Date | null
  readonly retryAt: Date | null
  readonly attempts: number
  readonly createdAt: Date
  readonly retriedAt: Date | null // since when a part that was declined goes on again
}

/**
 * requested: hospital or payer wants it. compensation: the payment came to nothing. late: money came after the
 * end. reconciliation: the books of a closed day show money for nothing.
 */
export const REFUND_CAUSES = ['requested', 'compensation', 'late', 'reconciliation'] as const
export type RefundCause = (typeof REFUND_CAUSES)[number]

/** approving ─▶ returning ─▶ completing ─▶ succeeded, and from approving also ─▶ refused. */
export const REFUND_STATUSES = [
  'approving',
  'returning',
  'completing',
  'succeeded',
  'refused',
] as const
export type RefundStatus = (typeof REFUND_STATUSES)[number]

const NEXT: Record<RefundStatus, readonly RefundStatus[]> = {
  approving: ['returning', 'refused'],
  returning: ['completing', 'succeeded'],
  completing: ['succeeded'],
  succeeded: [],
  refused: [],
}

export const canRefundMove = (from: RefundStatus, to: RefundStatus): boolean =>
  NEXT[from].includes(to)

export const isRefundOver = (status: RefundStatus): boolean => NEXT[status].length === 0

/** What goes back through one tender. */
export type RefundPart = {
  readonly tenderNo: number
  readonly id: Id<'RefundPart'>
  readonly status: RefundPartStatus
  readonly amountFen: Fen | null
  readonly netFen: Fen | null
  readonly holdId: Id<'Hold'> | null
  readonly declineCode: string | null
}

export type RefundPartStatus = 'planned' | 'asked' | 'pending' | 'returned' | 'declined'
