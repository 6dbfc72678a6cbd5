import type { Tx } from '../../platform/db.ts'
import { saveExchanges } from '../../platform/exchange.ts'
import { paymentSubject } from './books.ts'
import type { Answered, TenderAnswered, WriteBackAnswered } from './calls.ts'
import type { MachineDependencies } from './dependencies.ts'
import { type HeldPayment, holdPayment } from './held.ts'
import { recordMove } from './moves.ts'
import { type Payment, tenderNumbered } from './payment.ts'
import { askPayerAgainAt, retryAfter } from './retry.ts'
import type { TenderChanges } from './store.ts'

/** Writes down what was answered: the words, the money, and what they say of the payment. */
export async function record(
  deps: MachineDependencies,
  tx: Tx,
  held: HeldPayment,
  answered: Answered,
): Promise<void> {
  await recordFacts(deps, tx, held, answered)
  const { payment } = held
  // Somebody took over when our time was up: only money that moved counts still.
  if (payment.callNo !== answered.call.payment.callNo) return
  const progress =
    answered.of === 'bill' ? recordWriteBack(held, answered) : recordTender(held, answered)
  const now = deps.clock.now()
  const attempts = progress === 'new' ? 0 : payment.attempts + 1
  held.change({ in_call_until: null, attempts, retry_at: retryAt(payment, progress, now) })
}

/** Writes down money that was found after the end: the machine is to look at it. */
export async function recordFound(
  deps: MachineDependencies,
  tx: Tx,
  answered: TenderAnswered,
): Promise<void> {
  const { hospitalId, id } = answered.call.payment
  const held = await holdPayment(tx, hospitalId, id)
  await recordFacts(deps, tx, held, answered)
  const now = deps.clock.now()
  held.change({ due_at: now })
  await held.save(now)
}

async function recordFacts(
  { clock, newId, ledger }: MachineDependencies,
  tx: Tx,
  held: HeldPayment,
  answered: Answered,
): Promise<void> {
  const { payment, tenders } = held
  const { hospitalId, id } = payment
  const saved = saveExchanges(tx, newId, hospitalId, paymentSubject(id), answered.exchanges)
  if (answered.of !== 'tender' || answered.answer.outcome !== 'confirmed') return saved
  const tender = tenderNumbered(tenders, answered.call.tender.tenderNo)
  const told = { payment, tender, move: answered.answer.move }
  const [totals] = await Promise.all([recordMove(tx, { ledger, now: clock.now() }, told), saved])
  if (totals) held.changeTender(tender.tenderNo, totals)
}

/** new: we know more than before. payer: it is still the payer's turn. nothing: ask again later. */
type Progress = 'new' | 'payer' | 'nothing'

function recordWriteBack(held: HeldPayment, { call, answer }: WriteBackAnswered): Progress {
  switch (answer.outcome) {
    case 'done':
      held.changeBill(call.billNo, {
        write_back: 'done',
        receipt_no: answer.data.receiptNo,
        guidance: answer.data.guidance,
      })
      return 'new'
    case 'refused':
      held.changeBill(call.billNo, { write_back: 'refused' })
      return 'new'
    case 'unknown':
      return 'nothing'
  }
}

function recordTender(held: HeldPayment, { call, answer }: TenderAnswered): Progress {
  const { tenderNo, phase, absentAnswers } = tenderNumbered(held.tenders, call.tender.tenderNo)
  const update = (changes: TenderChanges) => held.changeTender(tenderNo, changes)
  switch (answer.outcome) {
    case 'confirmed':
      return 'new'
    case 'held':
      update({ status: 'held' })
      return 'new'
    case 'released':
      update({ status: 'released' })
      return 'new'
    case 'declined':
      update({ status: 'declined', decline_code: answer.code })
      return 'new'
    case 'pending': {
      const action = answer.payerAction ? { payer_action: answer.payerAction } : {}
      update({ status: 'ordered', absent_answers: 0, ...action })
      return 'payer'
    }
    case 'absent':
      update({ absent_answers: absentAnswers + 1 })
      return phase === 'payer' ? 'payer' : 'nothing'
    case 'unknown':
      return 'nothing'
  }
}

function retryAt(payment: Payment, progress: Progress, now: Date): Date | null {
  if (progress === 'new') return null
  const { id, attempts, expiresAt } = payment
  const again = progress === 'payer' ? askPayerAgainAt : retryAfter
  const at = again(now, attempts, id)
  // The end of the payer's time is not slept through.
  return payment.status === 'charging' && now < expiresAt && at > expiresAt ? expiresAt : at
}
