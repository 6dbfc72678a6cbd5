import { assert } from '../../../../kernel/assert.ts'
import { type Context, nowMs } from '../context.ts'
import { createNotice } from '../notices.ts'
import { findOrder, setState } from '../order.ts'
import { obstacleTo, type PayOutcome, settlePayment } from '../pay.ts'
import { findByMixTradeNo, type InsuranceOrder, insuranceView } from './insurance-order.ts'

export type BureauWord = 'settles' | 'refuses'

export type MixedPayOutcome = PayOutcome | 'refused_by_bureau'

/**
 * The payer enters the password of the insurance: the bureau settles its part, WeChat takes the cash, and the merchant
 * is told. When the bureau refuses, the cash part is closed, unless it was paid by itself before.
 */
export function payInsuranceOrder(
  context: Context,
  mixTradeNo: string,
  openid: string,
  bureau: BureauWord,
): MixedPayOutcome {
  return context.store.transaction(() => {
    const order = findByMixTradeNo(context, mixTradeNo)
    if (!order) return 'unknown_order'
    if (order.mixState === 'FAIL') return 'closed'
    if (order.mixState !== 'CREATED') return 'already_paid'
    if (order.openid !== openid) return 'wrong_payer'
    if (bureau === 'refuses' && order.insuranceState !== 'NONE') {
      refuse(context, order)
      return 'refused_by_bureau'
    }
    return settle(context, order)
  })
}

function settle(context: Context, order: InsuranceOrder): MixedPayOutcome {
  if (order.cashState === 'CREATED') {
    const cash = findOrder(context, order.mchid, order.outTradeNo)
    assert(cash, 'the cash part is on file')
    const obstacle = obstacleTo(context, { ...cash, isTokenStale: false }, order.openid)
    if (obstacle !== null) return obstacle
    settlePayment(context, cash, order.openid)
  }
  context.store.run(
    `update insurance_order set paid_ms = ?,
       insurance_state = iif(insurance_state = 'NONE', 'NONE', 'SUCCESS') where mix_trade_no = ?`,
    [nowMs(context), order.mixTradeNo],
  )
  const paid = findByMixTradeNo(context, order.mixTradeNo)
  const merchant = context.merchants.get(order.mchid)
  assert(paid && merchant, 'the order was just paid')
  createNotice(context, {
    eventType: 'MEDICAL_INSURANCE.SUCCESS',
    merchant,
    outTradeNo: order.outTradeNo,
    outRefundNo: null,
    url: order.callbackUrl,
    resource: insuranceView(paid),
  })
  return 'paid'
}

function refuse(context: Context, order: InsuranceOrder) {
  context.store.run("update insurance_order set insurance_state = 'FAIL' where mix_trade_no = ?", [
    order.mixTradeNo,
  ])
  const cash = findOrder(context, order.mchid, order.outTradeNo)
  if (cash?.state === 'NOTPAY') setState(context, cash, 'CLOSED')
}
