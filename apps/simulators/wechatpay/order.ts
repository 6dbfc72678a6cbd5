import { type Fen, fen } from '../../../kernel/money.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import { type Context, nowMs } from './context.ts'
import type { TradeType } from './order-request.ts'

/**
 *   NOTPAY ──pay──▶ SUCCESS ──first refund accepted──▶ REFUND
 *      └──close, or time_expire passes──▶ CLOSED
 *
 * and of a scanned code, which is paid at once unless the payer has to enter the password:
 *
 *   USERPAYING ──password──▶ SUCCESS    ──too late──▶ PAYERROR    any but REFUND ──reverse──▶ REVOKED
 */
export type TradeState =
  | 'NOTPAY'
  | 'SUCCESS'
  | 'REFUND'
  | 'CLOSED'
  | 'USERPAYING'
  | 'PAYERROR'
  | 'REVOKED'

export type Order = {
  mchid: string
  outTradeNo: string
  appid: string
  tradeType: TradeType
  description: string
  attach: string
  notifyUrl: string
  totalFen: Fen
  /** Who may pay a JSAPI order or showed the code. Anyone may pay one of the others. */
  openid: string | null
  deviceId: string | null
  requestDigest: string
  state: TradeState
  /** Closed by time_expire rather than by the merchant. */
  hasExpired: boolean
  createdAt: Date
  expiresAt: Date
  transactionId: string | null
  payerOpenid: string | null
  paidAt: Date | null
  feeFen: Fen | null
  feePpm: number | null
  /** The combined order it is a part of; null for one that stands alone. */
  combinedIn: { mchid: string; outTradeNo: string } | null
}

/** The transaction object of section 2.2, for queries and notices. */
export function transactionView(order: Order): object {
  const amount = { total: order.totalFen, currency: 'CNY', payer_currency: 'CNY' }
  return {
    appid: order.appid,
    mchid: order.mchid,
    out_trade_no: order.outTradeNo,
    trade_state: order.state,
    trade_state_desc: STATE_TEXT[order.state],
    attach: order.attach,
    promotion_detail: [],
    ...(order.deviceId !== null && { scene_info: { device_id: order.deviceId } }),
    ...(order.paidAt === null
      ? { amount }
      : {
          transaction_id: order.transactionId,
          trade_type: order.tradeType,
          bank_type: 'OTHERS',
          success_time: toShanghaiIso(order.paidAt),
          payer: { openid: order.payerOpenid },
          amount: { ...amount, payer_total: order.totalFen },
        }),
  }
}

export const STATE_TEXT: Record<TradeState, string> = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  CLOSED: '订单已关闭',
  USERPAYING: '需要用户输入支付密码',
  PAYERROR: '支付失败',
  REVOKED: '订单已撤销',
}

export function findOrder(context: Context, mchid: string, outTradeNo: string): Order | null {
  const row = context.store.get<OrderRow>(
    'select * from trade_order where mchid = ? and out_trade_no = ?',
    [mchid, outTradeNo],
  )
  return row && toOrder(context, row)
}

export function findOrderByTransaction(context: Context, mchid: string, transactionId: string) {
  const row = context.store.get<OrderRow>(
    'select * from trade_order where mchid = ? and transaction_id = ?',
    [mchid, transactionId],
  )
  return row && toOrder(context, row)
}

export const listOrders = (context: Context): Order[] =>
  context.store
    .all<OrderRow>('select * from trade_order order by created_ms, rowid')
    .map((row) => toOrder(context, row))

/** Payments of one merchant from one instant until before another, in order of time. */
export const listPaidOrders = (context: Context, mchid: string, from: Date, until: Date): Order[] =>
  context.store
    .all<OrderRow>(
      `select * from trade_order where mchid = ? and paid_ms >= ? and paid_ms < ?
       order by paid_ms, transaction_id`,
      [mchid, from.getTime(), until.getTime()],
    )
    .map((row) => toOrder(context, row))

export function setState(context: Context, order: Order, state: TradeState): void {
  context.store.run('update trade_order set state = ? where mchid = ? and out_trade_no = ?', [
    state,
    order.mchid,
    order.outTradeNo,
  ])
}

export const isPast = (context: Context, instant: Date) => nowMs(context) >= instant.getTime()

export function toOrder(context: Context, row: OrderRow): Order {
  const expiresAt = new Date(row.expires_ms)
  const isOpen = row.state === 'NOTPAY' || row.state === 'USERPAYING'
  const hasExpired = isOpen && isPast(context, expiresAt)
  return {
    mchid: row.mchid,
    outTradeNo: row.out_trade_no,
    appid: row.appid,
    tradeType: row.trade_type,
    description: row.description,
    attach: row.attach,
    notifyUrl: row.notify_url,
    totalFen: fen(row.total_fen),
    openid: row.openid,
    deviceId: row.device_id,
    requestDigest: row.request_digest,
    state: hasExpired ? (row.state === 'NOTPAY' ? 'CLOSED' : 'PAYERROR') : row.state,
    hasExpired,
    createdAt: new Date(row.created_ms),
    expiresAt,
    transactionId: row.transaction_id,
    payerOpenid: row.payer_openid,
    paidAt: row.paid_ms === null ? null : new Date(row.paid_ms),
    feeFen: row.fee_fen === null ? null : fen(row.fee_fen),
    feePpm: row.fee_ppm,
    combinedIn:
      row.combine_mchid === null || row.combine_out_trade_no === null
        ? null
        : { mchid: row.combine_mchid, outTradeNo: row.combine_out_trade_no },
  }
}

export type OrderRow = {
  mchid: string
  out_trade_no: string
  appid: string
  trade_type: TradeType
  description: string
  attach: string
  notify_url: string
  total_fen: number
  openid: string | null
  device_id: string | null
  request_digest: string
  state: TradeState
  created_ms: number
  expires_ms: number
  transaction_id: string | null
  payer_openid: string | null
  paid_ms: number | null
  fee_fen: number | null
  fee_ppm: number | null
  combine_mchid: string | null
  combine_out_trade_no: string | null
}
