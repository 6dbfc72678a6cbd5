import { addFen, negateFen, subtractFen } from '../../../kernel/money.ts'
import { cardAccount, feeGivenBack, FEES, IN_TRANSIT, merchantAccount, post } from './books.ts'
import { type Context, nowMs } from './context.ts'
import { settleDateOf } from './moments.ts'
import { Refusal } from './refusal.ts'
import {
  changeTxn,
  insertTxn,
  type NewTxn,
  newTrace,
  returnedFen,
  returnsOf,
  type Txn,
  txnByQueryId,
} from './transactions.ts'

/**
 * Accepts a refund or a void: the merchant's money is gone at once, the payer has it a while later.
 *
 * Refusals: 35 without such a payment; 36 for a void of another amount; 39 for one after the settlement day;
 * 45 after a void, and for a void after any return; 33 for more than is left.
 */
export function acceptReturn(context: Context, asked: NewTxn): Txn {
  const charge = txnByQueryId(context, asked.merId, asked.origQueryId ?? '')
  if (charge?.kind !== 'charge' || charge.state !== 'done') throw new Refusal('35')
  const before = returnsOf(context, charge)
  if (before.some((txn) => txn.kind === 'void')) throw new Refusal('45')
  if (asked.kind === 'void') {
    if (before.length > 0) throw new Refusal('45')
    if (asked.amountFen !== charge.amountFen) throw new Refusal('36', 'txnAmt')
    if (settleDateOf(nowMs(context)) !== charge.settleDate) throw new Refusal('39')
  }
  const refundedBeforeFen = returnedFen(context, charge)
  if (addFen(refundedBeforeFen, asked.amountFen) > charge.amountFen) throw new Refusal('33')
  const { amountFen, feeFen: paidFeeFen } = charge
  const refund = { refundedBeforeFen, refundFen: asked.amountFen }
  const feeFen = feeGivenBack({ amountFen, feeFen: paidFeeFen, ...refund })
  const trace = newTrace(context)
  post(context.store, {
    atMs: trace.traceMs,
    queryId: trace.queryId,
    title: asked.kind === 'void' ? '消费撤销' : '退货',
    lines: [
      {
        account: merchantAccount(asked.merId),
        amountFen: negateFen(subtractFen(asked.amountFen, feeFen)),
      },
      { account: FEES, amountFen: negateFen(feeFen) },
      { account: IN_TRANSIT, amountFen: asked.amountFen },
    ],
  })
  const dueMs = nowMs(context) + context.delays.refundMs
  const { cardNo } = charge
  return changeTxn(context, insertTxn(context, asked), { ...trace, feeFen, cardNo, dueMs })
}

/**
 * Reverses a payment by a code (冲正): what was taken goes back, what is under way is ended. Asked again, it is done
 * already. Refusals: 35 without such a payment; 39 after the settlement day.
 */
export function reverse(context: Context, charge: Txn | null): void {
  if (charge?.kind !== 'charge' || charge.way !== 'code') throw new Refusal('35')
  if (charge.state === 'reversed' || charge.state === 'failed') return
  if (settleDateOf(nowMs(context)) !== settleDateOf(charge.createdMs)) throw new Refusal('39')
  if (charge.state === 'processing') {
    changeTxn(context, charge, { state: 'reversed', respCode: '46', dueMs: null })
    return
  }
  if (returnsOf(context, charge).length > 0) throw new Refusal('45')
  const trace = newTrace(context)
  post(context.store, {
    atMs: trace.traceMs,
    queryId: trace.queryId,
    title: '冲正',
    lines: [
      {
        account: merchantAccount(charge.merId),
        amountFen: negateFen(subtractFen(charge.amountFen, charge.feeFen)),
      },
      { account: FEES, amountFen: negateFen(charge.feeFen) },
      { account: cardAccount(charge.cardNo ?? ''), amountFen: charge.amountFen },
    ],
  })
  changeTxn(context, charge, {
    state: 'reversed',
    respCode: '46',
    reversalQueryId: trace.queryId,
    reversalTraceNo: trace.traceNo,
    reversalMs: trace.traceMs,
    reversalSettleDate: trace.settleDate,
  })
}
