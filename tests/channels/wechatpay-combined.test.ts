import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import {
  type CombinedOrder,
  type CombinedOrders,
  createCombinedOrders,
} from '../../adapters/channels/wechatpay/index.ts'
import { fen } from '../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { OPENID, openWechatBench, type WechatBench } from './wechatpay-bench.ts'

// 合单支付: several orders of one payer at once, with the simulator behind it.

const OTHER_MCHID = '1900000208'
let bench: WechatBench
let client: CombinedOrders
let exchanges: Exchange[]
let count = 0
const call = {
  hospitalId: 1 as never,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
}

beforeEach(async () => {
  exchanges = []
  bench = await openWechatBench('account')
  client = createCombinedOrders(bench.params, bench.deps)
})
afterEach(() => bench.close())

function newOrder(changes: Partial<CombinedOrder> = {}): CombinedOrder {
  count += 1
  const tradeNo = `HD${String(count).padStart(8, '0')}`
  const part = (n: number, yuan: number) => ({
    tradeNo: `${tradeNo}S${n}`,
    amountFen: fen(yuan * 100),
    description: `门诊费用 ${n}`,
    attach: `${n}`,
    mchid: null,
  })
  return {
    tradeNo,
    parts: [part(1, 120), part(2, 35), part(3, 8)],
    method: 'account',
    payerAccount: OPENID,
    presence: null,
    expiresAt: addMs(bench.clock.now(), 15 * MINUTE_MS),
    ...changes,
  }
}

async function pay(order: CombinedOrder) {
  const answer = await client.charge(call, order)
  if (answer.outcome !== 'pending') throw new Error(JSON.stringify(answer))
  const action = answer.payerAction
  switch (action?.kind) {
    case 'wechat_jsapi':
      return bench.simulator.pay({ prepayId: action.params['package']?.slice(10) ?? '' }, OPENID)
    case 'app':
      return bench.simulator.pay({ prepayId: action.params['prepayId'] ?? '' }, OPENID)
    case 'qr_code':
      return bench.simulator.pay({ codeUrl: action.content }, OPENID)
    case 'page':
      return bench.simulator.pay({ h5Url: action.url }, OPENID)
    default:
      throw new Error('the payer has nothing to do')
  }
}

async function paid(order: CombinedOrder) {
  expect(await pay(order)).toBe('paid')
  const found = await client.query(call, order)
  if (found.outcome !== 'confirmed') throw new Error(JSON.stringify(found))
  return found.moves
}

describe.each([
  ['account', {}],
  ['qr_code', { payerAccount: null }],
  ['app', { payerAccount: null }],
  ['page', { payerAccount: null, presence: { token: null, ip: '203.0.113.7', returnUrl: null } }],
] as const)('by %s', (method, changes) => {
  it('is paid at once, each part by its own number and amount', async () => {
    const order = newOrder({ method, ...changes })
    expect(await client.query(call, order)).toEqual({ outcome: 'absent' })
    const moves = await paid(order)
    expect(moves.map(({ ourNo, parts }) => [ourNo, parts[0]?.amountFen])).toEqual(
      order.parts.map((part) => [part.tradeNo, part.amountFen]),
    )
    expect(new Set(moves.map(({ providerNo }) => providerNo)).size).toBe(3)
    expect(bench.simulator.wallet(OPENID)?.balanceFen).toBe(1_000_000_000 - 16_300)
  })
})

it('is all or nothing: a payer who cannot pay all pays none', async () => {
  const poor = bench.simulator.wallet(OPENID)?.balanceFen ?? fen(0)
  const [first, second] = newOrder().parts
  if (first === undefined || second === undefined) throw new Error('there are parts')
  const order = newOrder({ parts: [first, { ...second, amountFen: poor }] })
  expect(await pay(order)).toBe('insufficient')
  expect(await client.query(call, order)).toEqual({ outcome: 'pending' })
  expect(bench.simulator.orders().map(({ state }) => state)).toEqual(['NOTPAY', 'NOTPAY'])
})

it('asked for again is the same order, and with other words another', async () => {
  const order = newOrder()
  await client.charge(call, order)
  expect((await client.charge(call, order)).outcome).toBe('pending')
  expect(bench.simulator.orders()).toHaveLength(3)
  const [first, ...others] = order.parts
  if (first === undefined) throw new Error('there are parts')
  const differing = { ...order, parts: [{ ...first, amountFen: fen(1) }, ...others] }
  expect((await client.charge(call, differing)).outcome).toBe('unknown')
  await paid(order)
  expect(await client.charge(call, order)).toMatchObject({ outcome: 'confirmed' })
})

it('closed is closed whole, and what is paid is not', async () => {
  const order = newOrder()
  await client.charge(call, order)
  expect(await client.release(call, order)).toEqual({ outcome: 'released' })
  expect(await client.release(call, order)).toEqual({ outcome: 'released' })
  expect(await client.query(call, order)).toMatchObject({ outcome: 'declined', code: 'closed' })
  expect(await client.release(call, newOrder())).toEqual({ outcome: 'released' })
  const other = newOrder()
  await paid(other)
  expect(await client.release(call, other)).toMatchObject({ outcome: 'confirmed' })
})

it('one part is not closed by itself', async () => {
  const order = newOrder()
  await client.charge(call, order)
  const [part] = order.parts
  const alone = { ...bench.newOrder(), tradeNo: part?.tradeNo ?? '' }
  expect((await bench.channel.release(call, alone)).outcome).toBe('unknown')
  expect(await paid(order)).toHaveLength(3)
})

it('each part is given back by itself, once, and the others stand', async () => {
  const order = newOrder()
  const [, second] = await paid(order)
  const given = {
    order,
    partNo: second?.ourNo ?? '',
    partProviderNo: second?.providerNo ?? '',
    refundNo: `${order.tradeNo}R1`,
    amountFen: fen(1_500),
    reason: '退药',
  }
  expect((await client.refund(call, given)).outcome).toBe('pending')
  expect((await client.refund(call, given)).outcome).toBe('pending')
  await bench.pass(MINUTE_MS)
  expect(await client.queryRefund(call, given)).toMatchObject({
    outcome: 'confirmed',
    moves: [{ kind: 'return', ourNo: given.refundNo, parts: [{ amountFen: 1_500 }] }],
  })
  expect(bench.simulator.refunds()).toHaveLength(1)
  expect(bench.simulator.orders().map(({ state }) => state)).toEqual([
    'SUCCESS',
    'REFUND',
    'SUCCESS',
  ])
  expect(await client.query(call, order)).toMatchObject({ outcome: 'confirmed' })
  await expect(client.refund(call, { ...given, amountFen: fen(3_501) })).rejects.toMatchObject({
    code: 'wechatpay.combined_order_invalid',
  })
})

it('a part of another merchant goes to it, and only that merchant gives it back', async () => {
  const [first, second] = newOrder().parts
  if (first === undefined || second === undefined) throw new Error('there are parts')
  const order = newOrder({ parts: [first, { ...second, mchid: OTHER_MCHID }] })
  const [, move] = await paid(order)
  expect(bench.simulator.merchantBalance(OTHER_MCHID)).toBe(3_500 - 21)
  const given = { order, partNo: second.tradeNo, partProviderNo: move?.providerNo ?? '' }
  const answer = await client.refund(call, {
    ...given,
    refundNo: 'R1',
    amountFen: fen(1),
    reason: '',
  })
  expect(answer).toMatchObject({ outcome: 'declined', code: 'foreign_merchant' })
})

it('one notice tells of all of it, and the channel takes it for none of its own', async () => {
  const order = newOrder()
  await paid(order)
  const notices = await bench.inbox()
  expect(notices).toHaveLength(1)
  const [notice] = notices
  if (notice === undefined) throw new Error('there is a notice')
  expect(client.readNotice(notice)).toMatchObject({ outcome: 'read', tradeNo: order.tradeNo })
  expect(bench.channel.readNotice(notice)).toEqual({ outcome: 'refused', code: 'unreadable' })
  const body = Buffer.concat([notice.body, Buffer.from(' ')])
  expect(client.readNotice({ ...notice, body })).toEqual({ outcome: 'refused', code: 'signature' })
})

it.each(['drop', 'lose_answer', 'garble'] as const)(
  'an answer that is lost leaves one order: %s',
  async (kind) => {
    const order = newOrder()
    bench.trouble?.(kind)
    expect((await client.charge(call, order)).outcome).toBe('unknown')
    expect(await paid(order)).toHaveLength(3)
    expect(bench.simulator.orders()).toHaveLength(3)
  },
)

it.each<[string, (order: CombinedOrder) => Partial<CombinedOrder>]>([
  ['/parts', ({ parts }) => ({ parts: parts.slice(0, 1) })],
  ['/parts', ({ parts }) => ({ parts: [...parts, ...parts] })],
  ['/parts', ({ parts }) => ({ parts: Array(11).fill(parts[0]) as typeof parts })],
  ['/parts', ({ parts }) => ({ tradeNo: parts[0]?.tradeNo ?? '' })],
  ['/tradeNo', () => ({ tradeNo: 'a b c d' })],
  [
    '/parts/0/amountFen',
    ({ parts }) => ({ parts: parts.map((one) => ({ ...one, amountFen: fen(0) })) }),
  ],
])('what makes no sense reaches nobody: %s', async (field, change) => {
  const order = newOrder()
  await expect(client.charge(call, { ...order, ...change(order) })).rejects.toMatchObject({
    code: 'wechatpay.combined_order_invalid',
    params: { field },
  })
  expect(exchanges).toEqual([])
})
