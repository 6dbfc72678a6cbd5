import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDateOf, SECOND_MS } from '../../kernel/time.ts'
import type { ChargeOrder } from '../../modules/payments/index.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { OPENID, openWechatBench, type WechatBench } from './wechatpay-bench.ts'

// 付款码支付 with what only it has: the password, the reversal, codes that are gone.

const WITH_PASSWORD = fen(100_001)
let bench: WechatBench
let exchanges: Exchange[]
beforeEach(async () => {
  exchanges = []
  bench = await openWechatBench('barcode')
})
afterEach(() => bench.close())

const call = (order: ChargeOrder) => ({
  hospitalId: order.hospitalId,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
})
const charge = (order: ChargeOrder) => bench.channel.charge(call(order), order)
const query = (order: ChargeOrder) => bench.channel.query(call(order), order)
const release = (order: ChargeOrder) => bench.channel.release(call(order), order)
const showing = (token: string | null) => ({
  presence: { token, ip: '203.0.113.7', returnUrl: null },
})
const stateOf = (order: ChargeOrder) =>
  bench.simulator.orders().find((one) => one.outTradeNo === order.tradeNo)?.state
const operations = () => exchanges.map((exchange) => exchange.operation)

it('takes the money at once, in one question', async () => {
  const order = bench.newOrder()
  expect(await charge(order)).toMatchObject({
    outcome: 'confirmed',
    move: { ourNo: order.tradeNo, parts: [{ kind: 'self_pay', amountFen: 12_345 }] },
  })
  expect(operations()).toEqual(['POST /pay/micropay'])
  expect(exchanges[0]?.request).not.toContain(order.presence?.token)
  expect(exchanges[0]?.response).not.toContain(OPENID)
})

describe('a payer who must enter the password', () => {
  it('is waited for, and pays', async () => {
    const order = bench.newOrder({ amountFen: WITH_PASSWORD })
    expect(await charge(order)).toEqual({ outcome: 'pending', payerAction: null })
    expect(await query(order)).toEqual({ outcome: 'pending', payerAction: null })
    await bench.pay?.(order, null)
    expect(await query(order)).toMatchObject({ outcome: 'confirmed' })
  })

  it('and does not in time has not paid', async () => {
    const order = bench.newOrder({ amountFen: WITH_PASSWORD })
    await charge(order)
    await bench.pass(31 * SECOND_MS)
    expect(await query(order)).toMatchObject({ outcome: 'declined', code: 'pay_error' })
    expect(await release(order)).toEqual({ outcome: 'released' })
    expect(stateOf(order)).toBe('REVOKED')
  })

  it('is cut off by a release, which reverses', async () => {
    const order = bench.newOrder({ amountFen: WITH_PASSWORD })
    await charge(order)
    exchanges.length = 0
    expect(await release(order)).toEqual({ outcome: 'released' })
    expect(operations()).toEqual(['POST /pay/orderquery', 'POST /secapi/pay/reverse'])
    await expect(bench.pay?.(order, null)).rejects.toThrow('closed')
    expect(await query(order)).toMatchObject({ outcome: 'declined', code: 'revoked' })
    expect(await release(order)).toEqual({ outcome: 'released' })
  })
})

describe('a code', () => {
  it.each(['12345', '160000000000000000', '28763443825664394x', ''])(
    'that is none is not sent: %s',
    async (token) => {
      const answer = await charge(bench.newOrder(showing(token)))
      expect(answer).toMatchObject({ outcome: 'declined', code: 'auth_code_invalid' })
      expect(exchanges).toEqual([])
    },
  )

  it('of nobody is declined', async () => {
    const answer = await charge(bench.newOrder(showing('130000000000000009')))
    expect(answer).toMatchObject({ outcome: 'declined', code: 'auth_code_invalid' })
  })

  it('whose minute is over is declined', async () => {
    const order = bench.newOrder()
    await bench.pass(60 * SECOND_MS)
    expect(await charge(order)).toMatchObject({ outcome: 'declined', code: 'auth_code_expired' })
  })

  it('is good for one order', async () => {
    const token = bench.simulator.showAuthCode(OPENID)
    expect((await charge(bench.newOrder(showing(token)))).outcome).toBe('confirmed')
    const second = await charge(bench.newOrder(showing(token)))
    expect(second).toMatchObject({ outcome: 'declined', code: 'auth_code_expired' })
  })

  it('of a wallet without the money is declined, and nothing is taken', async () => {
    const order = bench.newOrder({ amountFen: fen(1_000_000_001) })
    expect(await charge(order)).toMatchObject({ outcome: 'declined', code: 'payer_not_enough' })
    expect(await bench.books?.(order)).toEqual({ takenFen: 0, returnedFen: 0 })
  })
})

describe('asked again without the code', () => {
  it('tells of the money that was taken', async () => {
    const order = bench.newOrder()
    bench.trouble?.('lose_answer')
    expect((await charge(order)).outcome).toBe('unknown')
    expect(await charge({ ...order, presence: null })).toMatchObject({ outcome: 'confirmed' })
  })

  it('gives up what never arrived, and makes sure of it', async () => {
    const order = bench.newOrder()
    bench.trouble?.('drop')
    expect((await charge(order)).outcome).toBe('unknown')
    exchanges.length = 0
    expect(await charge({ ...order, presence: null })).toMatchObject({
      outcome: 'declined',
      code: 'payer_gone',
    })
    expect(operations()).toContain('POST /secapi/pay/reverse')
  })

  it('waits while the payer enters the password', async () => {
    const order = bench.newOrder({ amountFen: WITH_PASSWORD })
    bench.trouble?.('lose_answer')
    await charge(order)
    const answer = await charge({ ...order, presence: null })
    expect(answer).toEqual({ outcome: 'pending', payerAction: null })
  })
})

it('a payment that was reversed elsewhere is in the bill, and is no money', async () => {
  const order = bench.newOrder()
  await charge(order)
  const other = bench.newOrder({ amountFen: WITH_PASSWORD })
  await charge(other)
  await release(other)
  const businessDate = businessDateOf(bench.clock.now())
  await bench.endDay?.()
  const { hospitalId } = order
  const bill = await bench.channel.statement(call(order), {
    hospitalId,
    businessDate,
    ownMoves: [],
  })
  expect(bill).toMatchObject({ outcome: 'lines', lines: [{ ourNo: order.tradeNo }] })
})

it('with a wrong key of API v2 nothing is known, and nothing refused', async () => {
  const wrong = { apiV2Key: 'x'.repeat(32), signType: 'MD5', merchantCertificatePem: null }
  const other = await openWechatBench('barcode', { params: { barcode: wrong } })
  const order = other.newOrder()
  for (const verb of ['charge', 'query', 'release'] as const) {
    const answer = await other.channel[verb](call(order), order)
    expect(answer).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('签名错误'),
    })
  }
  await other.close()
})
