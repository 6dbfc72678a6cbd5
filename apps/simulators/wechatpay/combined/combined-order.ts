import { toShanghaiIso } from '../../../../kernel/time.ts'
import type { Context } from '../context.ts'
import { type Order, type OrderRow, toOrder } from '../order.ts'

/** Two to ten orders that are paid at once or not at all; each has its own number, amount and refunds. */
export type CombinedOrder = {
  mchid: string
  outTradeNo: string
  appid: string
  requestDigest: string
  parts: readonly Order[]
}

export function findCombined(
  context: Context,
  mchid: string,
  outTradeNo: string,
): CombinedOrder | null {
  const row = context.store.get<{ appid: string; request_digest: string }>(
    'select appid, request_digest from combined_order where mchid = ? and out_trade_no = ?',
    [mchid, outTradeNo],
  )
  if (!row) return null
  const parts = context.store
    .all<OrderRow>(
      `select * from trade_order where combine_mchid = ? and combine_out_trade_no = ?
       order by rowid`,
      [mchid, outTradeNo],
    )
    .map((part) => toOrder(context, part))
  return { mchid, outTradeNo, appid: row.appid, requestDigest: row.request_digest, parts }
}

/** For queries and the notice alike. */
export function combinedView({ mchid, outTradeNo, appid, parts }: CombinedOrder): object {
  const openid = parts[0]?.payerOpenid ?? parts[0]?.openid ?? null
  return {
    combine_appid: appid,
    combine_mchid: mchid,
    combine_out_trade_no: outTradeNo,
    ...(openid !== null && { combine_payer_info: { openid } }),
    sub_orders: parts.map(partView),
  }
}

const partView = (part: Order) => ({
  mchid: part.mchid,
  out_trade_no: part.outTradeNo,
  trade_state: part.state,
  attach: part.attach,
  amount: {
    total_amount: part.totalFen,
    currency: 'CNY',
    ...(part.paidAt !== null && { payer_amount: part.totalFen, payer_currency: 'CNY' }),
  },
  ...(part.paidAt !== null && {
    transaction_id: part.transactionId,
    trade_type: part.tradeType,
    bank_type: 'OTHERS',
    success_time: toShanghaiIso(part.paidAt),
  }),
})
