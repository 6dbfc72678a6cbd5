import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Channel } from '../../../modules/payments/index.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createWechatPay } from './index.ts'
import {
  type Gateway,
  ok,
  paramsFor,
  refusal,
  type Reply,
  startGateway,
} from './testing/gateway.ts'
import { REFUND_NO, refundObject, refundOrder, tracedCall, TRADE_NO } from './testing/orders.ts'

const { clock, random } = testPlatform('2026-11-21T23:58:00+08:00')
let wechat: Gateway
let channel: Channel
const call = tracedCall()
const order = refundOrder()

beforeAll(async () => {
  wechat = await startGateway(clock)
  channel = createWechatPay(paramsFor(wechat.baseUrl), { clock, random, timeoutMs: 400 })
})
afterAll(() => wechat.stop())
beforeEach(() => void (wechat.heard.length = 0))

const ABSENT = refusal(404, 'RESOURCE_NOT_EXISTS')
const returned = {
  outcome: 'confirmed',
  moves: [
    {
      kind: 'return',
      ourNo: REFUND_NO,
      providerNo: '50300807092026112100000000001',
      parts: [{ kind: 'self_pay', amountFen: 2_345 }],
      at: new Date('2026-11-21T23:58:00+08:00'),
    },
  ],
}

const READINGS: [string, unknown, object][] = [
  ['arrived', refundObject(), returned],
  [
    'in process',
    refundObject({ status: 'PROCESSING', success_time: undefined }),
    { outcome: 'pending' },
  ],
  ['closed', refundObject({ status: 'CLOSED' }), { outcome: 'declined', code: 'closed' }],
  ['abnormal', refundObject({ status: 'ABNORMAL' }), { outcome: 'declined', code: 'abnormal' }],
  ['of another state', refundObject({ status: 'NEW' }), { outcome: 'unknown' }],
  ['of another refund', refundObject({ out_refund_no: 'X' }), { outcome: 'unknown' }],
  ['of another order', refundObject({ out_trade_no: 'X' }), { outcome: 'unknown' }],
  ['of another transaction', refundObject({ transaction_id: 'X' }), { outcome: 'unknown' }],
  [
    'in another currency',
    refundObject({ amount: { refund: 2_345, currency: 'USD' } }),
    { outcome: 'unknown' },
  ],
  ['of no amount', refundObject({ amount: undefined }), { outcome: 'unknown' }],
  [
    'of a fraction',
    refundObject({ amount: { refund: 0.5, currency: 'CNY' } }),
    { outcome: 'unknown' },
  ],
  ['without its number', refundObject({ refund_id: undefined }), { outcome: 'unknown' }],
  ['without its day', refundObject({ create_time: undefined }), { outcome: 'unknown' }],
  [
    'of a day that is none',
    refundObject({ create_time: '2026-11-31T25:00:00+08:00' }),
    { outcome: 'unknown' },
  ],
  [
    'told as a notice would',
    refundObject({ status: undefined, refund_status: 'SUCCESS' }),
    { outcome: 'unknown' },
  ],
  ['null', null, { outcome: 'unknown' }],
]

describe('refund', () => {
  it('asks with the same words each time, and stands on the day it was accepted', async () => {
    wechat.tell(ok(refundObject({ status: 'PROCESSING' })), ok(refundObject()))
    expect(await channel.refund(call, order)).toEqual({ outcome: 'pending' })
    clock.advance(600_000) // past midnight
    expect(await channel.refund(call, refundOrder())).toEqual(returned)

    const [first, second] = wechat.heard
    expect(second).toEqual(first)
    expect(first).toMatchObject({
      method: 'POST',
      url: '/v3/refund/domestic/refunds',
      signed: true,
    })
    expect(JSON.parse(first?.body ?? '')).toEqual({
      out_trade_no: TRADE_NO,
      out_refund_no: REFUND_NO,
      reason: '退药',
      notify_url: 'https://hub.example/notices/wechat/1',
      amount: { refund: 2_345, total: 12_345, currency: 'CNY' },
    })
  })

  it('cuts a long reason, and leaves an empty one out', async () => {
    wechat.tell(ok(refundObject()), ok(refundObject()))
    await channel.refund(call, refundOrder({ reason: '药'.repeat(50) }))
    await channel.refund(call, refundOrder({ reason: '' }))
    const [long, empty] = wechat.heard.map((heard) => JSON.parse(heard.body) as { reason?: string })
    expect(long?.reason).toBe('药'.repeat(26))
    expect(empty).not.toHaveProperty('reason')
  })

  it.each(READINGS)('reads a refund %s', async (_what, json, expected) => {
    wechat.tell(ok(json))
    expect(await channel.refund(call, order)).toMatchObject(expected)
  })

  it.each<[string, Reply, object]>([
    ['too little money', refusal(403, 'NOT_ENOUGH'), { outcome: 'declined', code: 'not_enough' }],
    ['a bad parameter', refusal(400, 'PARAM_ERROR'), { outcome: 'declined', code: 'param_error' }],
    [
      'a parameter by its number',
      refusal(400, 'INVALID_REQUEST', '268435461'),
      { outcome: 'declined', code: 'param_error' },
    ],
    [
      'too little money, unsigned',
      { ...refusal(403, 'NOT_ENOUGH'), proof: 'none' },
      { outcome: 'unknown' },
    ],
    ['a wrong signature', refusal(401, 'SIGN_ERROR', '268443699'), { outcome: 'unknown' }],
    ['too many requests', refusal(429, 'FREQUENCY_LIMITED'), { outcome: 'unknown' }],
    ['too many requests, as a refusal', refusal(400, 'FREQUENCY_LIMITED'), { outcome: 'unknown' }],
    ['a system error', refusal(500, 'SYSTEM_ERROR'), { outcome: 'unknown' }],
    ['an unknown refusal', refusal(403, 'NEW_IN_2027'), { outcome: 'unknown' }],
    ['silence', 'silence', { outcome: 'unknown' }],
    ['a page', { status: 502, text: '<html>', proof: 'none' }, { outcome: 'unknown' }],
    ['an altered answer', { ...ok(refundObject()), proof: 'altered' }, { outcome: 'unknown' }],
  ])('hears %s', async (_what, reply, expected) => {
    wechat.tell(reply)
    const answer = await channel.refund(call, order)
    expect(answer).toMatchObject(expected)
    expect(wechat.heard).toHaveLength(1)
  })

  it.each<[string, Reply, Reply, object]>([
    [
      'an invalid request',
      refusal(400, 'INVALID_REQUEST'),
      ABSENT,
      { outcome: 'declined', code: 'invalid_request' },
    ],
    [
      'an invalid request, yet it is there',
      refusal(400, 'INVALID_REQUEST'),
      ok(refundObject()),
      returned,
    ],
    ['no permission', refusal(403, 'NO_AUTH'), ABSENT, { outcome: 'declined', code: 'no_auth' }],
    [
      'no permission any more',
      refusal(403, 'NO_AUTH'),
      ok(refundObject({ status: 'PROCESSING' })),
      { outcome: 'pending' },
    ],
    ['a rule', refusal(403, 'RULE_LIMIT'), ABSENT, { outcome: 'declined', code: 'rule_limit' }],
    [
      'a disabled merchant',
      refusal(403, 'NO_AUTH', '268443715'),
      'silence',
      { outcome: 'unknown' },
    ],
    [
      'no such order',
      refusal(404, 'RESOURCE_NOT_EXISTS', '268512771'),
      ABSENT,
      { outcome: 'declined', code: 'order_not_exist' },
    ],
    ['a duplicate', refusal(409, 'DUPLICATE'), ok(refundObject()), returned],
    [
      'other words before',
      refusal(400, 'INVALID_REQUEST', '268498688'),
      ok(refundObject({ status: 'ABNORMAL' })),
      { outcome: 'declined', code: 'abnormal' },
    ],
  ])('told of %s, asks the refund itself', async (_what, first, second, expected) => {
    wechat.tell(first, second)
    expect(await channel.refund(call, order)).toMatchObject(expected)
    expect(wechat.heard.map((heard) => heard.method)).toEqual(['POST', 'GET'])
  })
})

describe('queryRefund', () => {
  it('asks by our number', async () => {
    wechat.tell(ok(refundObject()))
    expect(await channel.queryRefund(call, order)).toEqual(returned)
    expect(wechat.heard[0]).toMatchObject({
      method: 'GET',
      url: `/v3/refund/domestic/refunds/${REFUND_NO}`,
      signed: true,
    })
  })

  it.each(READINGS)('reads a refund %s', async (_what, json, expected) => {
    wechat.tell(ok(json))
    expect(await channel.queryRefund(call, order)).toMatchObject(expected)
  })

  it.each<[string, Reply, object]>([
    ['absent', ABSENT, { outcome: 'absent' }],
    ['absent, unsigned', { ...ABSENT, proof: 'none' }, { outcome: 'unknown' }],
    ['absent, by a stranger', { ...ABSENT, proof: 'wrong_key' }, { outcome: 'unknown' }],
    ['some other 404', refusal(404, 'NOT_FOUND'), { outcome: 'unknown' }],
    ['no permission', refusal(403, 'NO_AUTH'), { outcome: 'unknown' }],
    ['a system error', refusal(500, 'SYSTEM_ERROR'), { outcome: 'unknown' }],
    ['silence', 'silence', { outcome: 'unknown' }],
  ])('hears %s', async (_what, reply, expected) => {
    wechat.tell(reply)
    expect(await channel.queryRefund(call, order)).toEqual(expect.objectContaining(expected))
  })
})
