import { assert } from '../../../kernel/assert.ts'
import { fen } from '../../../kernel/money.ts'
import type { Tx } from '../../../platform/db.ts'
import { saveExchanges } from '../../../platform/exchange.ts'
import { paymentSubject } from '../books.ts'
import type { MachineDependencies } from '../dependencies.ts'
import { netReturned, recordMove } from '../moves.ts'
import { tenderNumbered } from '../payment.ts'
import { retryAfter } from '../retry.ts'
import { tendersOf, updateBill, updatePayment, updateTender } from '../store.ts'
import type { DeskAnswered, RefundAnswered, ReturnAnswered } from './calls.ts'
import { MERCHANT_LACKS_MONEY } from './decide.ts'
import { load, type Loaded } from './state.ts'
import { callAPersonAboutRefund, moveRefund } from './steps.ts'
import { lockRefund, updatePart, updateRefund } from './store.ts'

/** Writes down what was answered: the words, the money, and what they say of the refund. */
export async function recordRefund(
  deps: MachineDependencies,
  tx: Tx,
  answered: RefundAnswered,
): Promise<void> {
  const { hospitalId, id, paymentId, callNo } = answered.call.refund
  const state = await load(tx, hospitalId, id)
  await saveExchanges(tx, deps.newId, hospitalId, paymentSubject(paymentId), answered.exchanges)
  if (answered.of === 'part') await recordMoves(deps, tx, state, answered)
  // Somebody took over when our time was up: only money that moved counts still.
  if (state.refund.callNo !== callNo) return
  const isNew =
    answered.of === 'part'
      ? await recordReturn(deps, tx, state, answered)
      : await recordDesk(deps, tx, state, answered)
  const now = deps.clock.now()
  const refund = await lockRefund(tx, hospitalId, id)
  const attempts = isNew ? 0 : refund.attempts + 1
  const retry_at = isNew ? null : retryAfter(now, refund.attempts, id)
  const progress = { in_call_until: null, attempts, retry_at }
  // What finance was called for is done: the next reason to call somebody is another one.
  const isFilled = isNew && refund.attention === MERCHANT_LACKS_MONEY
  const filled = isFilled ? { attention: null, retried_at: now } : {}
  await updateRefund(tx, refund, { ...progress, ...filled }, now)
}

async function recordMoves(
  { ledger, clock }: MachineDependencies,
  tx: Tx,
  { payment, refund }: Loaded,
  { call, answer }: ReturnAnswered,
): Promise<void> {
  if (answer.outcome !== 'confirmed') return
  const { tenderNo } = call.tender
  const back = { refundId: refund.id, hold: call.hold }
  for (const move of answer.moves) {
    const tenders = await tendersOf(tx, payment.hospitalId, payment.id)
    const told = { payment, tender: tenderNumbered(tenders, tenderNo), move, back }
    const totals = await recordMove(tx, { ledger, now: clock.now() }, told)
    if (totals) await updateTender(tx, payment, tenderNo, totals)
  }
  // It keeps all that the lines that stay use of it: nothing of what was promised moves.
  if (answer.moves.length === 0 && call.hold) {
    await ledger.voidHold(tx, refund.hospitalId, call.hold.id)
  }
  const net_fen = netReturned(answer.moves)
  await updatePart(tx, refund, tenderNo, { status: 'returned', net_fen })
}

/** True when we know more than before, and more than that the money is not there yet. */
async function recordReturn(
  { ledger, clock }: MachineDependencies,
  tx: Tx,
  { refund, payment }: Loaded,
  { call, answer }: ReturnAnswered,
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
      if (call.hold) await ledger.voidHold(tx, refund.hospitalId, call.hold.id)
      await update({ status: 'declined', decline_code: answer.code, hold_id: null })
      // The payment waits for this refund, and has to know that it does not get on.
      await updatePayment(tx, payment, { due_at: clock.now() }, clock.now())
      return answer.code !== MERCHANT_LACKS_MONEY
    case 'unknown':
      return false
  }
}

/** True when we know more than before. */
async function recordDesk(
  deps: MachineDependencies,
  tx: Tx,
  state: Loaded,
  { call, answer }: DeskAnswered,
): Promise<boolean> {
  const now = deps.clock.now()
  switch (answer.outcome) {
    case 'unknown':
      return false
    case 'refused':
      if (call.do === 'approve') return refuse(deps, tx, state, answer.code, now)
      // What was done cannot be left untold: a person must settle it with the hospital, and we ask on.
      await callAPersonAboutRefund(deps, tx, state.refund, `hospital_${answer.code}`, now)
      return false
    case 'done':
      if (call.do === 'void_write_back') {
        await updateBill(tx, state.payment, call.billNo, { write_back: 'none' })
      } else if (call.do === 'approve') {
        await moveRefund(deps, tx, state, { to: 'returning' }, now)
      } else {
        const receipt_no = answer.data.receiptNo ?? null
        await moveRefund(deps, tx, state, { to: 'succeeded', receipt_no }, now)
      }
      return true
  }
}

/** The hospital does not agree: nothing has moved, and the lines are free for another wish. */
async function refuse(
  deps: MachineDependencies,
  tx: Tx,
  state: Loaded,
  code: string,
  now: Date,
): Promise<true> {
  const { refund, payment, bills } = state
  await moveRefund(deps, tx, state, { to: 'refused', refusal_code: code }, now)
  const bill = bills.find((b) => b.billNo === refund.billNo)
  assert(bill, 'a refund that is asked for is of one bill')
  const refunding_fen = fen(bill.refundingFen - refund.amountFen)
  await updateBill(tx, payment, bill.billNo, { refunding_fen })
  return true
}
