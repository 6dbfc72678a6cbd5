import type { HospitalId } from '../../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import type { PartKind } from '../money.ts'
import type { PaymentId, PaymentStatus } from '../payment.ts'
import { reasonOf } from '../refund/orders.ts'
import {
  isRefundOver,
  type RefundCause,
  type RefundId,
  type RefundStatus,
} from '../refund/refund.ts'
import {
  addAmounts,
  addSources,
  type Amounts,
  amountsOf,
  byText,
  grouped,
  isPayment,
  type Source,
  type SourceAmounts,
  sourcesOf,
  type StatementMove,
} from './amounts.ts'

/** A payment that took money, as its rows are. */
export type PaidPayment = {
  hospitalId: HospitalId
  paymentId: PaymentId
  visitNo: string
  status: PaymentStatus
  totalFen: Fen
  /** When the last of its money was taken. */
  paidAt: Date
  moves: StatementMove[]
  bills: StatementBill[]
  refunds: RefundFacts[]
}

export type StatementBill = {
  billNo: string
  title: string
  totalFen: Fen
  receiptNo: string | null
}

export type RefundFacts = {
  refundId: RefundId
  cause: RefundCause
  status: RefundStatus
  billNo: string | null
  amountFen: Fen
  reason: string
  receiptNo: string | null
  returnedAt: Date | null
}

/** The hospitals of a person. */
export type StatementHospital = { hospitalId: HospitalId; name: string }

/** Everything that was paid in a period, in order of time. Every total is the sum of the items. */
export type Statement = {
  from: BusinessDate
  to: BusinessDate
  totals: Amounts & { selfPaidFen: Fen }
  bySource: SourceAmounts[]
  byHospital: (Amounts & StatementHospital & { count: number })[]
  byMonth: (Amounts & { month: string; count: number })[]
  items: StatementItem[]
}

/** A payment belongs to the day on which the last of its money was taken; what came back of it later is on it too. */
export type StatementItem = Amounts & {
  hospitalId: HospitalId
  hospitalName: string
  paymentId: PaymentId
  paymentNo: string
  visitNo: string
  state: StatementState
  paidAt: Date
  sources: SourceAmounts[]
  bills: StatementBill[]
  refunds: StatementRefund[]
}

/** Money that came back, on balance: `amountFen` is the sum of its sources. */
export type StatementRefund = {
  billNo: string | null
  status: RefundStatus
  reason: string
  receiptNo: string | null
  at: Date
  amountFen: Fen
  sources: (Source & { amountFen: Fen })[]
}

/** The payer's words for a payment that took money: see `payerStateOf`, with which this agrees. */
export const STATEMENT_STATES = [
  'processing',
  'confirming',
  'succeeded',
  'returning',
  'returned',
  'part_refunded',
  'refunded',
] as const

export type StatementState = (typeof STATEMENT_STATES)[number]

export function statementOf(
  { from, to }: { from: BusinessDate; to: BusinessDate },
  hospitals: readonly StatementHospital[],
  payments: readonly PaidPayment[],
): Statement {
  const nameOf = new Map(hospitals.map(({ hospitalId, name }) => [hospitalId, name]))
  const items = payments
    .toSorted(inOrderOfTime)
    .map((payment) => itemOf(payment, nameOf.get(payment.hospitalId) ?? ''))
  const bySource = addSources(items.flatMap(({ sources }) => sources))
  const selfPaid = bySource.filter(({ part }) => OWN_CASH.has(part))
  return {
    from,
    to,
    totals: { ...addAmounts(items), selfPaidFen: addAmounts(selfPaid).netFen },
    bySource,
    byHospital: grouped(items, ({ hospitalId }) => String(hospitalId)).map((same) => ({
      hospitalId: same[0].hospitalId,
      name: same[0].hospitalName,
      ...countedAmounts(same),
    })),
    byMonth: grouped(items, monthOf).map((same) => ({
      month: monthOf(same[0]),
      ...countedAmounts(same),
    })),
    items,
  }
}

/** 个人现金支付: what the person paid, has paid before or has to repay. Their account at the insurance is no cash. */
const OWN_CASH = new Set<PartKind>(['self_pay', 'deposit', 'credit'])

const inOrderOfTime = (a: PaidPayment, b: PaidPayment): number =>
  a.paidAt.getTime() - b.paidAt.getTime() ||
  a.hospitalId - b.hospitalId ||
  byText(a.paymentId, b.paymentId)

const monthOf = ({ paidAt }: StatementItem) => businessDateOf(paidAt).slice(0, 7)

const countedAmounts = (items: readonly StatementItem[]) => ({
  count: items.length,
  ...addAmounts(items),
})

function itemOf(payment: PaidPayment, hospitalName: string): StatementItem {
  const { hospitalId, paymentId, visitNo, paidAt, moves, bills } = payment
  return {
    hospitalId,
    hospitalName,
    paymentId,
    paymentNo: tradeNoOf(hospitalId, paymentId),
    visitNo,
    state: stateOf(payment),
    paidAt,
    ...amountsOf(moves),
    sources: sourcesOf(moves),
    bills,
    refunds: refundsOf(payment),
  }
}

/** A refund of which no money has moved yet is in no amount: that it is under way is said by the state. */
function refundsOf({ moves, refunds }: PaidPayment): StatementRefund[] {
  const back = moves.filter((move) => !isPayment(move))
  return grouped(back, ({ refundId }) => refundId ?? '')
    .map((same) => {
      const facts = refunds.find(({ refundId }) => refundId === same[0].refundId)
      const lastAt = same.reduce((last, { at }) => (at > last ? at : last), same[0].at)
      return {
        billNo: facts?.billNo ?? null,
        status: facts?.status ?? 'returning',
        reason: facts ? reasonOf(facts) : '',
        receiptNo: facts?.receiptNo ?? null,
        at: facts?.returnedAt ?? lastAt,
        amountFen: amountsOf(same).refundedFen,
        sources: sourcesOf(same).map(({ provider, part, refundedFen }) => ({
          provider,
          part,
          amountFen: refundedFen,
        })),
      }
    })
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

function stateOf({ status, moves, refunds, totalFen }: PaidPayment): StatementState {
  const keptFen = amountsOf(moves).netFen
  switch (status) {
    case 'quoted':
    case 'charging':
      return 'processing'
    case 'settling':
      return 'confirming'
    case 'succeeded':
      return refundState(refunds, totalFen)
    case 'compensating':
      return keptFen > 0 ? 'returning' : 'processing'
    case 'failed':
    case 'closed':
      return keptFen > 0 ? 'returning' : 'returned'
  }
}

function refundState(refunds: readonly RefundFacts[], totalFen: Fen): StatementState {
  const isUnderway = ({ status }: RefundFacts) => !isRefundOver(status) && status !== 'approving'
  if (refunds.some(isUnderway)) return 'returning'
  const done = refunds.filter(({ status }) => status === 'succeeded')
  const refundedFen = addFen(ZERO, ...done.map(({ amountFen }) => amountFen))
  if (refundedFen === 0) return 'succeeded'
  return refundedFen === totalFen ? 'refunded' : 'part_refunded'
}
