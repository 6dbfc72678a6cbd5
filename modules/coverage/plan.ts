import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import type { KeptBill, PaidBefore } from './bill.ts'

export type PlanId = Id<'CoveragePlan'>

/** One payment's way through the policies of its person: what was asked, paid and given back. */
export type Plan = {
  readonly hospitalId: HospitalId
  readonly id: PlanId
  readonly paymentId: Id<'Payment'>
  readonly personId: Id<'Person'>
  readonly status: PlanStatus
  /** Digest of what the insurers are told: another one needs other orders. */
  readonly contentHash: string
  readonly bill: KeptBill
  /** What the medical insurance leaves of the lines that are charged now. */
  readonly leftFen: Fen
  readonly paid: PaidBefore
  /** The payment's number for the charge (its tradeNo), once it was asked for. */
  readonly chargeNo: string | null
  readonly refundId: Id<'Refund'> | null
  /** Why the charge is being undone, or was declined. None while what was released is undone. */
  readonly decline: { code: string; reason: string } | null
  readonly createdAt: Date
}

export type PlanStatus =
  | 'quoting'
  | 'quoted'
  | 'settling'
  | 'undoing'
  | 'settled'
  | 'declined'
  | 'released'
  | 'refunding'
  | 'returned'

/**
 * Every move a plan can make; what is not listed cannot happen.
 *
 *   quoting ◀─▶ quoted ─▶ settling ─▶ settled ◀─▶ refunding ─▶ returned
 *   settling ─▶ quoted     no insurer has settled anything: it may be tried again
 *   settling ─▶ undoing    one insurer would not, or the charge is given up: what others paid goes back
 *   undoing ─▶ declined, released     quoting, quoted, declined ─▶ released
 */
const PLAN_NEXT: Record<PlanStatus, readonly PlanStatus[]> = {
  quoting: ['quoting', 'quoted', 'released'],
  quoted: ['quoting', 'quoted', 'settling', 'released'],
  settling: ['settled', 'undoing', 'quoted'],
  undoing: ['declined', 'released'],
  settled: ['refunding'],
  declined: ['released'],
  refunding: ['settled', 'returned'],
  released: [],
  returned: [],
}

export const planAllows = (plan: Plan, to: PlanStatus): boolean =>
  PLAN_NEXT[plan.status].includes(to)

/** Asserts that the move is possible: callers look at the status first. */
export function movePlan(plan: Plan, to: PlanStatus, changes: Partial<Plan> = {}): Plan {
  assert(planAllows(plan, to), `a ${plan.status} plan does not become ${to}`)
  return { ...plan, ...changes, status: to }
}

/** One advance under one policy, and the settlement that comes of it. */
export type PolicyOrder = {
  readonly hospitalId: HospitalId
  readonly orderNo: string
  readonly planId: PlanId
  /** It settles what remained after this giving back; null for the charge itself. */
  readonly refundId: Id<'Refund'> | null
  /** Policies pay in this order, each of what those before it leave. */
  readonly position: number
  readonly insurerCode: string
  readonly policyNo: string
  readonly productName: string
  readonly status: PolicyOrderStatus
  readonly contentHash: string
  readonly leftFen: Fen
  /** What the policies before it pay. */
  readonly otherFen: Fen
  readonly payFen: Fen | null
  readonly insurerNo: string | null
  readonly settlementNo: string | null
  /** Our number of the movement of money that it is a part of; null while that is not certain. */
  readonly moveNo: string | null
  readonly sentAt: Date | null
  readonly settledAt: Date | null
  readonly returnedFen: Fen
  readonly expiresAt: Date | null
  readonly reason: string | null
  readonly createdAt: Date
}

export type PolicyOrderStatus =
  | 'asking' // the advance was written down; its answer is not known
  | 'advanced'
  | 'confirming' // the confirmation was written down; its answer is not known
  | 'settled'
  | 'refused'
  | 'cancelled'
  | 'returned'

const ORDER_NEXT: Record<PolicyOrderStatus, readonly PolicyOrderStatus[]> = {
  asking: ['advanced', 'refused', 'cancelled'],
  advanced: ['confirming', 'cancelled'],
  confirming: ['settled', 'refused', 'cancelled', 'advanced'],
  settled: ['settled', 'returned'],
  refused: [],
  cancelled: [],
  returned: [],
}

export function moveOrder(
  order: PolicyOrder,
  to: PolicyOrderStatus,
  changes: Partial<PolicyOrder> = {},
): PolicyOrder {
  assert(ORDER_NEXT[order.status].includes(to), `a ${order.status} order does not become ${to}`)
  return { ...order, ...changes, status: to }
}

export const paysOf = (order: PolicyOrder): Fen => order.payFen ?? ZERO

export const keptOf = (order: PolicyOrder): Fen => subtractFen(paysOf(order), order.returnedFen)

export const sumOf = (orders: readonly PolicyOrder[]): Fen => addFen(...orders.map(paysOf))

export type CoverageRefund = {
  readonly hospitalId: HospitalId
  readonly id: Id<'Refund'>
  readonly planId: PlanId
  readonly status: RefundStatus
  /** The payment's number for the return, and ours for the smaller charge after it. */
  readonly refundNo: string
  readonly rechargeNo: string | null
  /** What the medical insurance leaves of the lines that remain. */
  readonly leftFen: Fen
  /** Every insurer gives back a part, and nothing is settled anew. */
  readonly inParts: boolean
  readonly reason: string | null
  readonly requestedAt: Date
}

/** returning ─▶ done, resettling, declined     resettling ─▶ done */
export type RefundStatus = 'returning' | 'resettling' | 'done' | 'declined'

/** Money asked back from one insurer. `refundId` is null when a charge is undone. */
export type ReturnOrder = {
  readonly hospitalId: HospitalId
  readonly refundNo: string
  readonly orderNo: string
  readonly refundId: Id<'Refund'> | null
  readonly amountFen: Fen
  readonly status: ReturnStatus
  readonly returnNo: string | null
  readonly returnedAt: Date | null
  readonly moveNo: string | null
  readonly reason: string | null
  readonly sentAt: Date
}

export type ReturnStatus = 'sent' | 'done' | 'refused'
