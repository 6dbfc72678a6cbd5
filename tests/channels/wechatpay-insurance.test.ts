import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import {
  createMedicalInsuranceOrders,
  type MedicalInsuranceAmounts,
  type MedicalInsuranceOrder,
  type MedicalInsuranceOrders,
} from '../../adapters/channels/wechatpay/index.ts'
import { fen } from '../../kernel/money.ts'
import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { CHILD, ID_NUMBER, OPENID, openWechatBench, type WechatBench } from './wechatpay-bench.ts'

// 医保混合支付 2.0, with the simulator behind it. The numbers in brackets are those of WeChat's own list for this product.

let bench: WechatBench
let client: MedicalInsuranceOrders
let exchanges: Exchange[]
let count = 0
const call = {
  hospitalId: 1 as never,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
}

beforeEach(async () => {
  exchanges = []
  bench = await openWechatBench('account')
  client = createMedicalInsuranceOrders(bench.params, { ...bench.deps, isProduction: true })
})
afterEach(() => bench.close())

const MIXED: MedicalInsuranceAmounts = {
  totalFen: fen(202_000),
  fundFen: fen(100_000),
  accountFen: fen(45_000),
  otherFen: fen(5_000),
  ownPartFen: fen(50_000),
  cashFen: fen(42_000),
  additions: [{ type: 'FREIGHT', amountFen: fen(2_000) }],
  reductions: [{ type: 'HOSPITAL_REDUCE', amountFen: fen(10_000) }],
}
const NOTHING = fen(0)
const INSURED_ONLY: MedicalInsuranceAmounts = {
  ...MIXED,
  totalFen: fen(150_000),
  ownPartFen: NOTHING,
  cashFen: NOTHING,
  additions: [],
  reductions: [],
}
const CASH_ONLY: MedicalInsuranceAmounts = {
  ...INSURED_ONLY,
  totalFen: fen(5_000),
  fundFen: NOTHING,
  accountFen: NOTHING,
  otherFen: NOTHING,
  ownPartFen: fen(5_000),
  cashFen: fen(5_000),
}

function newOrder(changes: Partial<MedicalInsuranceOrder> = {}): MedicalInsuranceOrder {
  count += 1
  const number = String(count).padStart(8, '0')
  const now = bench.clock.now()
  return {
    tradeNo: `YB20261121${number}`,
    hospitalOrderNo: `MZ${number}`,
    orderType: 'DIAG_PAY',
    openid: OPENID,
    payer: { name: '王芳', cardType: 'ID_CARD', cardNo: ID_NUMBER },
    relative: null,
    description: `门诊费用 MZ${number}`,
    insurance: {
      payOrderId: `ORD4403${number}`,
      payAuthNo: `AUTH4403${number}`,
      geoLocation: '114.057868,22.543099',
      passthrough: '{"setlType":"ALL"}',
    },
    amounts: MIXED,
    createdAt: now,
    expiresAt: addMs(now, 15 * MINUTE_MS),
    ...changes,
  }
}
const insuredOnly = () => newOrder({ amounts: INSURED_ONLY })
const cashOnly = () => newOrder({ amounts: CASH_ONLY, insurance: null })

async function placed(order: MedicalInsuranceOrder) {
  const answer = await client.place(call, order)
  if (answer.outcome !== 'placed') throw new Error(JSON.stringify(answer))
  return answer
}

async function paid(order: MedicalInsuranceOrder) {
  const { mixTradeNo } = await placed(order)
  expect(await bench.simulator.payMixed(mixTradeNo, OPENID)).toBe('paid')
  return mixTradeNo
}

const operations = () => exchanges.map(({ operation }) => operation)

describe.each([
  ['CASH_AND_INSURANCE', () => newOrder()],
  ['INSURANCE_ONLY', insuredOnly],
  ['CASH_ONLY', cashOnly],
] as const)('%s', (type, make) => {
  it('is placed, paid with one password, and confirmed with its very amounts', async () => {
    const order = make()
    expect(await client.query(call, order)).toEqual({ outcome: 'absent' })
    const { mixTradeNo, invoke } = await placed(order)
    const hasCash = type !== 'INSURANCE_ONLY'
    expect(Object.keys(invoke).toSorted()).toEqual(
      hasCash
        ? ['mixTradeNo', 'nonceStr', 'package', 'paySign', 'signType', 'timeStamp']
        : ['mixTradeNo'],
    )
    expect(await client.query(call, order)).toMatchObject({ outcome: 'pending', mixTradeNo })
    await bench.simulator.payMixed(mixTradeNo, OPENID)
    expect(await client.query(call, order)).toMatchObject({
      outcome: 'paid',
      mixTradeNo,
      amounts: order.amounts,
      paidAt: bench.clock.now(),
    })
    // [10] of 纯医保 no order of the channel is made, and its missing cash part is no failure.
    expect(bench.simulator.orders()).toHaveLength(hasCash ? 1 : 0)
  })

  it('placed again is the same order, before and after it is paid', async () => {
    const order = make()
    const first = await placed(order)
    const again = await placed(order)
    expect(again.mixTradeNo).toBe(first.mixTradeNo)
    await bench.simulator.payMixed(first.mixTradeNo, OPENID)
    expect(await client.place(call, order)).toMatchObject({ outcome: 'paid' })
    expect(bench.simulator.mixedOrders()).toHaveLength(1)
  })

  it('[29] an answer that is lost leaves one order, under the same number', async () => {
    for (const kind of ['drop', 'lose_answer', 'garble'] as const) {
      const order = make()
      bench.trouble?.(kind)
      expect((await client.place(call, order)).outcome).toBe('unknown')
      await placed(order)
      expect(
        bench.simulator.mixedOrders().filter((one) => one.outTradeNo === order.tradeNo),
      ).toHaveLength(1)
    }
  })
})

it('[1] [2] [3] the payer goes sealed with the key that is named, and nothing of it into the trace', async () => {
  await placed(newOrder())
  expect(
    await client.place(call, newOrder({ payer: { ...newOrder().payer, name: '王方' } })),
  ).toMatchObject({ outcome: 'declined', code: 'name_differs' })
  const stranger = { name: '王芳', cardType: 'ID_CARD', cardNo: '44030019000101125X' } as const
  expect(await client.place(call, newOrder({ payer: stranger }))).toMatchObject({
    outcome: 'declined',
    code: 'id_differs',
  })
  expect(JSON.stringify(exchanges)).not.toMatch(/王芳|09eb26e8|44030019|AUTH4403|114\.0578/)
})

it('[7] the cash part is ordered first, by the same number, over what WeChat is to take', async () => {
  const order = newOrder()
  const { invoke } = await placed(order)
  expect(operations()).toEqual(['POST /v3/pay/transactions/jsapi', 'POST /v3/med-ins/orders'])
  expect(bench.simulator.orders()).toMatchObject([{ outTradeNo: order.tradeNo, totalFen: 42_000 }])
  expect(invoke['package']).toMatch(/^prepay_id=wx/)
})

it.each<[string, Partial<MedicalInsuranceAmounts>]>([
  ['/amounts', { totalFen: fen(202_001) }],
  ['/amounts', { cashFen: fen(41_999) }],
  ['/amounts', { fundFen: fen(99_999) }],
  ['/amounts', { reductions: [] }],
  ['/amounts', { additions: [...MIXED.additions, ...MIXED.additions] }],
  ['/amounts/cashFen', { cashFen: fen(-1) }],
])('[4] [5] [8] amounts that are off by a fen reach nobody: %s %j', async (field, changes) => {
  const order = newOrder({ amounts: { ...MIXED, ...changes } })
  await expect(client.place(call, order)).rejects.toMatchObject({
    code: 'wechatpay.medical_insurance_order_invalid',
    params: { field },
  })
  expect(exchanges).toEqual([])
})

it.each<[string, string, Partial<MedicalInsuranceOrder>]>([
  ['[6]', '/insurance', { insurance: null }],
  [
    '[6]',
    '/amounts/cashFen',
    {
      insurance: null,
      amounts: { ...CASH_ONLY, totalFen: NOTHING, ownPartFen: NOTHING, cashFen: NOTHING },
    },
  ],
  ['[19]', '/tradeNo', { tradeNo: '订单1234567' }],
  ['[22]', '/hospitalOrderNo', { hospitalOrderNo: 'M'.repeat(21) }],
  ['[2]', '/payer/cardNo', { payer: { name: '王芳', cardType: 'ID_CARD', cardNo: '4403001900' } }],
])('%s an order that WeChat would refuse reaches nobody: %s', async (_no, field, changes) => {
  await expect(client.place(call, newOrder(changes))).rejects.toMatchObject({ params: { field } })
  expect(exchanges).toEqual([])
})

it.each(['pay_auth_no', 'pay_ord_id', 'setl_latlnt'])(
  '[28] what stands in the order is not passed through as well: %s',
  async (name) => {
    const { insurance } = newOrder()
    if (insurance === null) throw new Error('there is one')
    const passthrough = JSON.stringify({ [name]: 'x' })
    const order = newOrder({ insurance: { ...insurance, passthrough } })
    await expect(client.place(call, order)).rejects.toMatchObject({
      params: { field: '/insurance/passthrough' },
    })
  },
)

it('[17] pays for a child, and for nobody else’s', async () => {
  const relative = { name: CHILD.name, cardType: 'ID_CARD', cardNo: CHILD.idNumber } as const
  await placed(newOrder({ relative }))
  expect(
    await client.place(call, newOrder({ relative: { ...relative, name: '李明' } })),
  ).toMatchObject({ outcome: 'declined', code: 'no_relative' })
})

it('[27] F-55 with the test environment on, production does not start', () => {
  const medicalInsurance = bench.params.medicalInsurance
  if (medicalInsurance === null) throw new Error('there is one')
  const params = {
    ...bench.params,
    medicalInsurance: { ...medicalInsurance, isTestEnvironment: true },
  }
  expect(() => createMedicalInsuranceOrders(params, { ...bench.deps, isProduction: true })).toThrow(
    'must be off in production',
  )
  createMedicalInsuranceOrders(params, { ...bench.deps, isProduction: false })
})

describe('the notice of a payment', () => {
  const ofInsurance = async () =>
    (await bench.inbox()).filter((notice) => {
      const { event_type: event } = JSON.parse(notice.body.toString()) as { event_type: string }
      return event === 'MEDICAL_INSURANCE.SUCCESS'
    })

  it('is proven, opened, and tells the amounts to be held against the order', async () => {
    const order = newOrder()
    const mixTradeNo = await paid(order)
    const [notice] = await ofInsurance()
    if (notice === undefined) throw new Error('there is a notice')
    expect(client.readNotice(notice)).toMatchObject({
      outcome: 'read',
      dedupeKey: `${mixTradeNo} MEDICAL_INSURANCE.SUCCESS`,
      tradeNo: order.tradeNo,
      mixTradeNo,
      amounts: order.amounts,
    })
    // The channel's own address knows nothing of it, and believes none of it.
    expect(bench.channel.readNotice(notice)).toEqual({ outcome: 'refused', code: 'unreadable' })
  })

  it('changed, signed by nobody, or a probe [4] is refused before it is opened', async () => {
    await paid(insuredOnly())
    const [notice] = await ofInsurance()
    if (notice === undefined) throw new Error('there is a notice')
    const { headers, body } = notice
    const signature = `WECHATPAY/SIGNTEST/${String(headers['wechatpay-signature'])}`
    const forged = [
      { ...notice, body: Buffer.concat([body, Buffer.from(' ')]) },
      { ...notice, headers: { ...headers, 'wechatpay-signature': undefined } },
      { ...notice, headers: { ...headers, 'wechatpay-signature': signature } },
    ]
    for (const one of forged) {
      expect(client.readNotice(one)).toEqual({ outcome: 'refused', code: 'signature' })
    }
  })

  it('comes for half a minute and never again, so that [9] only asking settles the order', async () => {
    bench.answerNotices(500)
    const order = insuredOnly()
    await paid(order)
    for (let second = 0; second < 120; second += 5) await bench.pass(5 * SECOND_MS)
    const [notice] = bench.simulator.notices()
    expect(notice?.status).toBe('given_up')
    const at = notice?.deliveries.map((one) => one.at.getTime()) ?? []
    expect(at).toHaveLength(4)
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBe(30 * SECOND_MS)
    expect((await client.query(call, order)).outcome).toBe('paid')
  })
})

describe('an order that was not paid', () => {
  it('ends when the bureau refuses, and its cash part with it', async () => {
    const order = newOrder()
    const { mixTradeNo } = await placed(order)
    expect(await bench.simulator.payMixed(mixTradeNo, OPENID, 'refuses')).toBe('refused_by_bureau')
    expect(await client.query(call, order)).toMatchObject({ outcome: 'failed' })
    expect(bench.simulator.orders()).toMatchObject([{ state: 'CLOSED' }])
  })

  it('half paid and failed is unknown, until the half has gone back', async () => {
    const order = newOrder()
    const { mixTradeNo, invoke } = await placed(order)
    const prepayId = invoke['package']?.replace('prepay_id=', '') ?? ''
    expect(await bench.simulator.pay({ prepayId }, OPENID)).toBe('paid')
    expect(await client.query(call, order)).toMatchObject({ outcome: 'pending' })
    await bench.simulator.payMixed(mixTradeNo, OPENID, 'refuses')
    expect(await client.query(call, order)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('SELF_PAY_SUCCESS'),
    })
    const given = { order, refundNo: 'R1', amountFen: fen(42_000), reason: '医保未结算' }
    expect((await client.refundCash(call, given)).outcome).toBe('pending')
    expect(await client.query(call, order)).toMatchObject({ outcome: 'failed' })
  })

  it('given up is closed, and cannot be paid any more', async () => {
    const order = newOrder()
    const { mixTradeNo } = await placed(order)
    expect(await client.release(call, order)).toEqual({ outcome: 'released' })
    expect(await bench.simulator.payMixed(mixTradeNo, OPENID)).toBe('closed')
    const never = newOrder()
    expect(await client.release(call, never)).toEqual({ outcome: 'released' })
  })

  it('that was paid after all is not given up', async () => {
    const order = newOrder()
    await paid(order)
    expect(await client.release(call, order)).toMatchObject({ outcome: 'paid' })
  })

  it('纯医保 waits until it ends by itself', async () => {
    const order = insuredOnly()
    await placed(order)
    expect(await client.release(call, order)).toMatchObject({ outcome: 'pending' })
    await bench.pass(121 * MINUTE_MS)
    expect(await client.release(call, order)).toEqual({ outcome: 'released' })
  })
})

describe('[23] going back', () => {
  const RETURN = {
    refundNo: 'TK2026112100000001',
    totalFen: fen(150_000),
    fundFen: fen(100_000),
    accountFen: fen(45_000),
    otherFen: fen(5_000),
  }

  it('the cash goes through WeChat, and of the rest the merchant tells', async () => {
    const order = newOrder()
    const mixTradeNo = await paid(order)
    const cash = { order, refundNo: RETURN.refundNo, amountFen: fen(42_000), reason: '退号' }
    expect((await client.refundCash(call, cash)).outcome).toBe('pending')
    expect(await client.query(call, order)).toMatchObject({ outcome: 'partly_refunded' })
    const told = { ...RETURN, mixTradeNo, returnedAt: bench.clock.now() }
    expect(await client.tellInsuranceReturn(call, order, told)).toEqual({ outcome: 'told' })
    expect(await client.tellInsuranceReturn(call, order, told)).toEqual({ outcome: 'told' })
    expect(await client.query(call, order)).toMatchObject({ outcome: 'refunded' })
    await bench.pass(MINUTE_MS)
    expect(await client.queryCashRefund(call, cash)).toMatchObject({
      outcome: 'confirmed',
      moves: [{ kind: 'return', ourNo: RETURN.refundNo, parts: [{ amountFen: 42_000 }] }],
    })
    expect(operations()).toContain('POST /v3/med-ins/refunds/notify')
  })

  it('F-64 what was not heard is told again, and counts once', async () => {
    const order = insuredOnly()
    const told = { ...RETURN, mixTradeNo: await paid(order), returnedAt: bench.clock.now() }
    for (const kind of ['drop', 'lose_answer', 'garble'] as const) {
      bench.trouble?.(kind)
      expect((await client.tellInsuranceReturn(call, order, told)).outcome).toBe('unknown')
    }
    expect(await client.tellInsuranceReturn(call, order, told)).toEqual({ outcome: 'told' })
    expect(await client.query(call, order)).toMatchObject({ outcome: 'refunded' })
  })

  it('a return that does not add up, or of more than was paid, is told to nobody', async () => {
    const order = insuredOnly()
    const told = { ...RETURN, mixTradeNo: 'X', returnedAt: bench.clock.now() }
    for (const changes of [
      { totalFen: fen(149_999) },
      { fundFen: fen(100_001) },
      { refundNo: '' },
    ]) {
      await expect(
        client.tellInsuranceReturn(call, order, { ...told, ...changes }),
      ).rejects.toMatchObject({ code: 'wechatpay.medical_insurance_order_invalid' })
    }
    expect(exchanges).toEqual([])
    expect(await client.tellInsuranceReturn(call, order, told)).toMatchObject({
      outcome: 'declined',
      code: 'order_not_exist',
    })
  })
})
