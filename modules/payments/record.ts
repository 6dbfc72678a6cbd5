import type { Tx } from '../../platform/db.ts'
import { saveExchanges } from '../../platform/exchange.ts'
import { paymentSubject } from './books.ts'
import type { Answered, TenderAnswered, WriteBackAnswered } from './calls.ts'
import type { MachineDependencies } from './dependencies.ts'
import { recordMove } from './moves.ts'
import { type Payment, tenderNumbered } from './payment.ts'
import { askPayerAgainAt, retryAfter } from './retry.ts'
import { lockPayment, tendersOf, updateBill, updatePayment, updateTender } from './store.ts'

/** Writes down what was answered: the words, the money, and what they say of the payment. */
export async function record(deps: MachineDependencies, tx: Tx, answered: Answered): Promise<void> {
  const payment = await recordFacts(deps, tx, answered)
  // Somebody took over when our time was up: only money that moved counts still.
  if (payment.callNo !== answered.call.payment.callNo) return
  const progress =
    answered.of === 'bill'
      ? await recordWriteBack(tx, payment, answered)
      : await recordTender(tx, payment, answered)
  const now = deps.clock.now()
  const attempts = progress === 'new' ? 0 : payment.attempts + 1
  const retry_at = retryAt(payment, progress, now)
  await updatePayment(tx, payment, { in_call_until: null, attempts, retry_at }, now)
}

/** Writes down money that was found after the end: the machine is to look at it. */
export async function recordFound(
  deps: MachineDependencies,
  tx: Tx,
  answered: TenderAnswered,
): Promise<void> {
  const payment = await recordFacts(deps, tx, answered)
  const now = deps.clock.now()
  await updatePayment(tx, payment, { due_at: now }, now)
}

async function recordFacts(
  { clock, newId, ledger }: MachineDependencies,
  tx: Tx,
  answered: Answered,
): Promise<Payment> {
  const { hospitalId, id } = answered.call.payment
  const payment = await lockPayment(tx, hospitalId, id)
  await saveExchanges(tx, newId, hospitalId, paymentSubject(id), answered.exchanges)
  if (answered.of === 'tender' && answered.answer.outcome === 'confirmed') {
    const { tenderNo } = answered.call.tender
    await recordMove(tx, { ledger, now: clock.now() }, payment, tenderNo, answered.answer.move)
  }
  return payment
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

async function recordTender(
  tx: Tx,
  payment: Payment,
  { call, answer }: TenderAnswered,
): Promise<Progress> {
  const tenders = await tendersOf(tx, payment.hospitalId, payment.id)
  const { tenderNo, phase, absentAnswers } = tenderNumbered(tenders, call.tender.tenderNo)
  const update = (changes: Parameters<typeof updateTender>[3]) =>
    updateTender(tx, payment, tenderNo, changes)
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
      await update({ absent_answers: absentAnswers + 1 })
      return phase === 'payer' ? 'payer' : 'nothing'
    case 'unknown':
      return 'nothing'
  }
}

function retryAt(payment: Payment, progress: Progress, now: Date): Date | null {
  if (progress === 'new') return null
  const { attempts, expiresAt } = payment
  const at = progress === 'payer' ? askPayerAgainAt(now, attempts) : retryAfter(now, attempts)
  // The end of the payer's time is not slept through.
  return payment.status === 'charging' && now < expiresAt && at > expiresAt ? expiresAt : at
}
