import { addMs } from '../../../kernel/time.ts'
import type { PaymentBill, Tender } from '../payment.ts'
import { ATTENTION_AFTER_MS } from '../retry.ts'
import { isRefundOver, type Refund, type RefundPart, type RefundStatus } from './refund.ts'

/** What to do next about a refund: one thing at a time, each written down before it is done. */
export type RefundStep =
  | { do: 'wait'; until: Date | null }
  | { do: 'move'; to: RefundStatus }
  | { do: 'approve' }
  | { do: 'void_write_back'; billNo: string }
  | { do: 'size'; tenderNo: number; amountFen: number } // what this part must give back is known now
  | { do: 'return'; tenderNo: number }
  | { do: 'query_return'; tenderNo: number }
  | { do: 'complete' }
  | { do: 'call_a_person'; reason: string }

export type RefundState = {
  refund: Refund
  parts: readonly RefundPart[] // in the order in which they go back: sources first, the payer's channel last
  tenders: readonly Tender[]
  bills: readonly PaymentBill[]
}

/** Pure, like the payment's. */
export function decideRefund(state: RefundState, now: Date): RefundStep {
  const { refund } = state
  if (isRefundOver(refund.status)) return { do: 'wait', until: null }
  if (isOverdue(refund, now)) return { do: 'call_a_person', reason: 'overdue' }
  switch (refund.status) {
    case 'approving':
      return decideApproving(state, now)
    case 'returning':
      return decideReturning(state, now)
    default:
      return whenDue(refund, now) ?? { do: 'complete' }
  }
}

/** The hospital agrees first: it knows what was dispensed. A payment that came to nothing is taken back there. */
function decideApproving({ refund, bills }: RefundState, now: Date): RefundStep {
  if (refund.cause === 'requested') return whenDue(refund, now) ?? { do: 'approve' }
  const told = bills.find((bill) => bill.writeBack === 'asked' || bill.writeBack === 'done')
  if (told) return whenDue(refund, now) ?? { do: 'void_write_back', billNo: told.billNo }
  return { do: 'move', to: 'returning' }
}

function decideReturning({ refund, parts }: RefundState, now: Date): RefundStep {
  const ask = whenDue(refund, now)
  let stillToReturnFen: number = refund.amountFen
  for (const part of parts) {
    switch (part.status) {
      case 'planned':
        if (part.amountFen === null) return sizeOf(part, stillToReturnFen, refund)
        return { do: 'return', tenderNo: part.tenderNo }
      case 'asked':
        return ask ?? { do: 'return', tenderNo: part.tenderNo } // the same number again
      case 'pending':
        return ask ?? { do: 'query_return', tenderNo: part.tenderNo }
      case 'declined':
        return refund.attention
          ? { do: 'wait', until: null }
          : { do: 'call_a_person', reason: part.declineCode ?? 'declined' }
      case 'returned':
        stillToReturnFen -= part.netFen ?? 0
    }
  }
  if (stillToReturnFen !== 0) {
    return refund.attention
      ? { do: 'wait', until: null }
      : { do: 'call_a_person', reason: 'refund_does_not_add_up' }
  }
  return { do: 'move', to: refund.cause === 'requested' ? 'completing' : 'succeeded' }
}

function sizeOf(part: RefundPart, stillToReturnFen: number, refund: Refund): RefundStep {
  if (stillToReturnFen >= 0) {
    return { do: 'size', tenderNo: part.tenderNo, amountFen: stillToReturnFen }
  }
  return refund.attention
    ? { do: 'wait', until: null }
    : { do: 'call_a_person', reason: 'source_returned_too_much' }
}

const whenDue = (refund: Refund, now: Date): RefundStep | null =>
  refund.retryAt !== null && refund.retryAt > now ? { do: 'wait', until: refund.retryAt } : null

const isOverdue = (refund: Refund, now: Date) =>
  refund.attention === null && now >= addMs(refund.createdAt, ATTENTION_AFTER_MS)
