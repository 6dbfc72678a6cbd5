import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, negateFen, subtractFen } from '../../../kernel/money.ts'
import { DAY_MS, MINUTE_MS } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import {
  balanceOf,
  feeGivenBack,
  FEES,
  IN_TRANSIT,
  merchantAccount,
  OUTSIDE,
  post,
  walletAccount,
} from './books.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { mistake } from './fields.ts'
import { createNotice } from './notices.ts'
import { findOrder, findOrderByTransaction, type Order, setState } from './order.ts'
import { digestOf } from './orders.ts'
import { businessNo } from './pay.ts'
import type { RefundRequest } from './refund-request.ts'
import { findRefund, listRefundsOf, type Refund, refundNotice } from './refund.ts'
import { findWallet } from './wallets.ts'

const MAX_REFUNDS = 50
const REFUNDABLE_MS = 365 * DAY_MS
const BETWEEN_REFUNDS_MS = MINUTE_MS

/**
 * Accepts a refund, which is not yet to pay it out, or repeats what was answered to the same one.
 *
 * Errors: the protocol's, section 4 of the reference. A refund refused leaves no trace, and may be
 * asked for again by the same number.
 */
export function requestRefund(
  context: Context,
  merchant: Merchant,
  request: RefundRequest,
): Refund {
  const digest = digestOf(request)
  const asked = findRefund(context, merchant.mchid, request.out_refund_no)
  if (asked) {
    if (asked.requestDigest !== digest) throw new ApiError('reentered_differently')
    return asked
  }
  const order = orderOfRequest(context, merchant, request)
  checkRules(context, order, request)
  const refund = insertRefund(context, order, request, digest)
  if (order.state === 'SUCCESS') setState(context, order, 'REFUND')
  return refund
}

/** The order a request is about. Throws RESOURCE_NOT_EXISTS. */
function orderOfRequest(context: Context, merchant: Merchant, request: RefundRequest): Order {
  const { out_trade_no: outTradeNo, transaction_id: transactionId } = request
  const order =
    outTradeNo === undefined
      ? findOrderByTransaction(context, merchant.mchid, transactionId ?? '')
      : findOrder(context, merchant.mchid, outTradeNo)
  if (!order) throw new ApiError('resource_not_exists', '订单不存在')
  return order
}

function checkRules(context: Context, order: Order, { amount }: RefundRequest) {
  if (order.paidAt === null) throw new ApiError('bad_state', '订单未支付，不能退款')
  if (amount.total !== order.totalFen) {
    throw mistake('bad_parameter', '/amount/total', amount.total, '与原订单金额不一致')
  }
  const earlier = listRefundsOf(context, order)
  const refunded = addFen(...earlier.map((refund) => refund.amountFen))
  if (addFen(refunded, amount.refund) > order.totalFen) {
    throw mistake('out_of_range', '/amount/refund', amount.refund, '退款金额超过订单可退金额')
  }
  const now = nowMs(context)
  if (now > order.paidAt.getTime() + REFUNDABLE_MS) {
    throw new ApiError('rule_limit', '订单已超过可退款期限')
  }
  if (earlier.length >= MAX_REFUNDS) throw new ApiError('rule_limit', '退款次数超过 50 次')
  const last = earlier.at(-1)
  if (last && now < last.createdAt.getTime() + BETWEEN_REFUNDS_MS) {
    throw new ApiError('frequency_limited', '同一订单两次退款需间隔 1 分钟')
  }
}

function insertRefund(
  context: Context,
  order: Order,
  request: RefundRequest,
  digest: string,
): Refund {
  const refundId = businessNo(context, '5030', order.mchid)
  const amountFen = request.amount.refund
  const feeFen = feeBackOf(context, order, amountFen)
  bookRefund(context, order, { refundId, amountFen, feeFen, request })
  const now = nowMs(context)
  context.store.run(
    `insert into refund (refund_id, mchid, out_refund_no, out_trade_no, notify_url, funds_account,
       request_digest, amount_fen, fee_fen, status, created_ms, due_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'PROCESSING', ?, ?)`,
    [
      refundId,
      order.mchid,
      request.out_refund_no,
      order.outTradeNo,
      request.notify_url ?? null,
      request.funds_account ?? 'UNSETTLED',
      digest,
      amountFen,
      feeFen,
      now,
      now + context.refundDelayMs,
    ],
  )
  const refund = findRefund(context, order.mchid, request.out_refund_no)
  assert(refund, 'the refund was just noted')
  return refund
}

function feeBackOf(context: Context, order: Order, refundFen: Fen): Fen {
  assert(order.feeFen !== null, 'a paid order has a fee, if of zero')
  const earlier = listRefundsOf(context, order).map((refund) => refund.amountFen)
  return feeGivenBack({
    totalFen: order.totalFen,
    feeFen: order.feeFen,
    refundedBeforeFen: addFen(...earlier),
    refundFen,
  })
}

/** The fee comes back first, so that a merchant can give back all it was paid. */
function bookRefund(
  context: Context,
  order: Order,
  refund: { refundId: string; amountFen: Fen; feeFen: Fen; request: RefundRequest },
) {
  const merchant = merchantAccount(order.mchid)
  const { refundId, amountFen, feeFen, request } = refund
  if (balanceOf(context.store, merchant) < subtractFen(amountFen, feeFen)) {
    throw new ApiError('not_enough')
  }
  post(context.store, {
    atMs: nowMs(context),
    businessNo: refundId,
    voucherNo: request.out_refund_no,
    applicant: `${order.mchid}API`,
    note: request.reason ?? '',
    lines: [
      { account: FEES, amountFen: negateFen(feeFen), title: '退还交易手续费' },
      { account: merchant, amountFen: feeFen, title: '退还交易手续费' },
      { account: merchant, amountFen: negateFen(amountFen), title: '退款' },
      { account: IN_TRANSIT, amountFen, title: '退款' },
    ],
  })
}

/** Pays a due refund into the wallet it came from or the account it was sent to; ABNORMAL when that wallet is closed. */
export function finishRefund(context: Context, refund: Refund): void {
  const order = findOrder(context, refund.mchid, refund.outTradeNo)
  const merchant = context.merchants.get(refund.mchid)
  assert(order?.payerOpenid && merchant, `the payment of ${refund.outRefundNo} is on file`)
  const isRedirected = refund.redirectedTo !== null
  const isPayable = isRedirected || findWallet(context, order.payerOpenid)?.closed === false
  const receiver = isRedirected ? OUTSIDE : walletAccount(order.payerOpenid)
  if (isPayable) {
    post(context.store, {
      atMs: nowMs(context),
      businessNo: refund.refundId,
      voucherNo: refund.outRefundNo,
      applicant: 'system',
      note: '',
      lines: [
        { account: IN_TRANSIT, amountFen: negateFen(refund.amountFen), title: '退款' },
        { account: receiver, amountFen: refund.amountFen, title: '退款' },
      ],
    })
  }
  const status = isPayable ? 'SUCCESS' : 'ABNORMAL'
  context.store.run(
    'update refund set status = ?, due_ms = null, finished_ms = ? where refund_id = ?',
    [status, nowMs(context), refund.refundId],
  )
  if (refund.notifyUrl === null) return
  const finished = findRefund(context, refund.mchid, refund.outRefundNo)
  assert(finished, 'the refund is on file')
  createNotice(context, {
    eventType: `REFUND.${status}`,
    merchant,
    outTradeNo: refund.outTradeNo,
    outRefundNo: refund.outRefundNo,
    url: refund.notifyUrl,
    resource: refundNotice(order, finished),
  })
}
