import { assert } from '../../../kernel/assert.ts'
import type { HospitalId, Id } from '../../../kernel/id.ts'
import { fen, ZERO } from '../../../kernel/money.ts'
import { addMs } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../../platform/exchange.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { DeskAnswer } from '../bill-desk.ts'
import { entryOfRefundBegun, IN_TRANSIT, paymentSubject, receivable } from '../books.ts'
import type { MachineDependencies } from '../machine.ts'
import { netReturned, recordMove } from '../moves.ts'
import { keptFen, type Payment, type Tender } from '../payment.ts'
import type { RefundAnswer, RefundOrder } from '../provider.ts'
import { CALL_LEASE_MS, retryAfter } from '../retry.ts'
import { billsOf, lockPayment, tendersOf, updateBill, updatePayment } from '../store.ts'
import { decideRefund, type RefundState, type RefundStep } from './decide.ts'
import { completionOf, refundOrderOf, refundNoticeOf } from './orders.ts'
import { canRefundMove, isRefundOver, type Refund, type RefundId } from './refund.ts'
import { lockRefund, partsOf, refundsOf, updatePart, updateRefund } from './store.ts'

export type RefundMachine = ReturnType<typeof createRefundMachine>

const MOST_STEPS = 40

/** Moves a refund on until it must wait, in the same way as the payment's machine. The payment's row is locked first, always. */
export function createRefundMachine(dependencies: MachineDependencies) {
  const { db, clock, newId, ledger, providersOf, desk, publish, audit } = dependencies
  return { advance }

  async function advance(hospitalId: HospitalId, refundId: RefundId): Promise<void> {
    let answered: Answered | null = null
    for (let step = 0; step < MOST_STEPS; step++) {
      const before: Answered | null = answered
      const call = await inHospital(db, hospitalId, async (tx) => {
        const loaded = await load(tx, hospitalId, refundId)
        if (!before) return next(tx, loaded)
        await record(tx, loaded, before)
        return next(tx, await load(tx, hospitalId, refundId))
      })
      if (!call) return
      answered = await ask(call)
    }
    assert(false, `refund ${refundId} came to rest within ${MOST_STEPS} steps`)
  }

  async function load(tx: Tx, hospitalId: HospitalId, refundId: RefundId): Promise<Loaded> {
    const { paymentId } = await lockRefund(tx, hospitalId, refundId)
    const payment = await lockPayment(tx, hospitalId, paymentId)
    const [refund, parts, tenders, bills, all] = [
      await lockRefund(tx, hospitalId, refundId),
      await partsOf(tx, hospitalId, refundId),
      await tendersOf(tx, hospitalId, paymentId),
      await billsOf(tx, hospitalId, paymentId),
      await refundsOf(tx, hospitalId, paymentId),
    ]
    return { payment, refund, parts, tenders, bills, earlier: all.filter((r) => r.id !== refundId) }
  }

  async function next(tx: Tx, first: Loaded): Promise<Call | null> {
    const now = clock.now()
    let state = first
    if (state.refund.inCallUntil !== null && state.refund.inCallUntil > now) return null
    for (let step = 0; step < MOST_STEPS; step++) {
      const decision = decideRefund(state, now)
      const { refund } = state
      switch (decision.do) {
        case 'wait':
          await updateRefund(tx, refund, { due_at: decision.until, in_call_until: null }, now)
          return null
        case 'move':
          state = await move(tx, state, decision.to, now)
          break
        case 'size':
          await size(tx, state, decision)
          break
        case 'call_a_person':
          await callAPerson(tx, refund, decision.reason, now)
          break
        default:
          return intend(tx, state, decision, now)
      }
      state = await load(tx, refund.hospitalId, refund.id)
    }
    return assert(false, `refund ${first.refund.id} came to rest`) as never
  }

  async function move(tx: Tx, state: Loaded, to: Refund['status'], now: Date): Promise<Loaded> {
    const { refund, payment } = state
    assert(canRefundMove(refund.status, to), `a ${refund.status} refund may become ${to}`)
    const { hospitalId, id: refundId, paymentId } = refund
    if (to === 'returning' && payment.status === 'succeeded') {
      await ledger.post(tx, entryOfRefundBegun(refund, now))
    }
    const moved = await updateRefund(
      tx,
      refund,
      {
        status: to,
        attempts: 0,
        retry_at: null,
        returned_at: refund.returnedAt ?? (to === 'completing' || to === 'succeeded' ? now : null),
        completed_at: to === 'succeeded' ? now : null,
      },
      now,
    )
    await publish(tx, 'refunds.changed', { hospitalId, refundId, paymentId, status: to })
    const detail = { refundId, cause: refund.cause, amountFen: refund.amountFen }
    const fact = { action: `refunds.${to}`, subject: paymentSubject(paymentId), detail }
    await audit(tx, hospitalId, systemActor('payments'), fact)
    // The payment waits for this end.
    if (isRefundOver(to)) await updatePayment(tx, payment, { due_at: now, retry_at: null }, now)
    return { ...state, refund: moved }
  }

  /** A part that has nothing to give back is done; the payer's channel is promised the rest in the books. */
  async function size(tx: Tx, state: Loaded, step: Extract<RefundStep, { do: 'size' }>) {
    const { refund, tenders } = state
    const tender = tenderOf(tenders, step.tenderNo)
    const isSource = tender.phase === 'settle'
    const amountFen = isSource ? ZERO : fen(step.amountFen)
    if (!isSource && amountFen === 0) {
      const none = { status: 'returned', amount_fen: ZERO, net_fen: ZERO } as const
      return updatePart(tx, refund, tender.tenderNo, none)
    }
    assert(isSource || amountFen <= keptFen(tender), 'a tender gives back at most what it has')
    return updatePart(tx, refund, tender.tenderNo, { amount_fen: amountFen })
  }

  async function callAPerson(tx: Tx, refund: Refund, reason: string, now: Date) {
    const { hospitalId, id: refundId } = refund
    await publish(tx, 'refunds.attention', { hospitalId, refundId, reason })
    await updateRefund(tx, refund, { attention: reason }, now)
  }

  async function intend(tx: Tx, state: Loaded, step: CallStep, now: Date): Promise<Call | null> {
    const { refund, parts, tenders } = state
    const until = addMs(now, CALL_LEASE_MS)
    const lease = { call_no: refund.callNo + 1, in_call_until: until, due_at: until }
    if (isReturnStep(step)) {
      const tender = tenderOf(tenders, step.tenderNo)
      const part = parts.find((p) => p.tenderNo === step.tenderNo)
      assert(part, 'a refund returns through its parts')
      const holdId =
        part.holdId ?? (await promise(tx, state, tender, part.id, part.amountFen ?? ZERO))
      if (holdId === 'insufficient') {
        const wait = { retry_at: retryAfter(now, refund.attempts), attempts: refund.attempts + 1 }
        const waiting = await updateRefund(tx, refund, wait, now)
        await updateRefund(tx, waiting, { due_at: wait.retry_at }, now)
        return null
      }
      if (step.do === 'return') {
        await updatePart(tx, refund, step.tenderNo, { status: 'asked', hold_id: holdId })
      }
      const leased = await updateRefund(tx, refund, lease, now)
      const order = refundOrderOf(state, tender, part)
      return { ...step, refund: leased, tender, holdId, order }
    }
    return { ...step, refund: await updateRefund(tx, refund, lease, now), state }
  }

  /** Promises the money out of what the channel owes, so that two refunds never count on the same fen. */
  async function promise(
    tx: Tx,
    { payment, refund }: Loaded,
    tender: Tender,
    partId: Id<'RefundPart'>,
    amountFen: ReturnType<typeof fen>,
  ): Promise<Id<'Hold'> | null | 'insufficient'> {
    if (tender.phase === 'settle') return null // a settlement is undone whole, by the insurer's own rules
    const held = await ledger.hold(tx, {
      hospitalId: refund.hospitalId,
      cause: `refund-part:${partId}`,
      subject: paymentSubject(payment.id),
      debit: IN_TRANSIT,
      credit: receivable(tender.provider, 'self_pay'),
      amountFen,
    })
    return held.outcome === 'insufficient' ? 'insufficient' : held.holdId
  }

  async function ask(call: Call): Promise<Answered> {
    const exchanges: Exchange[] = []
    const { hospitalId } = call.refund
    const context = { hospitalId, trace: (exchange: Exchange) => void exchanges.push(exchange) }
    switch (call.do) {
      case 'approve':
        return {
          call,
          exchanges,
          answer: await desk.approveRefund(context, refundNoticeOf(call.state)),
        }
      case 'complete': {
        const moves = await inHospital(db, hospitalId, (tx) =>
          completionOf(tx, call.state.refund, call.state.payment),
        )
        return { call, exchanges, answer: await desk.completeRefund(context, moves) }
      }
      case 'void_write_back': {
        const { refundNo: _, ...notice } = { ...refundNoticeOf(call.state), billNo: call.billNo }
        return { call, exchanges, answer: await desk.voidWriteBack(context, notice) }
      }
      default: {
        const provider = (await providersOf(hospitalId)).get(call.tender.provider)
        assert(provider, `hospital ${hospitalId} has the provider ${call.tender.provider}`)
        const answer =
          call.do === 'return'
            ? await provider.refund(context, call.order)
            : await provider.queryRefund(context, call.order)
        return { call, exchanges, answer }
      }
    }
  }

  async function record(tx: Tx, state: Loaded, answered: Answered): Promise<void> {
    const { call, exchanges } = answered
    const { refund, payment } = state
    const now = clock.now()
    await saveExchanges(tx, newId, refund.hospitalId, paymentSubject(payment.id), exchanges)
    if (isReturnCall(call)) await recordMoves(tx, state, call, answered.answer as RefundAnswer, now)
    if (refund.callNo !== call.refund.callNo) return
    const known = isReturnCall(call)
      ? await recordReturn(
          tx,
          refund,
          call,
          answered.answer as RefundAnswer | { outcome: 'absent' },
        )
      : await recordDesk(tx, state, call, answered.answer as DeskAnswer<{ receiptNo?: string }>)
    const current = await lockRefund(tx, refund.hospitalId, refund.id)
    const attempts = known ? 0 : current.attempts + 1
    const retry_at = known ? null : retryAfter(now, current.attempts)
    await updateRefund(tx, current, { in_call_until: null, attempts, retry_at }, now)
  }

  async function recordMoves(
    tx: Tx,
    { payment, refund }: Loaded,
    call: ReturnCall,
    answer: RefundAnswer,
    now: Date,
  ): Promise<void> {
    if (answer.outcome !== 'confirmed') return
    for (const move of answer.moves) {
      // Each move changes the tender's totals, so the next one is added to what is there then.
      const tenders = await tendersOf(tx, payment.hospitalId, payment.id)
      const tender = tenderOf(tenders, call.tender.tenderNo)
      const back = { refundId: refund.id, holdId: call.holdId }
      await recordMove(tx, { ledger, now }, payment, tender, move, back)
    }
    const netFen = netReturned(answer.moves)
    await updatePart(tx, refund, call.tender.tenderNo, { status: 'returned', net_fen: netFen })
  }

  async function recordReturn(
    tx: Tx,
    refund: Refund,
    call: ReturnCall,
    answer: RefundAnswer | { outcome: 'absent' },
  ): Promise<boolean> {
    const update = (changes: Parameters<typeof updatePart>[3]) =>
      updatePart(tx, refund, call.tender.tenderNo, changes)
    switch (answer.outcome) {
      case 'confirmed':
        return true
      case 'pending':
        await update({ status: 'pending' })
        return false
      case 'absent': // it never reached the provider: the same number is sent again
        await update({ status: 'asked' })
        return false
      case 'declined':
        if (call.holdId) await ledger.voidHold(tx, refund.hospitalId, call.holdId)
        await update({ status: 'declined', decline_code: answer.code, hold_id: null })
        return true
      case 'unknown':
        return false
    }
  }

  async function recordDesk(
    tx: Tx,
    { payment, refund, bills }: Loaded,
    call: DeskCall,
    answer: DeskAnswer<{ receiptNo?: string }>,
  ): Promise<boolean> {
    if (answer.outcome === 'unknown') return false
    const now = clock.now()
    if (call.do === 'void_write_back') {
      if (answer.outcome === 'refused') {
        await callAPerson(tx, refund, `hospital_${answer.code}`, now)
        return false
      }
      await updateBill(tx, payment, call.billNo, { write_back: 'none' })
      return true
    }
    if (answer.outcome === 'refused' && call.do === 'approve') {
      await refuse(tx, refund, answer.code, now)
      const bill = bills.find((b) => b.billNo === refund.billNo)
      assert(bill, 'a refund that is asked for is of one bill')
      const refunding_fen = fen(bill.refundingFen - refund.amountFen)
      await updateBill(tx, payment, bill.billNo, { refunding_fen })
      return true
    }
    if (answer.outcome === 'refused') {
      await callAPerson(tx, refund, `hospital_${answer.code}`, now)
      return false
    }
    const done = {
      approve: { status: 'returning' as const },
      complete: { status: 'succeeded' as const, receipt_no: answer.data.receiptNo ?? null },
    }[call.do]
    if (call.do === 'complete')
      await updateRefund(tx, refund, { receipt_no: done.receipt_no ?? null }, now)
    const current = await load(tx, refund.hospitalId, refund.id)
    await move(tx, current, done.status, now)
    return true
  }

  async function refuse(tx: Tx, refund: Refund, code: string, now: Date): Promise<void> {
    const { hospitalId, id: refundId, paymentId } = refund
    await updateRefund(tx, refund, { status: 'refused', refusal_code: code }, now)
    const fact = { action: 'refunds.refused', subject: paymentSubject(paymentId), detail: { code } }
    await audit(tx, hospitalId, systemActor('payments'), fact)
    await publish(tx, 'refunds.changed', { hospitalId, refundId, paymentId, status: 'refused' })
  }
}

const tenderOf = (tenders: readonly Tender[], tenderNo: number): Tender => {
  const tender = tenders.find((t) => t.tenderNo === tenderNo)
  assert(tender, `the payment has tender ${tenderNo}`)
  return tender
}

const isReturnStep = (step: CallStep): step is ReturnStep =>
  step.do === 'return' || step.do === 'query_return'

const isReturnCall = (call: Call): call is ReturnCall =>
  call.do === 'return' || call.do === 'query_return'

export type Loaded = RefundState & { payment: Payment; earlier: readonly Refund[] }
type ReturnStep = { do: 'return' | 'query_return'; tenderNo: number }
type CallStep = DeskStep | ReturnStep
type ReturnCall = {
  do: 'return' | 'query_return'
  refund: Refund
  tender: Tender
  holdId: Id<'Hold'> | null
  order: RefundOrder
}
type DeskStep = Extract<RefundStep, { do: 'approve' | 'complete' | 'void_write_back' }>
type DeskCall = DeskStep & { refund: Refund; state: Loaded }
type Call = ReturnCall | DeskCall
type Answered = {
  call: Call
  answer: RefundAnswer | DeskAnswer<{ receiptNo?: string }> | { outcome: 'absent' }
  exchanges: Exchange[]
}
