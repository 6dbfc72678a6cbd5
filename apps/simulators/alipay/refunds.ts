import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, negateFen, subtractFen, toYuanText } from '../../../kernel/money.ts'
import { DAY_MS, toShanghaiText } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { balanceOf, feeGivenBack, FEES, merchantAccount, post, walletAccount } from './books.ts'
import { type App, type Context, nowMs } from './context.ts'
import { type Content, fieldsOf } from './fields.ts'
import { createTradeNotice } from './notices.ts'
import { listRefundsOf, type Refund } from './refund.ts'
import { changeTrade, findTrade, findTradeBy, namesOf, reload, type Trade } from './trade.ts'
import { findWallet, payerFields } from './wallets.ts'

const CANCELLABLE_MS = DAY_MS

/** The trade a request names by trade_no or out_trade_no, scanned or not; the first counts when both are there. */
export function namedTrade(context: Context, app: App, content: Content): Trade | null {
  const fields = fieldsOf(content)
  const [tradeNo, outTradeNo] = [fields.optional('trade_no'), fields.optional('out_trade_no')]
  if (tradeNo === '' && outTradeNo === '') throw fields.wrong('out_trade_no')
  if (tradeNo === '') return findTrade(context, app.appId, outTradeNo)
  const trade = findTradeBy(context, 'trade_no', tradeNo)
  return trade?.appId === app.appId ? trade : null
}

/** The same, of what is a trade by now. Throws ACQ.TRADE_NOT_EXIST. */
export function existingTrade(context: Context, app: App, content: Content): Trade {
  const trade = namedTrade(context, app, content)
  if (!trade || trade.tradeNo === null) throw new ApiError('ACQ.TRADE_NOT_EXIST')
  return trade
}

/** alipay.trade.refund. The same out_request_no again moves nothing, and says so by fund_change N. */
export function refundTrade(context: Context, app: App, content: Content): object {
  const trade = existingTrade(context, app, content)
  const fields = fieldsOf(content)
  const amountFen = fields.amount('refund_amount')
  const requestNo = fields.optional('out_request_no')
  if (requestNo === '' && amountFen !== trade.totalFen) throw fields.wrong('out_request_no')
  const outRequestNo = requestNo || trade.outTradeNo
  const earlier = listRefundsOf(context, trade)
  const asked = earlier.find((refund) => refund.outRequestNo === outRequestNo)
  if (asked && asked.amountFen !== amountFen) throw new ApiError('ACQ.DISCORDANT_REPEAT_REQUEST')
  if (asked) return refundView(context, app, trade, asked, 'N')
  checkRefundable(trade, amountFen, earlier)
  const reason = fields.optional('refund_reason', 256)
  const refund = bookRefund(context, app, trade, { amountFen, outRequestNo, reason })
  return refundView(context, app, reload(context, trade), refund, 'Y')
}

function checkRefundable(trade: Trade, amountFen: Fen, earlier: readonly Refund[]) {
  if (trade.state === 'TRADE_FINISHED') throw new ApiError('ACQ.TRADE_HAS_FINISHED')
  if (trade.state === 'TRADE_CLOSED') throw new ApiError('ACQ.TRADE_HAS_CLOSE')
  if (trade.state !== 'TRADE_SUCCESS') throw new ApiError('ACQ.TRADE_STATUS_ERROR')
  const refunded = addFen(...earlier.map((refund) => refund.amountFen))
  if (addFen(refunded, amountFen) > trade.totalFen) {
    throw new ApiError('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL')
  }
}

function refundView(context: Context, app: App, trade: Trade, refund: Refund, change: 'Y' | 'N') {
  const all = listRefundsOf(context, trade)
  const wallet = trade.buyerId === null ? null : findWallet(context, trade.buyerId)
  return {
    ...namesOf(trade),
    ...payerFields(app, wallet, 'buyer'),
    fund_change: change,
    refund_fee: toYuanText(addFen(...all.map((each) => each.amountFen))),
    ...(change === 'Y' && { gmt_refund_pay: toShanghaiText(refund.at) }),
  }
}

function bookRefund(
  context: Context,
  app: App,
  trade: Trade,
  asked: { amountFen: Fen; outRequestNo: string; reason: string },
): Refund {
  const { amountFen, outRequestNo, reason } = asked
  const { tradeNo, buyerId, feeFen: fee } = trade
  assert(tradeNo && buyerId && fee !== null, 'a paid trade has its payer and fee')
  if (findWallet(context, buyerId)?.closed) throw new ApiError('ACQ.BUYER_ENABLE_STATUS_FORBID')
  const refundedBeforeFen = addFen(...listRefundsOf(context, trade).map((each) => each.amountFen))
  const part = { totalFen: trade.totalFen, feeFen: fee, refundedBeforeFen, refundFen: amountFen }
  const feeFen = feeGivenBack(part)
  const merchant = merchantAccount(app.sellerId)
  const fromMerchant = subtractFen(amountFen, feeFen)
  if (balanceOf(context.store, merchant) < fromMerchant) {
    throw new ApiError('ACQ.SELLER_BALANCE_NOT_ENOUGH')
  }
  post(context.store, {
    atMs: nowMs(context),
    businessNo: tradeNo,
    title: '退款',
    lines: [
      { account: merchant, amountFen: negateFen(fromMerchant) },
      { account: FEES, amountFen: negateFen(feeFen) },
      { account: walletAccount(buyerId), amountFen },
    ],
  })
  const { appId, outTradeNo } = trade
  context.store.run(
    `insert into refund (app_id, out_trade_no, out_request_no, amount_fen, fee_fen, reason, at_ms)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [appId, outTradeNo, outRequestNo, amountFen, feeFen, reason, nowMs(context)],
  )
  if (addFen(refundedBeforeFen, amountFen) === trade.totalFen) {
    changeTrade(context, trade, { state: 'TRADE_CLOSED', closed_ms: nowMs(context) })
  }
  const at = context.clock.now()
  const refund = { appId, outTradeNo, outRequestNo, amountFen, feeFen, reason, at }
  createTradeNotice(context, app, reload(context, trade), refund)
  return refund
}

/** alipay.trade.fastpay.refund.query. Of a refund that did not happen it names nothing but the trade. */
export function refundQuery(context: Context, app: App, content: Content): object {
  const trade = existingTrade(context, app, content)
  const fields = fieldsOf(content)
  const outRequestNo = fields.text('out_request_no')
  const refund = listRefundsOf(context, trade).find((each) => each.outRequestNo === outRequestNo)
  if (!refund) return namesOf(trade)
  const tellsTime = fields.options('query_options').includes('gmt_refund_pay')
  return {
    ...namesOf(trade),
    out_request_no: refund.outRequestNo,
    total_amount: toYuanText(trade.totalFen),
    refund_amount: toYuanText(refund.amountFen),
    refund_status: 'REFUND_SUCCESS',
    ...(tellsTime && { gmt_refund_pay: toShanghaiText(refund.at) }),
  }
}

/** alipay.trade.close: of a trade that waits. */
export function closeTrade(context: Context, app: App, content: Content): object {
  const trade = existingTrade(context, app, content)
  if (trade.state !== 'WAIT_BUYER_PAY') throw new ApiError('ACQ.TRADE_STATUS_ERROR')
  changeTrade(context, trade, { state: 'TRADE_CLOSED', closed_ms: nowMs(context) })
  return namesOf(trade)
}

/** alipay.trade.cancel: closes what waits, gives back what was paid, and is content when there is neither. */
export function cancelTrade(context: Context, app: App, content: Content): object {
  const trade = namedTrade(context, app, content)
  const done = { out_trade_no: fieldsOf(content).optional('out_trade_no'), retry_flag: 'N' }
  if (!trade) return done
  if (trade.tradeNo === null) {
    if (context.rules.cancelEndsUnscannedCode) {
      changeTrade(context, trade, { state: 'TRADE_CLOSED', closed_ms: nowMs(context) })
    }
    return done
  }
  const answer = { ...namesOf(trade), retry_flag: 'N' }
  if (trade.cancelled) return { ...answer, action: trade.paidAt ? 'refund' : 'close' }
  changeTrade(context, trade, { cancelled: 1 })
  if (trade.paidAt === null) {
    changeTrade(context, trade, { state: 'TRADE_CLOSED', closed_ms: nowMs(context) })
    return { ...answer, action: 'close' }
  }
  if (listRefundsOf(context, trade).length > 0) {
    throw new ApiError('ACQ.REASON_TRADE_REFUND_FEE_ERR')
  }
  if (nowMs(context) > trade.paidAt.getTime() + CANCELLABLE_MS) {
    throw new ApiError('ACQ.TRADE_CANCEL_TIME_OUT')
  }
  const { totalFen: amountFen, outTradeNo: outRequestNo } = trade
  bookRefund(context, app, trade, { amountFen, outRequestNo, reason: '撤销' })
  return { ...answer, action: 'refund' }
}
