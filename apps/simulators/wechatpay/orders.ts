import { createHash } from 'node:crypto'

import { randomHex } from '../../../kernel/random.ts'
import { DAY_MS, toShanghaiIso } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { canonicalJson, mistake } from './fields.ts'
import type { OrderRequest, PlacedType } from './order-request.ts'
import { findOrder, type Order, setState } from './order.ts'
import { findWallet } from './wallets.ts'

export const DEFAULT_LIFE_MS = 7 * DAY_MS

/**
 * Places an order, or hands out a fresh token for the same one while it is unpaid.
 *
 * Shape: the prepay_id of an order in WeChat or an app, the code_url of a native one, the h5_url of a page.
 * Errors: the protocol's, section 4 of the reference.
 */
export function placeOrder(
  context: Context,
  merchant: Merchant,
  tradeType: PlacedType,
  request: OrderRequest,
): string {
  if (request.mchid !== merchant.mchid) throw new ApiError('merchant_mismatch')
  if (request.appid !== appidOf(merchant, tradeType)) throw new ApiError('appid_not_bound')
  const digest = digestOf([tradeType, request])
  const placed = findOrder(context, merchant.mchid, request.out_trade_no)
  if (placed) refuseReentry(placed, digest)
  else insertOrder(context, tradeType, request, digest)
  return issueToken(context, tradeType, { mchid: merchant.mchid, no: request.out_trade_no })
}

function refuseReentry(order: Order, digest: string) {
  if (order.requestDigest !== digest) throw new ApiError('reentered_differently')
  if (order.state === 'CLOSED') throw new ApiError('order_closed')
  if (order.state !== 'NOTPAY') throw new ApiError('already_paid')
}

function insertOrder(
  context: Context,
  tradeType: PlacedType,
  request: OrderRequest,
  digest: string,
) {
  const now = nowMs(context)
  const expires = request.time_expire ? Date.parse(request.time_expire) : now + DEFAULT_LIFE_MS
  if (expires <= now) throw mistake('out_of_range', '/time_expire', request.time_expire, '已过期')
  if (request.settle_info?.profit_sharing) throw new ApiError('no_auth', '商户未开通分账')
  const openid = tradeType === 'JSAPI' ? (request.payer?.openid ?? null) : null
  if (tradeType === 'JSAPI' && (openid === null || !findWallet(context, openid))) {
    throw mistake('openid_missing', '/payer/openid', openid, '无效的 openid')
  }
  context.store.run(
    `insert into trade_order
       (mchid, out_trade_no, appid, trade_type, description, attach, notify_url, total_fen, openid,
        device_id, request_digest, state, created_ms, expires_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'NOTPAY', ?, ?)`,
    [
      request.mchid,
      request.out_trade_no,
      request.appid,
      tradeType,
      request.description,
      request.attach ?? '',
      request.notify_url,
      request.amount.total,
      openid,
      request.scene_info?.device_id ?? null,
      digest,
      now,
      expires,
    ],
  )
}

/** An app is bound by an id of its own where the merchant has one. */
export const appidOf = (merchant: Merchant, tradeType: PlacedType): string =>
  tradeType === 'APP' ? (merchant.mobileAppid ?? merchant.appid) : merchant.appid

/** What the payer opens the order by; of a combined one when `isCombined`. */
export function issueToken(
  context: Context,
  tradeType: PlacedType,
  { mchid, no, isCombined = false }: { mchid: string; no: string; isCombined?: boolean },
): string {
  const serial = context.store.nextSerial('prepay')
  const time = toShanghaiIso(context.clock.now()).replace(/\D/g, '').slice(0, 14)
  const chance = randomHex(context.random, 6)
  const prepayId = `wx${time}${chance}${serial.toString(16).padStart(8, '0')}`
  const token = {
    JSAPI: prepayId,
    APP: prepayId,
    NATIVE: `weixin://wxpay/bizpayurl?pr=${chance}${serial.toString(36)}`,
    MWEB: `${context.baseUrl()}/mmpayweb/checkmweb?prepay_id=${prepayId}&package=${serial}`,
  }[tradeType]
  context.store.run(
    `insert into prepay (token, mchid, out_trade_no, is_combined, created_ms)
     values (?, ?, ?, ?, ?)`,
    [token, mchid, no, isCombined ? 1 : 0, nowMs(context)],
  )
  return token
}

/** Closes an unpaid order. Closing twice is no mistake. */
export function closeOrder(context: Context, merchant: Merchant, outTradeNo: string): void {
  const order = findOrder(context, merchant.mchid, outTradeNo)
  if (!order) throw new ApiError('order_not_exist')
  if (order.tradeType === 'MICROPAY') throw new ApiError('only_reversible')
  if (order.combinedIn !== null) throw new ApiError('bad_state', '合单订单请使用合单关单接口')
  if (order.state === 'SUCCESS' || order.state === 'REFUND') {
    throw new ApiError('paid_not_closable')
  }
  setState(context, order, 'CLOSED')
}

export const digestOf = (content: unknown): string =>
  createHash('sha256').update(canonicalJson(content)).digest('hex')
