import { ApiError } from '../api-error.ts'
import { type Context, type Merchant, nowMs } from '../context.ts'
import { mistake } from '../fields.ts'
import type { PlacedType } from '../order-request.ts'
import { findOrder, setState } from '../order.ts'
import { appidOf, DEFAULT_LIFE_MS, digestOf, issueToken } from '../orders.ts'
import { findWallet } from '../wallets.ts'
import { type CombinedOrder, findCombined } from './combined-order.ts'
import type { CombinedCloseRequest, CombinedRequest, SubOrderRequest } from './request.ts'

/** Places all of it or nothing, or hands out a fresh token for the same one while it is unpaid. */
export function placeCombined(
  context: Context,
  merchant: Merchant,
  tradeType: PlacedType,
  request: CombinedRequest,
): string {
  const { combine_mchid: mchid, combine_out_trade_no: no, combine_appid: appid } = request
  if (mchid !== merchant.mchid) throw new ApiError('merchant_mismatch')
  if (appid !== appidOf(merchant, tradeType)) throw new ApiError('appid_not_bound')
  const digest = digestOf([tradeType, request])
  const placed = findCombined(context, mchid, no)
  if (placed) refuseReentry(placed, digest)
  else insertCombined(context, tradeType, request, digest)
  return issueToken(context, tradeType, { mchid, no, isCombined: true })
}

function refuseReentry({ requestDigest, parts }: CombinedOrder, digest: string) {
  if (requestDigest !== digest) throw new ApiError('reentered_differently')
  if (parts.some(({ state }) => state === 'CLOSED')) throw new ApiError('order_closed')
  if (parts.some(({ state }) => state !== 'NOTPAY')) throw new ApiError('already_paid')
}

function insertCombined(
  context: Context,
  tradeType: PlacedType,
  request: CombinedRequest,
  digest: string,
) {
  const now = nowMs(context)
  const expiresMs = request.time_expire ? Date.parse(request.time_expire) : now + DEFAULT_LIFE_MS
  if (expiresMs <= now) {
    throw mistake('out_of_range', '/time_expire', request.time_expire, '已过期')
  }
  const openid = tradeType === 'JSAPI' ? (request.combine_payer_info?.openid ?? null) : null
  if (tradeType === 'JSAPI' && (openid === null || !findWallet(context, openid))) {
    throw mistake('openid_missing', '/combine_payer_info/openid', openid, '无效的 openid')
  }
  context.store.run(
    'insert into combined_order (mchid, out_trade_no, appid, request_digest) values (?, ?, ?, ?)',
    [request.combine_mchid, request.combine_out_trade_no, request.combine_appid, digest],
  )
  for (const [i, part] of request.sub_orders.entries()) {
    checkPart(context, part, i)
    insertPart(context, tradeType, request, part, { now, expiresMs, openid })
  }
}

function checkPart(context: Context, part: SubOrderRequest, i: number) {
  const pointer = `/sub_orders/${i}`
  if (!context.merchants.has(part.mchid)) {
    throw mistake('sub_merchant_mismatch', `${pointer}/mchid`, part.mchid, '子单商户号不存在')
  }
  if (findOrder(context, part.mchid, part.out_trade_no)) {
    throw mistake('reentered_differently', `${pointer}/out_trade_no`, part.out_trade_no, '已被使用')
  }
  if (part.settle_info?.profit_sharing) throw new ApiError('no_auth', '商户未开通分账')
}

function insertPart(
  context: Context,
  tradeType: PlacedType,
  request: CombinedRequest,
  part: SubOrderRequest,
  { now, expiresMs, openid }: { now: number; expiresMs: number; openid: string | null },
) {
  context.store.run(
    `insert into trade_order
       (mchid, out_trade_no, appid, trade_type, description, attach, notify_url, total_fen, openid,
        request_digest, state, created_ms, expires_ms, combine_mchid, combine_out_trade_no)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'NOTPAY', ?, ?, ?, ?)`,
    [
      part.mchid,
      part.out_trade_no,
      request.combine_appid,
      tradeType,
      part.description,
      part.attach,
      request.notify_url,
      part.amount.total_amount,
      openid,
      digestOf([tradeType, part, 'combined']),
      now,
      expiresMs,
      request.combine_mchid,
      request.combine_out_trade_no,
    ],
  )
}

/** Closes all of it, which must be named whole. Closing twice is no mistake. */
export function closeCombined(
  context: Context,
  merchant: Merchant,
  outTradeNo: string,
  request: CombinedCloseRequest,
): void {
  const combined = findCombined(context, merchant.mchid, outTradeNo)
  if (!combined) throw new ApiError('order_not_exist')
  if (request.combine_appid !== combined.appid) throw new ApiError('appid_not_bound')
  const named = request.sub_orders.map((part) => `${part.mchid} ${part.out_trade_no}`).toSorted()
  const held = combined.parts.map((part) => `${part.mchid} ${part.outTradeNo}`).toSorted()
  if (named.join() !== held.join()) {
    throw mistake('bad_parameter', '/sub_orders', '', '子单与原合单不一致')
  }
  if (combined.parts.some(({ state }) => state === 'SUCCESS' || state === 'REFUND')) {
    throw new ApiError('paid_not_closable')
  }
  for (const part of combined.parts) setState(context, part, 'CLOSED')
}
