import { assert } from '../../../kernel/assert.ts'
import { negateFen, subtractFen, toYuanText } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { depositAccount, feeOf, FEES, merchantAccount, post, walletAccount } from './books.ts'
import { type App, type Context, nowMs } from './context.ts'
import { fieldsOf } from './fields.ts'
import { createTradeNotice } from './notices.ts'
import { findAgain, insertTrade, type Placing, readNewTrade } from './place.ts'
import { changeTrade, namesOf, paidFields, reload, type Trade } from './trade.ts'
import { findWallet, payerFields, useBarcode, useOfBarcode, type Wallet } from './wallets.ts'

export type Obstacle =
  | 'already_paid'
  | 'closed'
  | 'expired'
  | 'insufficient'
  | 'wrong_payer'
  | 'wallet_closed'
  | 'unknown_wallet'

/** Why this wallet cannot pay this trade now; null when it can. */
export function obstacleTo(context: Context, trade: Trade, buyerId: string): Obstacle | null {
  if (trade.paidAt !== null) return 'already_paid'
  if (trade.state === 'TRADE_CLOSED') return trade.closedAt === null ? 'expired' : 'closed'
  if (nowMs(context) >= trade.expiresAt.getTime()) return 'expired'
  if (trade.buyerId !== null && trade.buyerId !== buyerId) return 'wrong_payer'
  const wallet = findWallet(context, buyerId)
  if (!wallet) return 'unknown_wallet'
  if (wallet.closed) return 'wallet_closed'
  return wallet.balanceFen < trade.totalFen ? 'insufficient' : null
}

/** Takes the money from a wallet, or from what a deposit has frozen of it. The caller has looked for obstacles. */
export function settle(context: Context, trade: Trade, buyerId: string): Trade {
  const app = appOf(context, trade)
  const { tradeNo, totalFen } = trade
  assert(tradeNo, 'there is a trade to pay')
  const feeFen = feeOf(totalFen, app.feePpm)
  const from = trade.authNo === null ? walletAccount(buyerId) : depositAccount(trade.authNo)
  post(context.store, {
    atMs: nowMs(context),
    businessNo: tradeNo,
    title: '交易',
    lines: [
      { account: from, amountFen: negateFen(totalFen) },
      { account: merchantAccount(app.sellerId), amountFen: subtractFen(totalFen, feeFen) },
      { account: FEES, amountFen: feeFen },
    ],
  })
  const paid = { paid_ms: nowMs(context), fee_fen: feeFen, buyer_id: buyerId }
  changeTrade(context, trade, { state: 'TRADE_SUCCESS', ...paid })
  const settled = reload(context, trade)
  createTradeNotice(context, app, settled, null)
  return settled
}

export function appOf({ apps }: Context, { appId }: { appId: string }): App {
  const app = apps.get(appId)
  assert(app, `application ${appId} is served`)
  return app
}

/**
 * alipay.trade.pay with a barcode: small amounts are taken at once, for others the payer enters the password first
 * and the answer is 10003.
 */
export function payByBarcode(context: Context, placing: Placing): PayAnswer {
  const { app, content } = placing
  const fields = fieldsOf(content)
  fields.match('scene', /^bar_code$/)
  const code = fields.text('auth_code')
  const request = readNewTrade(context, placing)
  const method = 'alipay.trade.pay'
  const waiting = findAgain(context, app, method, request)
  if (waiting && useOfBarcode(context, code) === request.outTradeNo) {
    return inProcess(context, app, waiting)
  }
  const isBarcode = /^(2[5-9]|30)\d{14,22}$/.test(code)
  const wallet = isBarcode ? useBarcode(context, code, request.outTradeNo) : null
  if (!wallet) throw new ApiError('ACQ.PAYMENT_AUTH_CODE_INVALID')
  if (wallet.closed) throw new ApiError('ACQ.BUYER_ENABLE_STATUS_FORBID')
  if (wallet.balanceFen < request.totalFen) throw new ApiError('ACQ.BUYER_BALANCE_NOT_ENOUGH')
  const { buyerId } = wallet
  const trade = waiting ?? insertTrade(context, placing, method, request, { buyerId })
  if (request.totalFen > context.rules.barcodeLimitFen) return inProcess(context, app, trade)
  return { code: '10000', node: paidView(app, settle(context, trade, buyerId), wallet) }
}

export type PayAnswer = { code: '10000' | '10003'; node: object }

function inProcess(context: Context, app: App, trade: Trade): PayAnswer {
  const wallet = trade.buyerId === null ? null : findWallet(context, trade.buyerId)
  return { code: '10003', node: { ...namesOf(trade), ...payerFields(app, wallet, 'buyer') } }
}

/** The answer of alipay.trade.pay when the money is there. */
export function paidView(app: App, trade: Trade, wallet: Wallet): object {
  assert(trade.paidAt, 'the trade is paid')
  return {
    ...namesOf(trade),
    ...payerFields(app, wallet, 'buyer'),
    total_amount: toYuanText(trade.totalFen),
    ...paidFields(trade),
    gmt_payment: toShanghaiText(trade.paidAt),
  }
}
