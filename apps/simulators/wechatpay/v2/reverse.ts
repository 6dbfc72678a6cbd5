import { negateFen } from '../../../../kernel/money.ts'
import { businessDateOf } from '../../../../kernel/time.ts'
import { balanceOf, FEES, merchantAccount, post, walletAccount } from '../books.ts'
import { type Context, type Merchant, nowMs } from '../context.ts'
import { type Order, setState } from '../order.ts'
import { businessNo } from '../pay.ts'
import { type Answer, refusal, success } from './answer.ts'
import { findByFields } from './orderquery.ts'
import type { Fields } from './wire.ts'

const DONE = { recall: 'N' }

/**
 * Ends the order of a scanned code for good; money that was taken goes back at once.
 *
 * A paid one only on the day it was paid, so that the bill of that day tells of it. What the real one says of a number
 * it does not know is in no document at hand; here it is TRADE_ERROR.
 */
export function reverse(context: Context, { mchid }: Merchant, fields: Fields): Answer {
  const order = findByFields(context, mchid, fields)
  if (!order) return refusal('TRADE_ERROR', '订单不存在', DONE)
  if (order.tradeType !== 'MICROPAY')
    return refusal('INVALID_REQUEST', '仅支持撤销付款码订单', DONE)
  if (order.state === 'REFUND') return refusal('INVALID_REQUEST', '订单已退款，不能撤销', DONE)
  if (order.state === 'REVOKED') return success(DONE)
  if (order.paidAt !== null) {
    const today = businessDateOf(context.clock.now())
    if (businessDateOf(order.paidAt) !== today) {
      return refusal('REVERSE_EXPIRE', '订单无法撤销', DONE)
    }
    const refused = giveBack(context, order)
    if (refused !== null) return refused
  }
  setState(context, order, 'REVOKED')
  return success(DONE)
}

function giveBack(context: Context, order: Order): Answer | null {
  const { mchid, totalFen, feeFen, payerOpenid } = order
  const merchant = merchantAccount(mchid)
  if (feeFen === null || payerOpenid === null) return refusal('SYSTEMERROR', '系统错误')
  if (balanceOf(context.store, merchant) < totalFen - feeFen) {
    return refusal('NOTENOUGH', '商户余额不足', DONE)
  }
  const title = '撤销'
  post(context.store, {
    atMs: nowMs(context),
    businessNo: businessNo(context, '5031', mchid),
    voucherNo: order.outTradeNo,
    applicant: `${mchid}API`,
    note: '',
    lines: [
      { account: FEES, amountFen: negateFen(feeFen), title },
      { account: merchant, amountFen: feeFen, title },
      { account: merchant, amountFen: negateFen(totalFen), title },
      { account: walletAccount(payerOpenid), amountFen: totalFen, title },
    ],
  })
  return null
}
