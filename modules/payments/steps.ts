import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { entryOfSuccess, paymentSubject } from './books.ts'
import type { Call } from './calls.ts'
import { absentAnswersOnceCharged, decide, type PaymentState, type PaymentStep } from './decide.ts'
import type { MachineDependencies } from './dependencies.ts'
import { chargeOrderOf, lastTakenAt, paidBillOf } from './orders.ts'
import { canMove, isOver, type Payment, type PaymentId, tenderNumbered } from './payment.ts'
import { beginGiveBack, giveBacksOf } from './refund/begin.ts'
import { CALL_LEASE_MS } from './retry.ts'
import {
  billsOf,
  giveUpClaims,
  lockPayment,
  tendersOf,
  updateBill,
  updatePayment,
  updateTender,
} from './store.ts'

// More than any state of a payment can lead to without asking somebody.
const MOST_DECISIONS = 40

/** Does what needs no call, and returns the call that comes next, written down; null to wait. */
export async function next(
  deps: MachineDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<Call | null> {
  let payment = await lockPayment(tx, hospitalId, id)
  const now = deps.clock.now()
  if (payment.inCallUntil !== null && payment.inCallUntil > now) {
    // Somebody is asking. Whoever woke us meanwhile is heard when they have done, or have died.
    await updatePayment(tx, payment, { due_at: payment.inCallUntil }, now)
    return null
  }
  for (let step = 0; step < MOST_DECISIONS; step++) {
    const state = await load(tx, payment)
    const decision = decide(state, now)
    switch (decision.do) {
      case 'wait':
        await updatePayment(tx, payment, { due_at: decision.until, in_call_until: null }, now)
        return null
      case 'move':
        payment = await move(deps, tx, state, decision, now)
        break
      case 'drop':
        await updateTender(tx, payment, decision.tenderNo, { status: 'released' })
        break
      case 'give_back':
        await beginGiveBack(tx, deps, state, decision.cause)
        break
      case 'call_a_person':
        payment = await callAPerson(deps, tx, payment, decision.reason, now)
        break
      default:
        return intend(tx, state, decision, now)
    }
  }
  return assert(false, `payment ${id} came to rest within ${MOST_DECISIONS} decisions`) as never
}

/** A payment with all that its next step follows from. */
export async function load(tx: Tx, payment: Payment): Promise<PaymentState> {
  const { hospitalId, id } = payment
  const tenders = await tendersOf(tx, hospitalId, id)
  const bills = await billsOf(tx, hospitalId, id)
  const needsRefunds = payment.status === 'compensating' || isOver(payment.status)
  const giveBacks = needsRefunds
    ? await giveBacksOf(tx, hospitalId, id)
    : { giveBackRunning: false, giveBackRefused: false }
  return { payment, tenders, bills, ...giveBacks }
}

async function move(
  { ledger, publish, audit }: MachineDependencies,
  tx: Tx,
  { payment, tenders }: PaymentState,
  { to, failureCode }: Extract<PaymentStep, { do: 'move' }>,
  now: Date,
): Promise<Payment> {
  assert(canMove(payment.status, to), `a ${payment.status} payment may become ${to}`)
  const paidAt = to === 'succeeded' ? lastTakenAt(tenders) : payment.paidAt
  const changes = {
    status: to,
    failure_code: failureCode,
    paid_at: paidAt,
    succeeded_at: to === 'succeeded' ? now : null,
    settling_since: payment.settlingSince ?? (payment.confirmedAt ? now : null),
    attempts: 0,
    retry_at: null,
  }
  const moved = await updatePayment(tx, payment, changes, now)
  if (to === 'succeeded') {
    assert(paidAt, 'a payment that succeeds has taken money')
    await ledger.post(tx, entryOfSuccess(moved, paidAt))
  }
  if (to === 'failed' || to === 'closed') await giveUpClaims(tx, moved)
  const { hospitalId, id: paymentId } = moved
  await publish(tx, 'payments.changed', { hospitalId, paymentId, status: to })
  const detail = { from: payment.status, failureCode }
  const fact = { action: `payments.${to}`, subject: paymentSubject(paymentId), detail }
  await audit(tx, hospitalId, systemActor('payments'), fact)
  return moved
}

export async function callAPerson(
  { publish }: MachineDependencies,
  tx: Tx,
  payment: Payment,
  reason: string,
  now: Date,
): Promise<Payment> {
  const { hospitalId, id: paymentId } = payment
  await publish(tx, 'payments.attention', { hospitalId, paymentId, reason })
  return updatePayment(tx, payment, { attention: reason }, now)
}

async function intend(
  tx: Tx,
  { payment, tenders, bills }: PaymentState,
  step: CallStep,
  now: Date,
): Promise<Call> {
  const until = addMs(now, CALL_LEASE_MS)
  const lease = { call_no: payment.callNo + 1, in_call_until: until, due_at: until }
  const leased = await updatePayment(tx, payment, lease, now)
  if (step.do === 'write_back') {
    await updateBill(tx, payment, step.billNo, { write_back: 'asked' })
    return { ...step, payment: leased, paid: paidBillOf(payment, bills, tenders, step.billNo) }
  }
  const tender = tenderNumbered(tenders, step.tenderNo)
  if (step.do === 'charge') {
    const absent_answers = absentAnswersOnceCharged(tender)
    await updateTender(tx, payment, tender.tenderNo, { status: 'asked', absent_answers })
  }
  const order = chargeOrderOf(payment, bills, tender)
  return { do: step.do, payment: leased, tender, order }
}

type CallStep = Extract<PaymentStep, { do: 'charge' | 'query' | 'release' | 'write_back' }>
