import { assert } from '../../../kernel/assert.ts'
import { negateFen, subtractFen } from '../../../kernel/money.ts'
import type { ScannedCode } from '../kit/simulator.ts'
import { cardAccount, feeOf, FEES, IN_TRANSIT, merchantAccount, post } from './books.ts'
import { findCard } from './cards.ts'
import { type Context, nowMs } from './context.ts'
import { createNotice } from './notices.ts'
import { changeTxn, hasPayTimePassed, newTrace, type Txn } from './transactions.ts'

export type PayOutcome =
  | 'paid'
  | 'already_paid'
  | 'expired'
  | 'ended'
  | 'insufficient'
  | 'unknown_card'
  | 'unknown_order'

/** What the payer's confirmation on the page or in the app does. A try that fails leaves its code for the query. */
export function payTxn(context: Context, txn: Txn | null, cardNo: string): PayOutcome {
  if (txn?.kind !== 'charge') return 'unknown_order'
  const obstacle = obstacleTo(context, txn, cardNo)
  if (obstacle === 'insufficient') changeTxn(context, txn, { respCode: '64' })
  if (obstacle === null) settlePayment(context, txn, cardNo)
  return obstacle ?? 'paid'
}

/** Why this card cannot pay this order now; null when it can. */
export function obstacleTo(context: Context, txn: Txn, cardNo: string) {
  if (txn.state === 'done') return 'already_paid'
  if (txn.state !== 'waiting') return 'ended'
  if (hasPayTimePassed(context, txn)) return 'expired'
  const card = findCard(context, cardNo)
  if (!card) return 'unknown_card'
  return card.balanceFen < txn.amountFen ? 'insufficient' : null
}

/** What the app shows of an order before anyone pays; null for what is no order. */
export function scanTxn(context: Context, txn: Txn | null): ScannedCode | null {
  const merchant = txn?.kind === 'charge' && context.merchants.get(txn.merId)
  if (!txn || !merchant) return null
  const { description, amountFen } = txn
  const state = codeStateOf(obstacleTo(context, txn, ''))
  return { merchantName: merchant.name, description, amountFen, state }
}

/** What stands in the way of some cards only is no state of the code. */
function codeStateOf(obstacle: ReturnType<typeof obstacleTo>): ScannedCode['state'] {
  if (obstacle === 'already_paid') return 'paid'
  if (obstacle === 'ended') return 'closed'
  return obstacle === 'expired' ? 'expired' : 'open'
}

/** What comes due: the payment by a code, and the arrival of a return. */
export function finishDue(context: Context, txn: Txn): void {
  if (txn.kind !== 'charge') return finishReturn(context, txn)
  assert(txn.cardNo, 'a payment by code knows its card')
  const card = findCard(context, txn.cardNo)
  if (card && card.balanceFen >= txn.amountFen) return settlePayment(context, txn, card.cardNo)
  const failed = changeTxn(context, txn, { state: 'failed', respCode: '64', dueMs: null })
  createNotice(context, failed)
}

function settlePayment(context: Context, txn: Txn, cardNo: string): void {
  const merchant = context.merchants.get(txn.merId)
  assert(merchant, `the merchant of ${txn.orderId} is served`)
  const feeFen = feeOf(txn.amountFen, merchant.feePpm)
  const trace = newTrace(context)
  post(context.store, {
    atMs: trace.traceMs,
    queryId: trace.queryId,
    title: '消费',
    lines: [
      { account: cardAccount(cardNo), amountFen: negateFen(txn.amountFen) },
      { account: merchantAccount(txn.merId), amountFen: subtractFen(txn.amountFen, feeFen) },
      { account: FEES, amountFen: feeFen },
    ],
  })
  const changes = { state: 'done', respCode: '00', dueMs: null, cardNo, feeFen } as const
  createNotice(context, changeTxn(context, txn, { ...changes, ...trace }))
}

function finishReturn(context: Context, txn: Txn): void {
  assert(txn.cardNo && txn.queryId, 'a return knows its card and its number')
  post(context.store, {
    atMs: nowMs(context),
    queryId: `${txn.queryId} arrived`,
    title: txn.kind === 'void' ? '消费撤销' : '退货',
    lines: [
      { account: IN_TRANSIT, amountFen: negateFen(txn.amountFen) },
      { account: cardAccount(txn.cardNo), amountFen: txn.amountFen },
    ],
  })
  createNotice(context, changeTxn(context, txn, { state: 'done', respCode: '00', dueMs: null }))
}
