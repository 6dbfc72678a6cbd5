import { toShanghaiIso } from '../../../../kernel/time.ts'
import type { Context, Merchant } from '../context.ts'
import { findOrder, findOrderByTransaction, type Order, STATE_TEXT } from '../order.ts'
import { type Answer, refusal, success } from './answer.ts'
import type { Fields } from './wire.ts'

export function orderquery(context: Context, { mchid }: Merchant, fields: Fields): Answer {
  const order = findByFields(context, mchid, fields)
  if (!order) return refusal('ORDERNOTEXIST', '订单不存在')
  return success({
    ...(order.paidAt === null ? bareFields(order) : paidFields(order)),
    trade_state: order.state,
    trade_state_desc: STATE_TEXT[order.state],
  })
}

/** By WeChat's number, or else by the merchant's. */
export function findByFields(context: Context, mchid: string, fields: Fields): Order | null {
  const { transaction_id: transactionId, out_trade_no: outTradeNo = '' } = fields
  return transactionId
    ? findOrderByTransaction(context, mchid, transactionId)
    : findOrder(context, mchid, outTradeNo)
}

const bareFields = (order: Order): Fields => ({
  out_trade_no: order.outTradeNo,
  attach: order.attach,
  total_fee: String(order.totalFen),
})

export const paidFields = (order: Order): Fields => ({
  ...bareFields(order),
  openid: order.payerOpenid ?? '',
  is_subscribe: 'N',
  trade_type: order.tradeType,
  bank_type: 'OTHERS',
  fee_type: 'CNY',
  cash_fee: String(order.totalFen),
  transaction_id: order.transactionId ?? '',
  time_end: order.paidAt ? toShanghaiIso(order.paidAt).replace(/\D/g, '').slice(0, 14) : '',
})
