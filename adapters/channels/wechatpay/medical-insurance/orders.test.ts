import { afterEach, beforeEach, expect, it } from 'vitest'

import { fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import { type Gateway, ok, paramsFor, refusal, startGateway } from '../testing/gateway.ts'
import { OPENID, tracedCall } from '../testing/orders.ts'
import type { MedicalInsuranceOrder } from './order.ts'
import { createMedicalInsuranceOrders, type MedicalInsuranceOrders } from './orders.ts'

// What WeChat might answer, against a gateway that says what it is told to.

const now = new Date('2026-11-21T10:00:00+08:00')
const clock = { now: () => now }
const order: MedicalInsuranceOrder = {
  tradeNo: 'YB2026112100000001',
  hospitalOrderNo: 'MZ20261121001',
  orderType: 'DIAG_PAY',
  openid: OPENID,
  payer: { name: '王芳', cardType: 'ID_CARD', cardNo: '44030019000101123X' },
  relative: null,
  description: '门诊缴费',
  insurance: {
    payOrderId: 'ORD1',
    payAuthNo: 'AUTH1',
    geoLocation: '114.05,22.54',
    passthrough: null,
  },
  amounts: {
    totalFen: fen(15_000),
    fundFen: fen(10_000),
    accountFen: fen(0),
    otherFen: fen(0),
    ownPartFen: fen(5_000),
    cashFen: fen(5_000),
    additions: [],
    reductions: [],
  },
  createdAt: now,
  expiresAt: new Date('2026-11-21T10:15:00+08:00'),
}

/** The order as WeChat tells it, paid unless changed. */
const entity = (changes: Record<string, unknown> = {}) => ({
  mix_trade_no: '62010001092026112100000001',
  mix_pay_status: 'MIX_PAY_SUCCESS',
  self_pay_status: 'SELF_PAY_SUCCESS',
  med_ins_pay_status: 'MED_INS_PAY_SUCCESS',
  mix_pay_type: 'CASH_AND_INSURANCE',
  paid_time: '2026-11-21T10:02:03+08:00',
  appid: 'wx8888888888888888',
  out_trade_no: order.tradeNo,
  total_fee: 15_000,
  med_ins_gov_fee: 10_000,
  med_ins_cash_fee: 5_000,
  wechat_pay_cash_fee: 5_000,
  prepay_id: 'wx21100000000000000000000000000000',
  med_ins_test_env: false,
  ...changes,
})
const created = (changes: Record<string, unknown> = {}) =>
  entity({
    mix_pay_status: 'MIX_PAY_CREATED',
    self_pay_status: 'SELF_PAY_CREATED',
    med_ins_pay_status: 'MED_INS_PAY_CREATED',
    paid_time: undefined,
    ...changes,
  })
const prepay = ok({ prepay_id: 'wx21100000000000000000000000000000' })

let gateway: Gateway
let client: MedicalInsuranceOrders
beforeEach(async () => {
  gateway = await startGateway(clock)
  const params = paramsFor(gateway.baseUrl, {
    medicalInsurance: {
      institutionNo: 'H1',
      institutionName: '市第一医院',
      cityId: '440300',
      channelNo: null,
      callbackUrl: 'https://hub.example/notices/insurance/1',
      isTestEnvironment: false,
    },
  })
  const deps = { clock, random: seededRandom('med-ins'), timeoutMs: 400, isProduction: true }
  client = createMedicalInsuranceOrders(params, deps)
})
afterEach(() => gateway.stop())

it('is paid when all of it agrees, to the fen', async () => {
  gateway.tell(ok(entity()))
  expect(await client.query(tracedCall(), order)).toMatchObject({
    outcome: 'paid',
    amounts: order.amounts,
    paidAt: new Date('2026-11-21T10:02:03+08:00'),
  })
})

it.each<[string, Record<string, unknown>]>([
  ['do not add up', { total_fee: 15_001 }],
  ['do not add up', { wechat_pay_cash_fee: 4_999 }],
  ['another totalFen', { total_fee: 15_001, med_ins_gov_fee: 10_001 }],
  ['another fundFen', { med_ins_gov_fee: 9_000, med_ins_self_fee: 1_000 }],
  ['another out_trade_no', { out_trade_no: 'YB2026112100000002' }],
  ['another appid', { appid: 'wx7777777777777777' }],
  ['another med_ins_test_env', { med_ins_test_env: true }],
  ['another mix_pay_type', { mix_pay_type: 'INSURANCE_ONLY', self_pay_status: 'NO_SELF_PAY' }],
  ['is not known', { self_pay_status: 'SELF_PAY_FAIL' }],
  ['is not known', { mix_pay_status: 'MIX_PAY_REVERSED' }],
  ['paid_time', { paid_time: '2026-02-28' }],
  ['paid_time', { paid_time: '2026-02-30T10:02:03+08:00' }],
  ['cannot be read', { total_fee: '15000' }],
  ['cannot be read', { total_fee: 150.5 }],
])('is unknown when its answer %s: %j', async (reason, changes) => {
  gateway.tell(ok(entity(changes)))
  expect(await client.query(tracedCall(), order)).toMatchObject({
    outcome: 'unknown',
    reason: expect.stringContaining(reason),
  })
})

it('names to the payer’s device the prepay_id that the order was placed with', async () => {
  const earlier = 'wx21095900000000000000000000000000'
  gateway.tell(
    prepay,
    refusal(400, 'ALREADY_EXISTS', '268512536'),
    ok(created({ prepay_id: earlier })),
  )
  expect(await client.place(tracedCall(), order)).toMatchObject({
    outcome: 'placed',
    invoke: { package: `prepay_id=${earlier}` },
  })
  expect(gateway.heard.map(({ method, signed }) => [method, signed])).toEqual([
    ['POST', true],
    ['POST', true],
    ['GET', true],
  ])
})

it.each([
  ['declined', 'bureau_refused', refusal(400, 'INVALID_REQUEST', '268510610')],
  ['declined', 'authorization_refused', refusal(400, 'INVALID_REQUEST', '268547120')],
  ['declined', 'no_insurance_card', refusal(400, 'INVALID_REQUEST', '268545963')],
  ['declined', 'total_differs', refusal(403, 'RULE_LIMIT', '268529477')],
  ['unknown', undefined, refusal(500, 'SYSTEM_ERROR')],
  ['unknown', undefined, refusal(429, 'FREQUENCY_LIMITED', '268447840')],
  ['unknown', undefined, refusal(418, 'NEW_CODE')],
  ['unknown', undefined, 'hang_up' as const],
  ['unknown', undefined, { ...ok(created()), proof: 'wrong_key' as const }],
])('placing is %s %s', async (outcome, code, reply) => {
  gateway.tell(prepay, reply)
  const answer = await client.place(tracedCall(), order)
  expect(answer).toMatchObject(code === undefined ? { outcome } : { outcome, code })
})

it('a refusal that says nothing of the order is decided by asking for it', async () => {
  gateway.tell(prepay, refusal(403, 'RULE_LIMIT'), refusal(404, 'ORDER_NOT_EXIST', '268529515'))
  expect(await client.place(tracedCall(), order)).toMatchObject({
    outcome: 'declined',
    code: 'rule_limit',
  })
  gateway.tell(prepay, refusal(400, 'ALREADY_EXISTS'), refusal(404, 'ORDER_NOT_EXIST'))
  expect(await client.place(tracedCall(), order)).toMatchObject({ outcome: 'unknown' })
  gateway.tell(refusal(400, 'INVALID_REQUEST', '268498689'), ok(entity()))
  expect(await client.place(tracedCall(), order)).toMatchObject({ outcome: 'paid' })
})
