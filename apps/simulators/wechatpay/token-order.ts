import { addFen } from '../../../kernel/money.ts'
import { addMs, HOUR_MS, MINUTE_MS } from '../../../kernel/time.ts'
import { findCombined } from './combined/combined-order.ts'
import type { Context } from './context.ts'
import type { TradeType } from './order-request.ts'
import { findOrder, isPast, type Order, type OrderRow, toOrder } from './order.ts'

const CODE_URL_LIFE_MS = 2 * HOUR_MS
const H5_URL_LIFE_MS = 5 * MINUTE_MS

/**
 * What a payer has in hand: the number from an order inside WeChat or in an app, a code they scanned, a page they were
 * led to, or a question for the password after their own code was scanned.
 */
export type PayTarget =
  | { prepayId: string }
  | { codeUrl: string }
  | { h5Url: string }
  | { scannedOrder: { mchid: string; outTradeNo: string } }

/** `parts` are the orders of a combined one, which is itself none; empty for an order that stands alone. */
export type TokenOrder = Order & { isTokenStale: boolean; parts: readonly Order[] }

/** The order a payer has in hand; null for one that there is not. */
export function orderOfToken(context: Context, target: PayTarget): TokenOrder | null {
  if ('scannedOrder' in target) {
    const { mchid, outTradeNo } = target.scannedOrder
    const order = findOrder(context, mchid, outTradeNo)
    return order?.tradeType === 'MICROPAY' ? { ...order, isTokenStale: false, parts: [] } : null
  }
  const { token, types, lifeMs } = tokenOf(target)
  const row = context.store.get<OrderRow & { issued_ms: number }>(
    `select o.*, p.created_ms as issued_ms from prepay p
     join trade_order o on o.mchid = p.mchid and o.out_trade_no = p.out_trade_no
     where p.token = ? and p.is_combined = 0 and o.trade_type in (?, ?)`,
    [token, ...types],
  )
  if (!row) return combinedOfToken(context, { token, types, lifeMs })
  return { ...toOrder(context, row), isTokenStale: isStale(context, row, lifeMs), parts: [] }
}

/** A combined order, for the payer one like any other: its amount is that of its parts. */
function combinedOfToken(
  context: Context,
  { token, types, lifeMs }: { token: string; types: [TradeType, TradeType]; lifeMs: number | null },
): TokenOrder | null {
  const row = context.store.get<{ mchid: string; out_trade_no: string; issued_ms: number }>(
    `select mchid, out_trade_no, created_ms as issued_ms from prepay
     where token = ? and is_combined = 1`,
    [token],
  )
  const combined = row && findCombined(context, row.mchid, row.out_trade_no)
  const [first] = combined?.parts ?? []
  if (!row || !combined || !first || !types.includes(first.tradeType)) return null
  return {
    ...first,
    mchid: combined.mchid,
    outTradeNo: combined.outTradeNo,
    description: combined.parts.map(({ description }) => description).join('、'),
    totalFen: addFen(...combined.parts.map(({ totalFen }) => totalFen)),
    isTokenStale: isStale(context, row, lifeMs),
    parts: combined.parts,
  }
}

const isStale = (context: Context, row: { issued_ms: number }, lifeMs: number | null): boolean =>
  lifeMs !== null && isPast(context, addMs(new Date(row.issued_ms), lifeMs))

function tokenOf(target: Exclude<PayTarget, { scannedOrder: object }>): {
  token: string
  types: [TradeType, TradeType]
  lifeMs: number | null
} {
  if ('prepayId' in target) return { token: target.prepayId, types: ['JSAPI', 'APP'], lifeMs: null }
  if ('codeUrl' in target) {
    return { token: target.codeUrl, types: ['NATIVE', 'NATIVE'], lifeMs: CODE_URL_LIFE_MS }
  }
  // What the merchant puts behind it is for the way back, and no part of the order.
  const token = target.h5Url.replace(/&redirect_url=.*$/s, '')
  return { token, types: ['MWEB', 'MWEB'], lifeMs: H5_URL_LIFE_MS }
}
