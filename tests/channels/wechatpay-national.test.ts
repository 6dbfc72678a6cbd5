import { afterEach, expect, it } from 'vitest'

import { MINUTE_MS } from '../../kernel/time.ts'
import type { RefundOrder } from '../../modules/payments/index.ts'
import { describeChannel } from './describe-channel.ts'
import { openWechatBench, type WechatBench } from './wechatpay-bench.ts'

// 国密: signatures by SM2 with SM3, resources by SM4-GCM, sealed fields by SM2. The simulator has SM4-GCM by its own hand.

describeChannel('WeChat Pay by the national algorithms', () =>
  openWechatBench('account', { isNational: true }),
)

let bench: WechatBench
afterEach(() => bench?.close())
const call = { hospitalId: 1 as never, trace: () => {} }

async function paidOrder() {
  const order = bench.newOrder()
  const answer = await bench.channel.charge(call, order)
  if (answer.outcome !== 'pending') throw new Error(JSON.stringify(answer))
  await bench.pay?.(order, answer.payerAction)
  return { order, action: answer.payerAction }
}

it('a notice is signed by SM2 and sealed by SM4-GCM, and both are proven', async () => {
  bench = await openWechatBench('account', { isNational: true })
  const { order } = await paidOrder()
  const [notice] = await bench.inbox()
  if (notice === undefined) throw new Error('there is a notice')
  expect(notice.headers['wechatpay-signature-type']).toBe('WECHATPAY2-SM2-WITH-SM3')
  expect(notice.body.toString()).toContain('"AEAD_SM4_GCM"')
  expect(bench.channel.readNotice(notice)).toMatchObject({
    outcome: 'read',
    about: { kind: 'charge', tradeNo: order.tradeNo },
  })
  const body = Buffer.from(notice.body.toString().replace('支付成功', '支付成攻'))
  const refused = { outcome: 'refused', code: 'signature' }
  expect(bench.channel.readNotice({ ...notice, body })).toEqual(refused)
  const signature = `WECHATPAY/SIGNTEST/${String(notice.headers['wechatpay-signature'])}`
  const headers = { ...notice.headers, 'wechatpay-signature': signature }
  expect(bench.channel.readNotice({ ...notice, headers })).toEqual(refused)
})

it('a card of an abnormal refund is sealed by SM2', async () => {
  bench = await openWechatBench('account', { isNational: true })
  const { order } = await paidOrder()
  const paid = await bench.channel.query(call, order)
  if (paid.outcome !== 'confirmed' || order.payerAccount === null) throw new Error(paid.outcome)
  const { tradeNo, tenderId } = bench.newOrder()
  const refund: RefundOrder = {
    charge: order,
    chargeProviderNo: paid.move.providerNo,
    refundId: tenderId as string as RefundOrder['refundId'],
    refundNo: tradeNo,
    amountFen: order.amountFen,
    remaining: [],
    reason: '退药',
    requestedAt: bench.clock.now(),
  }
  bench.simulator.closeWallet(order.payerAccount)
  await bench.channel.refund(call, refund)
  await bench.pass(MINUTE_MS)
  const to = { type: 'payer_card', bank: 'ICBC_DEBIT', cardNo: '6222021234567890128' } as const
  const answer = await bench.channel.redirectRefund(call, refund, { ...to, name: '王芳' })
  expect(answer).toEqual({ outcome: 'pending' })
})

it('says of its signature to the payer’s device what the contract says', async () => {
  for (const invokeSignType of ['RSA', 'SM2'] as const) {
    bench = await openWechatBench('account', { isNational: true, params: { invokeSignType } })
    const { action } = await paidOrder()
    expect(action).toMatchObject({ kind: 'wechat_jsapi', params: { signType: invokeSignType } })
    await bench.close()
  }
  bench = await openWechatBench('account')
})
