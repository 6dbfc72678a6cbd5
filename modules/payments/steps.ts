import { assert } from '../../kernel/assert.ts'
import { addMs } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { leaveAgreement } from './agreement/charge.ts'
import { entryOfSuccess, paymentSubject } from './books.ts'
import type { Call } from './calls.ts'
import { absentAnswersOnceCharged, decide, type PaymentState, type PaymentStep } from './decide.ts'
import type { MachineDependencies } from './dependencies.ts'
import type { HeldPayment } from './held.ts'
import { sameParts } from './money.ts'
import { movesOfPayment } from './moves-store.ts'
import { chargeOrderOf, lastTakenAt, paidBillOf } from './orders.ts'
import { canMove, isOver, type Payment, type Tender, tenderNumbered } from './payment.ts'
import { beginGiveBack, giveBacksOf } from './refund/begin.ts'
import { CALL_LEASE_MS } from './retry.ts'
import { giveUpClaims } from './store.ts'

// More than any state of a payment can lead to without asking somebody.
const MOST_DECISIONS = 40

/** Does what needs no call, and returns the call that comes next, written down; null to wait. */
export async function next(
  deps: MachineDependencies,
  tx: Tx,
  held: HeldPayment,
): Promise<Call | null> {
  const now = deps.clock.now()
  const { id, inCallUntil } = held.payment
  if (inCallUntil !== null && inCallUntil > now) {
    // Somebody is asking. Whoever woke us meanwhile is heard when they have done, or have died.
    held.change({ due_at: inCallUntil })
    return null
  }
  await leaveAgreement(deps, tx, held)
  for (let step = 0; step < MOST_DECISIONS; step++) {
    const state = await stateOf(tx, held)
    const decision = decide(state, now)
    switch (decision.do) {
      case 'wait':
        held.change({ due_at: decision.until, in_call_until: null })
        return null
      case 'move':
        await move(deps, tx, held, decision, now)
        break
      case 'drop':
        held.changeTender(decision.tenderNo, { status: 'released' })
        held.change({ attempts: 0, retry_at: null }) // the next one is asked as often
        break
      case 'give_back':
        await beginGiveBack(tx, deps, state, decision.cause)
        break
      case 'call_a_person':
        await callAPerson(deps, tx, held, decision.reason)
        break
      default:
        return intend(held, decision, now)
    }
  }
  return assert(false, `payment ${id} came to rest within ${MOST_DECISIONS} decisions`) as never
}

/** A payment with all that its next step follows from. */
export async function stateOf(
  tx: Tx,
  { payment, tenders, bills }: HeldPayment,
): Promise<PaymentState> {
  const needsRefunds = payment.status === 'compensating' || isOver(payment.status)
  const giveBacks = needsRefunds
    ? await giveBacksOf(tx, payment.hospitalId, payment.id)
    : { giveBackRunning: false, giveBackRefused: false }
  const settledOtherwise = await isSettledOtherwise(tx, payment, tenders)
  return { payment, tenders, bills, ...giveBacks, settledOtherwise }
}

/**
 * True when a source settled in other parts than it had quoted, be the amount the same: more of the patient's own account,
 * say, and less of the fund. The payer has agreed to the plan alone, and it is what the hospital would be told.
 */
async function isSettledOtherwise(
  tx: Tx,
  { status, hospitalId, id }: Payment,
  tenders: readonly Tender[],
): Promise<boolean> {
  const settled = tenders.filter((t) => t.phase === 'settle' && t.status === 'taken')
  if (status !== 'settling' || settled.length === 0) return false
  const moves = await movesOfPayment(tx, hospitalId, id)
  return settled.some(({ tenderNo, parts }) => {
    const taken = moves.filter((m) => m.tenderNo === tenderNo && m.kind === 'charge')
    return !sameParts(
      parts,
      taken.flatMap((m) => m.parts),
    )
  })
}

async function move(
  { ledger, publish, audit }: MachineDependencies,
  tx: Tx,
  held: HeldPayment,
  { to, failureCode }: Extract<PaymentStep, { do: 'move' }>,
  now: Date,
): Promise<void> {
  const { payment, tenders } = held
  assert(canMove(payment.status, to), `a ${payment.status} payment may become ${to}`)
  const paidAt = to === 'succeeded' ? lastTakenAt(tenders) : payment.paidAt
  held.change({
    status: to,
    failure_code: failureCode,
    paid_at: paidAt,
    succeeded_at: to === 'succeeded' ? now : null,
    settling_since: payment.settlingSince ?? (payment.confirmedAt ? now : null),
    attempts: 0,
    retry_at: null,
  })
  const moved = held.payment
  const { hospitalId, id: paymentId } = moved
  const detail = { from: payment.status, failureCode }
  const fact = { action: `payments.${to}`, subject: paymentSubject(paymentId), detail }
  await Promise.all([
    to === 'succeeded' ? ledger.post(tx, entryOfSuccess(moved, takenAt(paidAt))) : null,
    to === 'failed' || to === 'closed' ? giveUpClaims(tx, moved) : null,
    isOver(to) ? publish(tx, 'payments.ended', { hospitalId, paymentId, status: to }) : null,
    audit(tx, hospitalId, systemActor('payments'), fact),
  ])
}

function takenAt(paidAt: Date | null): Date {
  assert(paidAt, 'a payment that succeeds has taken money')
  return paidAt
}

export async function callAPerson(
  { publish }: MachineDependencies,
  tx: Tx,
  held: HeldPayment,
  reason: string,
): Promise<void> {
  const { hospitalId, id: paymentId } = held.payment
  await publish(tx, 'payments.attention', { hospitalId, paymentId, reason })
  held.change({ attention: reason })
}

function intend(held: HeldPayment, step: CallStep, now: Date): Call {
  const { tenders, bills } = held
  const until = addMs(now, CALL_LEASE_MS)
  held.change({ call_no: held.payment.callNo + 1, in_call_until: until, due_at: until })
  const { payment } = held
  if (step.do === 'write_back') {
    held.changeBill(step.billNo, { write_back: 'asked' })
    return { ...step, payment, paid: paidBillOf(payment, bills, tenders, step.billNo) }
  }
  const tender = tenderNumbered(tenders, step.tenderNo)
  if (step.do === 'hold') held.changeTender(tender.tenderNo, { status: 'holding' })
  if (step.do === 'charge') {
    const absent_answers = absentAnswersOnceCharged(tender)
    held.changeTender(tender.tenderNo, { status: 'asked', absent_answers })
  }
  return { do: step.do, payment, tender, order: chargeOrderOf(payment, bills, tender) }
}

type CallStep = Extract<PaymentStep, { do: 'hold' | 'charge' | 'query' | 'release' | 'write_back' }>
