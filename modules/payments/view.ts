import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import { paymentNoOf } from './orders.ts'
import {
  isOver,
  keptFen,
  type Payment,
  type PaymentBill,
  type PaymentId,
  type Tender,
} from './payment.ts'
import { type RefundRequestRow, requestsOfPayments } from './refund/approval-store.ts'
import { isRefundOver, type Refund } from './refund/refund.ts'
import { refundsOf } from './refund/store.ts'
import { type RefundWithWay, withWays } from './refund/ways.ts'
import { billsOf, findPayment, tendersOf } from './store.ts'

/** All there is to show of one payment. */
export type PaymentPicture = {
  payment: Payment
  tenders: Tender[]
  bills: PaymentBill[]
  refunds: RefundWithWay[]
  /** Refunds that wait for a second person, or that one has declined. */
  wishes: RefundWish[]
}

export type RefundWish = Pick<
  RefundRequestRow,
  'id' | 'payment_id' | 'bill_no' | 'line_nos' | 'amount_fen' | 'status' | 'created_at'
>

export async function pictureOf(
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<PaymentPicture | null> {
  const [payment, tenders, bills, refunds, wishes] = await Promise.all([
    findPayment(tx, hospitalId, id),
    tendersOf(tx, hospitalId, id),
    billsOf(tx, hospitalId, id),
    refundsOf(tx, hospitalId, id),
    requestsOfPayments(tx, hospitalId, [id]),
  ])
  if (!payment) return null
  return { payment, tenders, bills, refunds: await withWays(tx, hospitalId, refunds), wishes }
}

/**
 * What the payer is told, in one word that the web has sentences for. "Failed" is never among them while
 * anything is unknown: the question is whether the payer's money is gone, and where it is.
 */
export type PayerState =
  | 'to_confirm'
  | 'to_pay'
  | 'processing'
  | 'confirming' // paid; the hospital is being told
  | 'succeeded'
  | 'returning' // taken, came to nothing, on its way back
  | 'returned'
  | 'part_refunded'
  | 'refunded'
  | 'not_charged' // tried and nothing was taken: may pay anew
  | 'closed'

export function payerStateOf({ payment, tenders, refunds }: PaymentPicture): PayerState {
  const payer = tenders.find((tender) => tender.phase === 'payer')
  switch (payment.status) {
    case 'quoted':
      return 'to_confirm'
    case 'charging':
      return payer?.status === 'ordered' && !payment.cancelRequestedAt ? 'to_pay' : 'processing'
    case 'settling':
      return 'confirming'
    case 'succeeded':
      return refundState(payment, refunds)
    case 'compensating':
      return tenders.some((tender) => keptFen(tender) > 0) ? 'returning' : 'processing'
    case 'failed':
    case 'closed':
      return endState(payment, tenders)
  }
}

function refundState(payment: Payment, refunds: readonly Refund[]): PayerState {
  const refundedFen = sum(refunds.filter((refund) => refund.status === 'succeeded'))
  if (refunds.some((refund) => !isRefundOver(refund.status) && refund.status !== 'approving')) {
    return 'returning'
  }
  if (refundedFen === 0) return 'succeeded'
  return refundedFen === payment.totalFen ? 'refunded' : 'part_refunded'
}

function endState(payment: Payment, tenders: readonly Tender[]): PayerState {
  if (tenders.some((tender) => keptFen(tender) > 0)) return 'returning'
  if (tenders.some((tender) => tender.takenFen > 0)) return 'returned'
  // The machine ends with nothing in doubt. Should it ever not, the payer is not told that it is safe to pay anew.
  if (tenders.some(({ status }) => status === 'asked' || status === 'ordered')) return 'processing'
  return payment.confirmedAt && payment.failureCode !== 'cancelled' ? 'not_charged' : 'closed'
}

const sum = (refunds: readonly Refund[]): Fen =>
  addFen(...refunds.map((refund) => refund.amountFen))

/** Taken, and neither the hospital's nor given back: what this payment has in the account "in-transit". */
export function inTransitFen({ payment, tenders, refunds }: PaymentPicture): Fen {
  const kept = tenders.reduce((total, tender) => total + keptFen(tender), 0)
  if (payment.status !== 'succeeded') return fen(kept)
  const given = refunds.filter(({ status }) => status !== 'approving' && status !== 'refused')
  return fen(kept - (payment.totalFen - sum(given)))
}

/** Why the payment stands where it stands, and when the machine looks at it again. */
export const nextLookOf = ({ payment }: PaymentPicture): Date | null =>
  isOver(payment.status) ? null : (payment.inCallUntil ?? payment.retryAt ?? payment.expiresAt)

export const viewOfPicture = (picture: PaymentPicture) => {
  const { payment, tenders, bills, refunds, wishes } = picture
  return {
    id: payment.id,
    paymentNo: paymentNoOf(payment),
    hospitalId: payment.hospitalId,
    visitNo: payment.visitNo,
    status: payment.status,
    payerState: payerStateOf(picture),
    totalFen: payment.totalFen,
    inTransitFen: inTransitFen(picture),
    failureCode: payment.failureCode,
    attention: payment.attention,
    createdAt: payment.createdAt.toISOString(),
    expiresAt: payment.expiresAt.toISOString(),
    paidAt: payment.paidAt?.toISOString() ?? null,
    succeededAt: payment.succeededAt?.toISOString() ?? null,
    nextLookAt: nextLookOf(picture)?.toISOString() ?? null,
    sources: payment.reasons.map((source) => ({ ...source })),
    byCarer: payment.carerId !== null,
    channelChoice: payment.channelChoice,
    tenders: tenders.map((tender) => ({
      tenderNo: tender.tenderNo,
      provider: tender.provider,
      phase: tender.phase,
      method: tender.method,
      status: tender.status,
      amountFen: tender.amountFen,
      takenFen: tender.takenFen,
      returnedFen: tender.returnedFen,
      parts: tender.parts.map((part) => ({ ...part })),
      providerNo: tender.chargeProviderNo,
      takenAt: tender.takenAt?.toISOString() ?? null,
      declineCode: tender.declineCode,
      payerAction: tender.status === 'ordered' ? tender.payerAction : null,
    })),
    bills: bills.map(viewOfBill),
    refunds: refunds.map(viewOfRefund),
    refundWishes: wishes.map(viewOfWish),
  }
}

const viewOfBill = (bill: PaymentBill) => ({
  billNo: bill.billNo,
  version: bill.version,
  title: bill.title,
  totalFen: bill.totalFen,
  refundingFen: bill.refundingFen,
  receiptNo: bill.receiptNo,
  guidance: [...bill.guidance],
  lines: bill.payable.lines.map((line) => ({
    lineNo: line.lineNo,
    name: line.name,
    spec: line.spec,
    unit: line.unit,
    chargeCategory: line.chargeCategory,
    insuranceClass: line.insuranceClass,
    unitPriceFen: line.unitPriceFen,
    quantity: line.quantity,
    amountFen: line.amountFen,
  })),
})

/** What a payer is told of it: neither who asks nor what was noted. */
const viewOfWish = (wish: RefundWish) => ({
  id: wish.id,
  billNo: wish.bill_no,
  lineNos: [...wish.line_nos],
  amountFen: wish.amount_fen,
  isDeclined: wish.status === 'declined',
  createdAt: wish.created_at.toISOString(),
})

export const viewOfRefund = ({ way, ...refund }: RefundWithWay) => ({
  id: refund.id,
  paymentId: refund.paymentId,
  cause: refund.cause,
  status: refund.status,
  billNo: refund.billNo,
  lineNos: [...refund.lineNos],
  amountFen: refund.amountFen,
  parts: way.parts.map((part) => ({ ...part })),
  toPayerFen: way.toPayerFen,
  reason: refund.reason,
  refusalCode: refund.refusalCode,
  receiptNo: refund.receiptNo,
  attention: refund.attention,
  declineCode: way.declineCode,
  createdAt: refund.createdAt.toISOString(),
  approvedAt: refund.approvedAt?.toISOString() ?? null,
  returnedAt: refund.returnedAt?.toISOString() ?? null,
})
