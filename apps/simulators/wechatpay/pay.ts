import { assert } from '../../../kernel/assert.ts'
import { negateFen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { ScannedCode } from '../kit/simulator.ts'
import { feeOf, FEES, merchantAccount, post, walletAccount } from './books.ts'
import { combinedView, findCombined } from './combined/combined-order.ts'
import { type Context, nowMs } from './context.ts'
import { createNotice } from './notices.ts'
import { findOrder, type Order, transactionView } from './order.ts'
import { orderOfToken, type PayTarget, type TokenOrder } from './token-order.ts'
import { findWallet } from './wallets.ts'

export type PayOutcome =
  | 'paid'
  | 'already_paid'
  | 'closed'
  | 'expired'
  | 'insufficient'
  | 'wrong_payer'
  | 'wallet_closed'
  | 'unknown_wallet'
  | 'unknown_order'

/** What the payer's confirmation in the wallet does, in one transaction. */
export function payOrder(context: Context, target: PayTarget, openid: string): PayOutcome {
  return context.store.transaction(() => {
    const order = orderOfToken(context, target)
    if (!order) return 'unknown_order'
    const obstacle = obstacleTo(context, order, openid)
    if (obstacle !== null) return obstacle
    if (order.parts.length === 0) settlePayment(context, order, openid)
    else settleCombined(context, order, openid)
    return 'paid'
  })
}

/** Why this wallet cannot pay this order now; null when it can. */
export function obstacleTo(context: Context, order: Omit<TokenOrder, 'parts'>, openid: string) {
  if (order.state === 'SUCCESS' || order.state === 'REFUND') return 'already_paid'
  if (order.state === 'CLOSED' || order.state === 'REVOKED' || order.state === 'PAYERROR') {
    return order.hasExpired ? 'expired' : 'closed'
  }
  if (order.isTokenStale) return 'expired'
  if (order.openid !== null && order.openid !== openid) return 'wrong_payer'
  const wallet = findWallet(context, openid)
  if (!wallet) return 'unknown_wallet'
  if (wallet.closed) return 'wallet_closed'
  return wallet.balanceFen < order.totalFen ? 'insufficient' : null
}

/** What the wallet shows of a code before anyone pays; null for a code that there is not. */
export function scanCode(context: Context, codeUrl: string): ScannedCode | null {
  const order = orderOfToken(context, { codeUrl })
  const merchant = order && context.merchants.get(order.mchid)
  if (!merchant) return null
  const { description, totalFen: amountFen } = order
  const state = codeStateOf(obstacleTo(context, order, ''))
  return { merchantName: merchant.name, description, amountFen, state }
}

/** What stands in the way of some payers only is no state of the code. */
function codeStateOf(obstacle: ReturnType<typeof obstacleTo>): ScannedCode['state'] {
  if (obstacle === 'already_paid') return 'paid'
  return obstacle === 'expired' || obstacle === 'closed' ? obstacle : 'open'
}

/** Moves the money, and tells the merchant unless the code was scanned: then the answer tells it. */
export function settlePayment(context: Context, order: Order, openid: string) {
  bookPayment(context, order, openid)
  if (order.tradeType === 'MICROPAY') return
  const paid = findOrder(context, order.mchid, order.outTradeNo)
  const merchant = context.merchants.get(order.mchid)
  assert(paid && merchant, 'the order was just paid')
  createNotice(context, {
    eventType: 'TRANSACTION.SUCCESS',
    merchant,
    outTradeNo: order.outTradeNo,
    outRefundNo: null,
    url: order.notifyUrl,
    resource: transactionView(paid),
  })
}

/** All of the parts, each to its own merchant, and one notice to whoever combined them. */
function settleCombined(context: Context, order: TokenOrder, openid: string) {
  for (const part of order.parts) bookPayment(context, part, openid)
  const paid = findCombined(context, order.mchid, order.outTradeNo)
  const merchant = context.merchants.get(order.mchid)
  assert(paid && merchant, 'the combined order was just paid')
  createNotice(context, {
    eventType: 'TRANSACTION.SUCCESS',
    merchant,
    outTradeNo: order.outTradeNo,
    outRefundNo: null,
    url: order.notifyUrl,
    resource: combinedView(paid),
  })
}

function bookPayment(context: Context, order: Order, openid: string) {
  const merchant = context.merchants.get(order.mchid)
  assert(merchant, `the merchant of ${order.outTradeNo} is served`)
  const feeFen = feeOf(order.totalFen, merchant.feePpm)
  const transactionId = businessNo(context, '4200', order.mchid)
  post(context.store, {
    atMs: nowMs(context),
    businessNo: transactionId,
    voucherNo: order.outTradeNo,
    applicant: 'system',
    note: '',
    lines: [
      { account: walletAccount(openid), amountFen: negateFen(order.totalFen), title: '交易' },
      { account: merchantAccount(order.mchid), amountFen: order.totalFen, title: '交易' },
      {
        account: merchantAccount(order.mchid),
        amountFen: negateFen(feeFen),
        title: '扣除交易手续费',
      },
      { account: FEES, amountFen: feeFen, title: '扣除交易手续费' },
    ],
  })
  context.store.run(
    `update trade_order set state = 'SUCCESS', transaction_id = ?, payer_openid = ?, paid_ms = ?,
       fee_fen = ?, fee_ppm = ? where mchid = ? and out_trade_no = ?`,
    [transactionId, openid, nowMs(context), feeFen, merchant.feePpm, order.mchid, order.outTradeNo],
  )
}

/** 28 digits: a prefix, the merchant, the day and a number that never comes again. */
export function businessNo(context: Context, prefix: string, mchid: string): string {
  const day = businessDateOf(context.clock.now()).replaceAll('-', '')
  const serial = String(context.store.nextSerial('business')).padStart(10, '0')
  return `${prefix}${mchid.slice(-6).padStart(6, '0')}${day}${serial}`
}
