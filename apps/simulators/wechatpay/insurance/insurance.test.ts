import { constants, publicEncrypt } from 'node:crypto'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { fen } from '../../../../kernel/money.ts'
import { OPENID, platformKeys, PUBLIC_KEY_ID, startTestBed, type TestBed } from '../testing/bed.ts'

// What WeChat refuses of a mixed order, however it comes.

let bed: TestBed
beforeEach(async () => {
  const insured = { idNumber: '44030019000101123X' }
  const wallets = [{ openid: OPENID, name: '王芳', balanceFen: fen(1_000_000), insured }]
  bed = await startTestBed({ wallets })
})
afterEach(() => bed.stop())

const sealed = (text: string) =>
  publicEncrypt(
    { key: platformKeys.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.from(text),
  ).toString('base64')

const order = (changes: Record<string, unknown> = {}) => ({
  mix_pay_type: 'INSURANCE_ONLY',
  order_type: 'REG_PAY',
  appid: 'wx8888888888888888',
  openid: OPENID,
  payer: {
    name: sealed('王芳'),
    id_digest: sealed('09eb26e839ff3a2e3980352ae45ef09e'),
    card_type: 'ID_CARD',
  },
  out_trade_no: 'YB20261121000001',
  serial_no: 'MZ20261121000001',
  pay_order_id: 'ORD1',
  pay_auth_no: 'AUTH1',
  geo_location: '114.05,22.54',
  city_id: '440300',
  med_inst_name: '市第一医院',
  med_inst_no: 'H1',
  med_ins_order_create_time: '2026-11-21T09:30:00+08:00',
  total_fee: 15_000,
  med_ins_gov_fee: 10_000,
  med_ins_self_fee: 5_000,
  med_ins_other_fee: 0,
  med_ins_cash_fee: 0,
  callback_url: `${bed.receiver.url}/insurance`,
  ...changes,
})

const post = (body: object, serial = PUBLIC_KEY_ID) =>
  bed.merchant.send('POST', '/v3/med-ins/orders', JSON.stringify(body), {
    'wechatpay-serial': serial,
  })

it('takes what adds up, once', async () => {
  const placed = await post(order())
  expect(placed).toMatchObject({
    status: 200,
    isSigned: true,
    json: { mix_pay_status: 'MIX_PAY_CREATED', self_pay_status: 'NO_SELF_PAY' },
  })
  expect(placed.text).not.toContain('payer')
  expect(await post(order())).toMatchObject({ status: 400, numericCode: 268512536 })
  const { mix_trade_no: no } = placed.json as { mix_trade_no: string }
  const found = await bed.merchant.get(`/v3/med-ins/orders/mix-trade-no/${no}`)
  expect(found.json).toEqual(placed.json)
  const absent = await bed.merchant.get('/v3/med-ins/orders/out-trade-no/NONE')
  expect(absent).toMatchObject({ status: 404, numericCode: 268529515 })
})

it.each<[string, number, () => Record<string, unknown>]>([
  ['a total that is off by a fen', 268529477, () => ({ total_fee: 15_001 })],
  ['a cash part that is off by a fen', 268529476, () => ({ med_ins_cash_fee: 1 })],
  ['纯自费 with an insurance', 268529474, () => ({ mix_pay_type: 'CASH_ONLY' })],
  ['纯医保 with a prepay_id', 268529475, () => ({ prepay_id: 'wx1' })],
  ['混合 without a prepay_id', 268529475, () => ({ mix_pay_type: 'CASH_AND_INSURANCE' })],
  ['no authorization', 268529475, () => ({ pay_auth_no: undefined })],
  ['another payer', 268545962, () => ({ payer: { ...order().payer, name: sealed('王方') } })],
  ['a name in plain text', 268435461, () => ({ payer: { ...order().payer, name: '王芳' } })],
  [
    'a time without a zone',
    268435461,
    () => ({ med_ins_order_create_time: '2026-11-21T09:30:00' }),
  ],
  ['a parameter nobody knows', 270924358, () => ({ total: 1 })],
  ['a callback with a query', 268435461, () => ({ callback_url: 'https://hub.example/a?b=1' })],
  ['no family', 268435461, () => ({ pay_for_relatives: true })],
  ['an amount in yuan', 268435461, () => ({ total_fee: 150.5 })],
])('refuses %s', async (_what, numericCode, changes) => {
  expect(await post(order(changes()))).toMatchObject({ numericCode })
  expect(bed.simulator.mixedOrders()).toEqual([])
})

it('refuses a payer sealed with a key that is not named', async () => {
  expect(await post(order(), 'PUB_KEY_ID_OTHER')).toMatchObject({ status: 400 })
})

it('takes an authorization once', async () => {
  await post(order())
  const again = await post(order({ out_trade_no: 'YB20261121000002' }))
  expect(again).toMatchObject({ numericCode: 268547120 })
})

it('hears of a return only for what was paid', async () => {
  const { json } = await post(order())
  const { mix_trade_no: no } = json as { mix_trade_no: string }
  const told = (gov: number, total = gov) =>
    bed.merchant.post(`/v3/med-ins/refunds/notify?mix_trade_no=${no}`, {
      med_refund_total_fee: total,
      med_refund_gov_fee: gov,
      med_refund_self_fee: 0,
      med_refund_other_fee: 0,
      refund_time: '2026-11-21T10:30:00+08:00',
      out_refund_no: `R${gov}`,
    })
  expect(await told(10_000)).toMatchObject({ status: 400 })
  await bed.simulator.payMixed(no, OPENID)
  expect(await told(10_001)).toMatchObject({ status: 400 })
  expect(await told(6_000, 6_001)).toMatchObject({ status: 400 })
  expect(await told(6_000)).toMatchObject({ status: 204 })
  expect(await told(6_000)).toMatchObject({ status: 204 })
  expect(await told(4_001)).toMatchObject({ status: 400 })
  expect(await told(4_000)).toMatchObject({ status: 204 })
})
