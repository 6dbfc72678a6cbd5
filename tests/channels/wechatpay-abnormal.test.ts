import { afterEach, beforeEach, expect, it } from 'vitest'

import type { AbnormalRefundTo } from '../../adapters/channels/wechatpay/index.ts'
import { fen } from '../../kernel/money.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import type { ChargeOrder, RefundOrder } from '../../modules/payments/index.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { OPENID, openWechatBench, type WechatBench } from './wechatpay-bench.ts'

// 退款异常: the way back to the payer is closed, and a person finds another.

const CARD = {
  type: 'payer_card',
  bank: 'ICBC_DEBIT',
  cardNo: '6222021234567890128',
  name: '王芳',
} as const
let bench: WechatBench
let exchanges: Exchange[]
let refund: RefundOrder

const call = (order: ChargeOrder) => ({
  hospitalId: order.hospitalId,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
})
const ask = () => bench.channel.refund(call(refund.charge), refund)
const redirect = (to: AbnormalRefundTo) =>
  bench.channel.redirectRefund(call(refund.charge), refund, to)

beforeEach(async () => {
  exchanges = []
  bench = await openWechatBench('account')
  const order = bench.newOrder()
  const answer = await bench.channel.charge(call(order), order)
  if (answer.outcome !== 'pending') throw new Error(answer.outcome)
  await bench.pay?.(order, answer.payerAction)
  const paid = await bench.channel.query(call(order), order)
  if (paid.outcome !== 'confirmed') throw new Error(paid.outcome)
  const { tradeNo, tenderId } = bench.newOrder()
  refund = {
    charge: order,
    chargeProviderNo: paid.move.providerNo,
    refundId: tenderId as string as RefundOrder['refundId'],
    refundNo: tradeNo,
    amountFen: fen(2_345),
    remaining: [],
    reason: '退药',
    requestedAt: bench.clock.now(),
  }
})
afterEach(() => bench.close())

async function becomeAbnormal() {
  bench.simulator.closeWallet(OPENID)
  expect((await ask()).outcome).toBe('pending')
  await bench.pass(MINUTE_MS)
}

it('is declined with a reason that says what a person can do', async () => {
  await becomeAbnormal()
  const answer = await bench.channel.queryRefund(call(refund.charge), refund)
  expect(answer).toMatchObject({
    outcome: 'declined',
    code: 'abnormal',
    reason: expect.stringMatching(/refund 5030\d+ could not reach the payer by ORIGINAL/),
  })
  expect(await ask()).toEqual(answer)
})

it.each([{ type: 'merchant' } as const, CARD])(
  'is sent another way and arrives: $type',
  async (to) => {
    await becomeAbnormal()
    expect(await redirect(to)).toEqual({ outcome: 'pending' })
    expect(await redirect(to)).toEqual({ outcome: 'pending' })
    await bench.pass(MINUTE_MS)
    expect(await ask()).toMatchObject({
      outcome: 'confirmed',
      moves: [{ kind: 'return', ourNo: refund.refundNo, parts: [{ amountFen: 2_345 }] }],
    })
    expect(await bench.books?.(refund.charge)).toEqual({ takenFen: 12_345, returnedFen: 2_345 })
    expect(JSON.stringify(exchanges)).not.toMatch(/6222021234567890128|王芳/)
  },
)

it('is not sent another way while its own is open', async () => {
  await ask()
  expect(await redirect(CARD)).toMatchObject({ outcome: 'declined', code: 'invalid_request' })
  await bench.pass(MINUTE_MS)
  expect(await ask()).toMatchObject({ outcome: 'confirmed' })
})

it('that was never asked for is not sent anywhere', async () => {
  expect(await redirect({ type: 'merchant' })).toMatchObject({
    outcome: 'declined',
    code: 'refund_not_exist',
  })
})

it.each(['drop', 'lose_answer', 'garble'] as const)(
  'of which nothing is heard is asked for again: %s',
  async (kind) => {
    await becomeAbnormal()
    bench.trouble?.(kind)
    expect((await redirect(CARD)).outcome).toBe('unknown')
    expect(await redirect(CARD)).toEqual({ outcome: 'pending' })
    await bench.pass(MINUTE_MS)
    expect(await ask()).toMatchObject({ outcome: 'confirmed' })
  },
)
