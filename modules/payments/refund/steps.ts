import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, ZERO } from '../../../kernel/money.ts'
import { addMs } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import { entryOfRefundBegun, IN_TRANSIT, paymentSubject, receivable } from '../books.ts'
import type { MachineDependencies } from '../dependencies.ts'
import type { PromisedHold } from '../moves.ts'
import { type Tender, tenderNumbered } from '../payment.ts'
import { CALL_LEASE_MS, retryAfter } from '../retry.ts'
import { giveUpClaims, updatePayment } from '../store.ts'
import type { DeskStep, RefundCall } from './calls.ts'
import { decideRefund } from './decide.ts'
import { refundOrderOf } from './orders.ts'
import {
  canRefundMove,
  isRefundOver,
  type Refund,
  type RefundId,
  type RefundPart,
} from './refund.ts'
import { load, type Loaded } from './state.ts'
import { updatePart, updateRefund } from './store.ts'

// More than any state of a refund can lead to without asking somebody.
const MOST_DECISIONS = 40

/** Does what needs no call, and returns the call that comes next, written down; null to wait. */
export async function nextOfRefund(
  deps: MachineDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<RefundCall | null> {
  const now = deps.clock.now()
  for (let step = 0; step < MOST_DECISIONS; step++) {
    const state = await load(tx, hospitalId, id)
    const { refund } = state
    if (refund.inCallUntil !== null && refund.inCallUntil > now) {
      await updateRefund(tx, refund, { due_at: refund.inCallUntil }, now)
      return null
    }
    const decision = decideRefund(state, now)
    switch (decision.do) {
      case 'wait':
        await updateRefund(tx, refund, { due_at: decision.until, in_call_until: null }, now)
        return null
      case 'move':
        await moveRefund(deps, tx, state, { to: decision.to }, now)
        break
      case 'size':
        await size(tx, state, decision)
        break
      case 'call_a_person':
        await callAPersonAboutRefund(deps, tx, refund, decision.reason, now)
        break
      case 'return':
      case 'query_return':
        return intendReturn(deps, tx, state, decision, now)
      default:
        return intendDesk(tx, state, decision, now)
    }
  }
  return assert(false, `refund ${id} came to rest within ${MOST_DECISIONS} decisions`) as never
}

/** The refund's next status, with what it means in the books and to others. */
export async function moveRefund(
  { ledger, publish, audit }: MachineDependencies,
  tx: Tx,
  { refund, payment }: Loaded,
  { to, ...found }: Moved,
  now: Date,
): Promise<Refund> {
  assert(canRefundMove(refund.status, to), `a ${refund.status} refund may become ${to}`)
  const { hospitalId, id: refundId, paymentId } = refund
  const paid = payment.status === 'succeeded'
  if (to === 'returning' && paid) await ledger.post(tx, entryOfRefundBegun(refund, now))
  const allBack = to === 'completing' || to === 'succeeded'
  const changes = {
    ...found,
    status: to,
    attempts: 0,
    retry_at: null,
    approved_at: refund.approvedAt ?? (to === 'returning' ? now : null),
    returned_at: refund.returnedAt ?? (allBack ? now : null),
    completed_at: to === 'succeeded' ? now : null,
  }
  const moved = await updateRefund(tx, refund, changes, now)
  if (isRefundOver(to)) {
    await publish(tx, 'refunds.ended', { hospitalId, refundId, paymentId, status: to })
  }
  const refusal = found.refusal_code ? { code: found.refusal_code } : {}
  const detail = { refundId, cause: refund.cause, amountFen: refund.amountFen, ...refusal }
  const fact = { action: `refunds.${to}`, subject: paymentSubject(paymentId), detail }
  await audit(tx, hospitalId, systemActor('payments'), fact)
  // A payment that was paid and never delivered has no more to do with its bills: they may be paid anew.
  if (to === 'succeeded' && refund.cause === 'reconciliation') await giveUpClaims(tx, payment)
  // The payment waits for this end.
  if (isRefundOver(to)) await updatePayment(tx, payment, { due_at: now, retry_at: null }, now)
  return moved
}

type Moved = {
  to: Refund['status']
  receipt_no?: string | null
  refusal_code?: string
}

/** Says once for each reason that somebody must look at it. */
export async function callAPersonAboutRefund(
  { publish }: MachineDependencies,
  tx: Tx,
  refund: Refund,
  reason: string,
  now: Date,
): Promise<Refund> {
  if (refund.attention === reason) return refund
  const { hospitalId, id: refundId } = refund
  await publish(tx, 'refunds.attention', { hospitalId, refundId, reason })
  return updateRefund(tx, refund, { attention: reason }, now)
}

/**
 * A part that has nothing to give back is done. A source that settles is asked even then: what stays is settled anew there,
 * whatever it comes to.
 */
async function size(
  tx: Tx,
  { refund, tenders }: Loaded,
  { tenderNo, amountFen }: { tenderNo: number; amountFen: Fen },
): Promise<void> {
  const isSource = tenderNumbered(tenders, tenderNo).phase === 'settle'
  if (isSource || amountFen > 0) {
    return updatePart(tx, refund, tenderNo, { amount_fen: amountFen })
  }
  const none = { status: 'returned', amount_fen: ZERO, net_fen: ZERO } as const
  return updatePart(tx, refund, tenderNo, none)
}

async function intendReturn(
  deps: MachineDependencies,
  tx: Tx,
  state: Loaded,
  step: { do: 'return' | 'query_return'; tenderNo: number },
  now: Date,
): Promise<RefundCall | null> {
  const { refund, tenders } = state
  const tender = tenderNumbered(tenders, step.tenderNo)
  const part = state.parts.find((p) => p.tenderNo === step.tenderNo)
  assert(part, 'a refund returns through its parts')
  const hold = part.holdId
    ? { id: part.holdId, amountFen: part.amountFen ?? ZERO }
    : step.do === 'return'
      ? await promise(deps, tx, state, tender, part)
      : null
  if (hold === 'insufficient') {
    const retry_at = retryAfter(now, refund.attempts, refund.id)
    const attempts = refund.attempts + 1
    await updateRefund(
      tx,
      refund,
      { retry_at, due_at: retry_at, attempts, in_call_until: null },
      now,
    )
    return null
  }
  if (step.do === 'return') {
    await updatePart(tx, refund, step.tenderNo, { status: 'asked', hold_id: hold?.id ?? null })
  }
  const leased = await updateRefund(tx, refund, leaseOf(refund, now), now)
  const order = refundOrderOf(state, tender, part)
  return { do: step.do, refund: leased, tender, partId: part.id, hold, order }
}

async function intendDesk(tx: Tx, state: Loaded, step: DeskStep, now: Date): Promise<RefundCall> {
  return {
    ...step,
    state,
    refund: await updateRefund(tx, state.refund, leaseOf(state.refund, now), now),
  }
}

function leaseOf({ callNo }: Refund, now: Date) {
  const until = addMs(now, CALL_LEASE_MS)
  return { call_no: callNo + 1, in_call_until: until, due_at: until }
}

/** Promises the money out of what the channel owes, so that two refunds never count on the same fen. */
async function promise(
  { ledger }: MachineDependencies,
  tx: Tx,
  { payment, refund }: Loaded,
  tender: Tender,
  part: RefundPart,
): Promise<PromisedHold | null | 'insufficient'> {
  if (tender.phase === 'settle') return null // a settlement is undone whole, by the insurer's own rules
  const [bearer, ...others] = tender.parts
  if (!bearer || others.length > 0) return null // which part goes back is the source's to say
  const amountFen = part.amountFen ?? ZERO
  const held = await ledger.hold(tx, {
    hospitalId: refund.hospitalId,
    // A promise ends for good when the channel declines: the next try of the same part makes another.
    cause: `refund-part:${part.id}:${refund.callNo + 1}`,
    subject: paymentSubject(payment.id),
    debit: IN_TRANSIT,
    credit: receivable(tender.provider, bearer.kind),
    amountFen,
  })
  return held.outcome === 'insufficient' ? 'insufficient' : { id: held.holdId, amountFen }
}
