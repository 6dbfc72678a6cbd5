import { type Fen, fen, minFen } from '../../../kernel/money.ts'
import { addMs } from '../../../kernel/time.ts'
import { keptFen, type PaymentBill, type Tender, tenderNumbered } from '../payment.ts'
import { ATTENTION_AFTER_MS } from '../retry.ts'
import { isRefundOver, type Refund, type RefundPart, type RefundStatus } from './refund.ts'

/** What to do next about a refund: one thing at a time, each written down before it is done. */
export type RefundStep =
  | { do: 'wait'; until: Date | null }
  | { do: 'move'; to: RefundStatus }
  | { do: 'approve' }
  | { do: 'void_write_back'; billNo: string }
  | { do: 'size'; tenderNo: number; amountFen: Fen } // what this part must give back is known now
  | { do: 'return'; tenderNo: number }
  | { do: 'query_return'; tenderNo: number }
  | { do: 'complete' }
  | { do: 'call_a_person'; reason: string }

export type RefundState = {
  refund: Refund
  parts: readonly RefundPart[] // in the order in which they go back
  tenders: readonly Tender[]
  bills: readonly PaymentBill[]
  /** Before then the payer's channel takes no other return of this payment; null for none. */
  channelFreeAt: Date | null
}

/** The merchant's account at the channel lacks the money: what was declined so is done once it has been filled. */
export const MERCHANT_LACKS_MONEY = 'not_enough'

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

function decideReturning(state: RefundState, now: Date): RefundStep {
  const { refund, parts } = state
  const ask = whenDue(refund, now)
  let stillToReturn = refund.amountFen
  for (const part of parts) {
    switch (part.status) {
      case 'planned':
        if (part.amountFen === null) return sizeOf(part, stillToReturn, state)
        return untilFree(part, state, now) ?? { do: 'return', tenderNo: part.tenderNo }
      case 'asked':
        return ask ?? { do: 'return', tenderNo: part.tenderNo } // the same number again
      case 'pending':
        return ask ?? { do: 'query_return', tenderNo: part.tenderNo }
      case 'declined':
        if (refund.attention === MERCHANT_LACKS_MONEY && part.declineCode === refund.attention) {
          return ask ?? { do: 'return', tenderNo: part.tenderNo } // finance was called and may have filled it
        }
        return forAPerson(refund, part.declineCode ?? 'declined')
      case 'returned':
        stillToReturn = fen(stillToReturn - (part.netFen ?? 0))
    }
  }
  if (stillToReturn !== 0) return forAPerson(refund, 'refund_does_not_add_up')
  return { do: 'move', to: refund.cause === 'requested' ? 'completing' : 'succeeded' }
}

/**
 * A source that settles works out its share by itself, knowing what is still to go back; one that promised gives back as
 * much as it has; the payer's channel returns what is left, and it must have that.
 */
function sizeOf({ tenderNo }: RefundPart, amountFen: Fen, state: RefundState): RefundStep {
  const { refund, tenders } = state
  const tender = tenderNumbered(tenders, tenderNo)
  if (amountFen < 0) return forAPerson(refund, 'source_returned_too_much')
  if (tender.phase === 'payer' && amountFen > keptFen(tender)) {
    return forAPerson(refund, 'channel_has_too_little')
  }
  const isHeld = tender.phase === 'hold'
  return { do: 'size', tenderNo, amountFen: isHeld ? minFen(amountFen, keptOf(tender)) : amountFen }
}

const keptOf = (tender: Tender): Fen => fen(Math.max(keptFen(tender), 0))

/** Channels take the returns of one charge one at a time, with time between them. */
function untilFree({ tenderNo }: RefundPart, state: RefundState, now: Date): RefundStep | null {
  const { tenders, channelFreeAt } = state
  if (channelFreeAt === null || channelFreeAt <= now) return null
  const { phase, method } = tenderNumbered(tenders, tenderNo)
  return phase === 'payer' && method !== 'counter' ? { do: 'wait', until: channelFreeAt } : null
}

/** Nothing more can be done without a person, who is called once. */
const forAPerson = ({ attention }: Refund, reason: string): RefundStep =>
  attention === reason ? { do: 'wait', until: null } : { do: 'call_a_person', reason }

/** A wait while it is too early to ask again, but not past the moment to call a person. */
function whenDue(refund: Refund, now: Date): RefundStep | null {
  const { attention, retryAt } = refund
  if (retryAt === null || retryAt <= now) return null
  const overdueAt = overdueAtOf(refund)
  return { do: 'wait', until: attention === null && overdueAt < retryAt ? overdueAt : retryAt }
}

const overdueAtOf = ({ createdAt, retriedAt }: Refund): Date =>
  addMs(retriedAt ?? createdAt, ATTENTION_AFTER_MS)

const isOverdue = (refund: Refund, now: Date): boolean =>
  refund.attention === null && now >= overdueAtOf(refund)
