import { assert } from '../../kernel/assert.ts'
import type { HospitalId, NewId } from '../../kernel/id.ts'
import { addMs, type Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Canaries } from '../../platform/canary.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import { systemActor } from '../../platform/principal.ts'
import type { Ledger } from '../ledger/index.ts'
import type { BillDesk, WriteBackAnswer } from './bill-desk.ts'
import { entryOfSuccess, paymentSubject } from './books.ts'
import { decide, type PaymentState, type PaymentStep } from './decide.ts'
import { recordMove } from './moves.ts'
import { chargeOrderOf, lastTakenAt, paidBillOf } from './orders.ts'
import { canMove, isOver, type Payment, type PaymentId, type Tender } from './payment.ts'
import type { ChargeAnswer, Provider, ReleaseAnswer } from './provider.ts'
import { beginGiveBack, giveBacksOf } from './refund/begin.ts'
import { askPayerAgainAt, CALL_LEASE_MS, retryAfter } from './retry.ts'
import {
  billsOf,
  giveUpClaims,
  lockPayment,
  tendersOf,
  updateBill,
  updatePayment,
  updateTender,
} from './store.ts'

export type PaymentMachine = ReturnType<typeof createPaymentMachine>

/** The providers of one hospital, by name. */
export type ProvidersOf = (hospitalId: HospitalId) => Promise<ReadonlyMap<string, Provider>>

// More than the longest way through a payment; a payment that needs more in one go is in a loop.
const MOST_STEPS = 40

/**
 * Moves a payment on until it must wait: decide, write the intent down, commit, ask, and write down what was
 * answered together with the next intent. May be called by anyone at any time, also at once and twice.
 */
export function createPaymentMachine(dependencies: MachineDependencies) {
  const { db, clock, newId, ledger, providersOf, desk, publish, audit, canaries } = dependencies
  return { advance, recheck }

  async function advance(hospitalId: HospitalId, paymentId: PaymentId): Promise<void> {
    let answered: Answered | null = null
    for (let step = 0; step < MOST_STEPS; step++) {
      const before: Answered | null = answered
      const call = await inHospital(db, hospitalId, async (tx) => {
        if (before) await record(tx, before)
        return next(tx, hospitalId, paymentId)
      })
      if (!call) return
      answered = await ask(call)
    }
    assert(false, `payment ${paymentId} came to rest within ${MOST_STEPS} steps`)
  }

  /**
   * Moves a payment on, and one that has ended asks its channel once more: money may have come after the
   * end. What is found is written down and given back.
   */
  async function recheck(hospitalId: HospitalId, paymentId: PaymentId): Promise<void> {
    const { payment, tenders, bills } = await inHospital(db, hospitalId, async (tx) =>
      load(tx, await lockPayment(tx, hospitalId, paymentId)),
    )
    const open = tenders.filter(({ status }) => status === 'released' || status === 'declined')
    if (isOver(payment.status)) {
      for (const tender of open.filter((t) => t.phase === 'payer')) {
        const order = chargeOrderOf(payment, bills, tender)
        const answered = await ask({ do: 'query', payment, tender, order })
        if (answered.answer.outcome !== 'confirmed') continue
        await inHospital(db, hospitalId, (tx) => record(tx, answered))
      }
    }
    await advance(hospitalId, paymentId)
  }

  /** Does what needs no call, and returns the call that comes next, written down; null to wait. */
  async function next(tx: Tx, hospitalId: HospitalId, id: PaymentId): Promise<Call | null> {
    let payment = await lockPayment(tx, hospitalId, id)
    const now = clock.now()
    if (payment.inCallUntil !== null && payment.inCallUntil > now) return null
    for (let step = 0; step < MOST_STEPS; step++) {
      const state = await load(tx, payment)
      const decision = decide(state, now)
      switch (decision.do) {
        case 'wait':
          await updatePayment(tx, payment, { due_at: decision.until, in_call_until: null }, now)
          return null
        case 'move':
          payment = await move(tx, state, decision, now)
          break
        case 'drop':
          await updateTender(tx, payment, decision.tenderNo, { status: 'released' })
          break
        case 'give_back':
          await beginGiveBack(tx, dependencies, state, decision.cause)
          break
        case 'call_a_person':
          payment = await callAPerson(tx, payment, decision.reason, now)
          break
        default:
          return intend(tx, state, decision, now)
      }
    }
    return assert(false, `payment ${id} came to rest within ${MOST_STEPS} decisions`) as never
  }

  async function load(tx: Tx, payment: Payment): Promise<PaymentState> {
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
    tx: Tx,
    { payment, tenders }: PaymentState,
    { to, failureCode }: Extract<PaymentStep, { do: 'move' }>,
    now: Date,
  ): Promise<Payment> {
    assert(canMove(payment.status, to), `a ${payment.status} payment may become ${to}`)
    const paidAt = to === 'succeeded' ? lastTakenAt(tenders) : payment.paidAt
    const moved = await updatePayment(
      tx,
      payment,
      {
        status: to,
        failure_code: failureCode,
        paid_at: paidAt,
        succeeded_at: to === 'succeeded' ? now : null,
        settling_since: payment.settlingSince ?? (payment.confirmedAt ? now : null),
        attempts: 0,
        retry_at: null,
      },
      now,
    )
    if (to === 'succeeded') {
      assert(paidAt, 'a payment that succeeds has taken money')
      await ledger.post(tx, entryOfSuccess(moved, paidAt))
    }
    if (to === 'failed' || to === 'closed') await giveUpClaims(tx, moved)
    await publish(tx, 'payments.changed', eventOf(moved))
    const subject = paymentSubject(moved.id)
    const detail = { from: payment.status, failureCode }
    const fact = { action: `payments.${to}`, subject, detail }
    await audit(tx, moved.hospitalId, systemActor('payments'), fact)
    return moved
  }

  async function callAPerson(tx: Tx, payment: Payment, reason: string, now: Date) {
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
    const leased = await updatePayment(
      tx,
      payment,
      { call_no: payment.callNo + 1, in_call_until: until, due_at: until },
      now,
    )
    if (step.do === 'write_back') {
      await updateBill(tx, payment, step.billNo, { write_back: 'asked' })
      return { ...step, payment: leased, paid: paidBillOf(payment, bills, tenders, step.billNo) }
    }
    const tender = tenders.find((t) => t.tenderNo === step.tenderNo)
    assert(tender, `payment ${payment.id} has tender ${step.tenderNo}`)
    if (step.do === 'charge') {
      await updateTender(tx, payment, tender.tenderNo, { status: 'asked' })
    }
    return { ...step, payment: leased, tender, order: chargeOrderOf(payment, bills, tender) }
  }

  /** Outside of any transaction. Never throws for what a provider does: adapters answer 'unknown'. */
  async function ask(call: Call): Promise<Answered> {
    const exchanges: Exchange[] = []
    const { hospitalId } = call.payment
    const context = { hospitalId, trace: (exchange: Exchange) => void exchanges.push(exchange) }
    if (call.do === 'write_back') {
      const answer: WriteBackAnswer = canaries.has('lost_write_back')
        ? { outcome: 'done', data: { receiptNo: 'none', guidance: [] } }
        : await desk.writeBack(context, call.paid)
      return { call, answer, exchanges } as Answered
    }
    const provider = (await providersOf(hospitalId)).get(call.tender.provider)
    assert(provider, `hospital ${hospitalId} has the provider ${call.tender.provider}`)
    const answer = await provider[call.do](context, call.order)
    return { call, answer, exchanges } as Answered
  }

  async function record(tx: Tx, answered: Answered): Promise<void> {
    const { call, exchanges } = answered
    const { hospitalId, id } = call.payment
    const payment = await lockPayment(tx, hospitalId, id)
    const now = clock.now()
    await saveExchanges(tx, newId, hospitalId, paymentSubject(id), exchanges)
    const { answer } = answered
    if (call.do !== 'write_back' && answer.outcome === 'confirmed') {
      await recordMove(tx, { ledger, now }, payment, call.tender, answer.move)
    }
    // Somebody took over when our time was up: only money that moved counts still.
    if (payment.callNo !== call.payment.callNo) return
    const progress =
      answered.call.do === 'write_back'
        ? await recordWriteBack(tx, payment, answered as WriteBackAnswered)
        : await recordCharge(tx, payment, answered as ChargeAnswered)
    const attempts = progress === 'new' ? 0 : payment.attempts + 1
    await updatePayment(
      tx,
      payment,
      { in_call_until: null, attempts, retry_at: retryAt(payment, progress, now) },
      now,
    )
  }

  function retryAt(payment: Payment, progress: Progress, now: Date): Date | null {
    if (progress === 'new') return null
    const { attempts, expiresAt } = payment
    const at = progress === 'payer' ? askPayerAgainAt(now, attempts) : retryAfter(now, attempts)
    // The end of the payer's time is not slept through.
    return payment.status === 'charging' && now < expiresAt && at > expiresAt ? expiresAt : at
  }
}

/** new: we know more than before. payer: it is still the payer's turn. nothing: ask again later. */
type Progress = 'new' | 'payer' | 'nothing'

async function recordWriteBack(
  tx: Tx,
  payment: Payment,
  { call, answer }: WriteBackAnswered,
): Promise<Progress> {
  switch (answer.outcome) {
    case 'done':
      await updateBill(tx, payment, call.billNo, {
        write_back: 'done',
        receipt_no: answer.data.receiptNo,
        guidance: answer.data.guidance,
      })
      return 'new'
    case 'refused':
      await updateBill(tx, payment, call.billNo, { write_back: 'refused' })
      return 'new'
    case 'unknown':
      return 'nothing'
  }
}

async function recordCharge(
  tx: Tx,
  payment: Payment,
  { call: { tender }, answer }: ChargeAnswered,
): Promise<Progress> {
  const update = (changes: Parameters<typeof updateTender>[3]) =>
    updateTender(tx, payment, tender.tenderNo, changes)
  switch (answer.outcome) {
    case 'confirmed':
      return 'new'
    case 'released':
      await update({ status: 'released' })
      return 'new'
    case 'declined':
      await update({ status: 'declined', decline_code: answer.code })
      return 'new'
    case 'pending': {
      const action = answer.payerAction ? { payer_action: answer.payerAction } : {}
      await update({ status: 'ordered', absent_answers: 0, ...action })
      return 'payer'
    }
    case 'absent':
      await update({ absent_answers: tender.absentAnswers + 1 })
      return tender.phase === 'payer' ? 'payer' : 'nothing'
    case 'unknown':
      return 'nothing'
  }
}

const eventOf = ({ hospitalId, id, status }: Payment) => ({ hospitalId, paymentId: id, status })

type CallStep = Extract<PaymentStep, { do: 'charge' | 'query' | 'release' | 'write_back' }>
type ChargeCall = {
  do: 'charge' | 'query' | 'release'
  payment: Payment
  tender: Tender
  order: ReturnType<typeof chargeOrderOf>
}
type WriteBackCall = {
  do: 'write_back'
  billNo: string
  payment: Payment
  paid: ReturnType<typeof paidBillOf>
}
type Call = ChargeCall | WriteBackCall
type ChargeAnswered = {
  call: ChargeCall
  answer: ChargeAnswer | ReleaseAnswer | { outcome: 'absent' }
  exchanges: Exchange[]
}
type WriteBackAnswered = { call: WriteBackCall; answer: WriteBackAnswer; exchanges: Exchange[] }
type Answered = ChargeAnswered | WriteBackAnswered

export type MachineDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  ledger: Ledger
  providersOf: ProvidersOf
  desk: BillDesk
  publish: Publish
  audit: Audit
  canaries: Canaries
}
