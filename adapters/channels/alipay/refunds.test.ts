import { afterAll, beforeAll, expect, it } from 'vitest'

import { testPlatform } from '../../../platform/testing/clock.ts'
import { createAlipay } from './index.ts'
import {
  ALIPAY_NO,
  type Gateway,
  paramsFor,
  REFUND_NO,
  refundOrder,
  refusal,
  startGateway,
  success,
  TRADE_NO,
  tracedCall,
} from './testing/gateway.ts'

const { clock } = testPlatform()
const call = tracedCall()
let gateway: Gateway
beforeAll(async () => void (gateway = await startGateway()))
afterAll(() => gateway.stop())

const channel = () => createAlipay(paramsFor(gateway.url), { clock, timeoutMs: 2_000 })
const refund = () => channel().refund(call, refundOrder())
const query = () => channel().queryRefund(call, refundOrder())

const AT = '2026-11-21 11:00:09'
const done = (changes = {}) =>
  success({
    out_trade_no: TRADE_NO,
    trade_no: ALIPAY_NO,
    fund_change: 'Y',
    refund_fee: '99.00',
    gmt_refund_pay: AT,
    ...changes,
  })
const found = (changes = {}) =>
  success({
    out_trade_no: TRADE_NO,
    trade_no: ALIPAY_NO,
    out_request_no: REFUND_NO,
    refund_status: 'REFUND_SUCCESS',
    refund_amount: '23.45',
    gmt_refund_pay: AT,
    ...changes,
  })
const CONFIRMED = {
  outcome: 'confirmed',
  moves: [
    {
      kind: 'return',
      ourNo: REFUND_NO,
      providerNo: ALIPAY_NO,
      parts: [{ kind: 'self_pay', amountFen: 2_345 }],
      at: new Date('2026-11-21T11:00:09+08:00'),
    },
  ],
}

it('is asked for by our number, and told with its own amount, not the sum of all', async () => {
  gateway.tell(done())
  expect(await refund()).toEqual(CONFIRMED)
  expect(gateway.heard[0]).toMatchObject({ method: 'alipay.trade.refund', signed: true })
  expect(gateway.heard[0]?.content).toEqual({
    out_trade_no: TRADE_NO,
    out_request_no: REFUND_NO,
    refund_amount: '23.45',
    refund_reason: '退药',
  })
})

it('without a change of funds, or without its time, is looked up', async () => {
  for (const said of [done({ fund_change: 'N' }), done({ gmt_refund_pay: undefined })]) {
    gateway.tell(said, found())
    expect(await refund()).toEqual(CONFIRMED)
    expect(gateway.heard[1]?.content).toMatchObject({
      out_request_no: REFUND_NO,
      query_options: ['gmt_refund_pay'],
    })
    gateway.tell(said, success({ out_trade_no: TRADE_NO, trade_no: ALIPAY_NO }))
    expect(await refund()).toMatchObject({ outcome: 'unknown' })
  }
})

it.each([
  ['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'not_enough'],
  ['ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', 'amount_past_rest'],
  ['ACQ.TRADE_NOT_ALLOW_REFUND', 'not_refundable'],
  ['ACQ.TRADE_HAS_FINISHED', 'trade_finished'],
  ['ACQ.DISCORDANT_REPEAT_REQUEST', 'refund_differs'],
])('refused with %s is declined only when the query knows of none', async (subCode, ours) => {
  gateway.tell(refusal(subCode), success({ out_trade_no: TRADE_NO }))
  expect(await refund()).toMatchObject({ outcome: 'declined', code: ours })
  gateway.tell(refusal(subCode), found())
  expect(await refund()).toEqual(CONFIRMED)
  gateway.tell(refusal(subCode), { status: 502 })
  expect(await refund()).toMatchObject({ outcome: 'unknown' })
})

it.each([
  ['20000', 'isp.unknow-error'],
  ['40004', 'ACQ.SYSTEM_ERROR'],
  ['40004', 'ACQ.NEVER_HEARD_OF'],
  ['40002', 'isv.invalid-signature'],
  ['40006', 'isv.insufficient-isv-permissions'],
  ['20001', 'aop.invalid-app-auth-token'],
])('answered with %s %s is unknown, until it is repaired', async (code, subCode) => {
  gateway.tell(refusal(subCode, code))
  expect(await refund()).toMatchObject({ outcome: 'unknown' })
  expect(gateway.heard).toHaveLength(1)
})

it('not yet successful is absent, so that it may be sent again', async () => {
  for (const reply of [
    found({ refund_status: undefined }),
    found({ refund_status: '' }),
    success({}),
    refusal('ACQ.TRADE_NOT_EXIST'),
  ]) {
    gateway.tell(reply)
    expect(await query()).toEqual({ outcome: 'absent' })
  }
})

it.each([
  { refund_status: 'REFUND_OF_TOMORROW' },
  { out_request_no: 'ANOTHER' },
  { out_trade_no: 'ANOTHER' },
  { trade_no: 'ANOTHER' },
  { refund_amount: '-1.00' },
  { refund_amount: undefined },
  { gmt_refund_pay: undefined },
])('found with %o is unknown', async (changes) => {
  gateway.tell(found(changes))
  expect(await query()).toMatchObject({ outcome: 'unknown' })
})

it.each([{ out_trade_no: 'ANOTHER' }, { trade_no: 'ANOTHER' }, { fund_change: 'X' }])(
  'done with %o is unknown',
  async (changes) => {
    gateway.tell(done(changes))
    expect(await refund()).toMatchObject({ outcome: 'unknown' })
  },
)
