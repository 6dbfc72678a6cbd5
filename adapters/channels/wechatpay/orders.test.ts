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
import {
  chargeOrder,
  tracedCall,
  TRADE_NO,
  transaction,
  TRANSACTION_ID,
  unpaid,
} from './testing/orders.ts'

const { clock, random } = testPlatform('2026-11-21T10:01:00+08:00')
let wechat: Gateway
let channel: Channel
const call = tracedCall()
const order = chargeOrder()

beforeAll(async () => {
  wechat = await startGateway(clock)
  const deps = { clock, random, timeoutMs: 400 }
  channel = createWechatPay(paramsFor(wechat.baseUrl), deps)
})
afterAll(() => wechat.stop())
beforeEach(() => {
  wechat.heard.length = 0
  call.exchanges.length = 0
})

const paidMove = {
  kind: 'charge',
  ourNo: TRADE_NO,
  providerNo: TRANSACTION_ID,
  parts: [{ kind: 'self_pay', amountFen: 12_345 }],
  at: new Date('2026-11-21T10:02:03+08:00'),
}
const ABSENT = refusal(404, 'ORDER_NOT_EXIST', '268512771')

describe('query', () => {
  it('[P2] asks by our number', async () => {
    wechat.tell(ok(transaction()))
    expect(await channel.query(call, order)).toEqual({ outcome: 'confirmed', move: paidMove })
    expect(wechat.heard[0]).toMatchObject({
      method: 'GET',
      url: `/v3/pay/transactions/out-trade-no/${TRADE_NO}?mchid=1900000109`,
      body: '',
      signed: true,
      contentType: '',
    })
  })

  it.each<[string, Reply, object]>([
    ['paid', ok(transaction()), { outcome: 'confirmed' }],
    [
      'paid, under the second key',
      { ...ok(transaction()), proof: 'second_key' },
      { outcome: 'confirmed' },
    ],
    [
      'refunded in part',
      ok(transaction({ trade_state: 'REFUND' })),
      { outcome: 'confirmed', move: paidMove },
    ],
    ['not paid', ok(unpaid('NOTPAY')), { outcome: 'pending', payerAction: null }],
    ['being paid', ok(unpaid('USERPAYING')), { outcome: 'pending', payerAction: null }],
    ['closed', ok(unpaid('CLOSED')), { outcome: 'declined', code: 'closed' }],
    ['revoked', ok(unpaid('REVOKED')), { outcome: 'declined', code: 'revoked' }],
    ['failed', ok(unpaid('PAYERROR')), { outcome: 'declined', code: 'pay_error' }],
    ['absent', ABSENT, { outcome: 'absent' }],
    ['absent by its code', refusal(404, 'ORDER_NOT_EXIST', '1'), { outcome: 'absent' }],
    [
      'absent by its number',
      refusal(404, 'RESOURCE_NOT_EXISTS', '268512771'),
      { outcome: 'absent' },
    ],
    ['absent, unsigned', { ...ABSENT, proof: 'none' }, { outcome: 'unknown' }],
    [
      'absent, with another status',
      refusal(400, 'ORDER_NOT_EXIST', '268512771'),
      { outcome: 'unknown' },
    ],
    ['some other 404', refusal(404, 'RESOURCE_NOT_EXISTS'), { outcome: 'unknown' }],
    ['a wrong signature', refusal(401, 'SIGN_ERROR', '268443699'), { outcome: 'unknown' }],
    ['a foreign order', refusal(400, 'INVALID_REQUEST', '268447843'), { outcome: 'unknown' }],
    ['a system error', refusal(500, 'SYSTEM_ERROR'), { outcome: 'unknown' }],
    ['another state', ok(transaction({ trade_state: 'NEW' })), { outcome: 'unknown' }],
    [
      'a state of the prototype',
      ok(transaction({ trade_state: 'constructor' })),
      { outcome: 'unknown' },
    ],
    ['another merchant', ok(transaction({ mchid: '1900000110' })), { outcome: 'unknown' }],
    ['another app', ok(transaction({ appid: 'wx1' })), { outcome: 'unknown' }],
    ['another order', ok(transaction({ out_trade_no: 'X' })), { outcome: 'unknown' }],
    [
      'another order, unpaid',
      ok({ ...unpaid('CLOSED'), out_trade_no: 'X' }),
      { outcome: 'unknown' },
    ],
    [
      'another currency',
      ok(transaction({ amount: { total: 12_345, currency: 'USD' } })),
      { outcome: 'unknown' },
    ],
    ['no amount', ok(transaction({ amount: undefined })), { outcome: 'unknown' }],
    [
      'an amount in text',
      ok(transaction({ amount: { total: '12345', currency: 'CNY' } })),
      { outcome: 'unknown' },
    ],
    [
      'a fraction of a fen',
      ok(transaction({ amount: { total: 12_345.5, currency: 'CNY' } })),
      { outcome: 'unknown' },
    ],
    [
      'nothing paid',
      ok(transaction({ amount: { total: 0, currency: 'CNY' } })),
      { outcome: 'unknown' },
    ],
    [
      'an amount past counting',
      ok(transaction({ amount: { total: 1e300, currency: 'CNY' } })),
      { outcome: 'unknown' },
    ],
    ['no number', ok(transaction({ transaction_id: '' })), { outcome: 'unknown' }],
    ['no time', ok(transaction({ success_time: undefined })), { outcome: 'unknown' }],
    [
      'a time that is none',
      ok(transaction({ success_time: '2026-13-41T10:02:03+08:00' })),
      { outcome: 'unknown' },
    ],
    [
      'a time without a zone',
      ok(transaction({ success_time: '2026-11-21T10:02:03' })),
      { outcome: 'unknown' },
    ],
    ['silence', 'silence', { outcome: 'unknown' }],
  ])('reads an order that is %s', async (_what, reply, expected) => {
    wechat.tell(reply)
    expect(await channel.query(call, order)).toMatchObject(expected)
  })

  it('takes the amount as WeChat says it, whatever was asked for', async () => {
    wechat.tell(ok(transaction({ amount: { total: 1, currency: 'CNY' } })))
    const answer = await channel.query(call, order)
    expect(answer).toMatchObject({ move: { parts: [{ kind: 'self_pay', amountFen: 1 }] } })
  })
})

describe('release', () => {
  const closed = { status: 204 }

  it('closes by our number', async () => {
    wechat.tell(closed)
    expect(await channel.release(call, order)).toEqual({ outcome: 'released' })
    expect(wechat.heard).toEqual([
      {
        method: 'POST',
        url: `/v3/pay/transactions/out-trade-no/${TRADE_NO}/close`,
        body: '{"mchid":"1900000109"}',
        signed: true,
        contentType: 'application/json',
      },
    ])
  })

  it.each<[string, Reply[], object]>([
    ['never made', [ABSENT], { outcome: 'released' }],
    ['never made, unsigned', [{ ...ABSENT, proof: 'none' }], { outcome: 'unknown' }],
    ['closed, unsigned', [{ ...closed, proof: 'none' }], { outcome: 'unknown' }],
    ['closed, by a stranger', [{ ...closed, proof: 'wrong_key' }], { outcome: 'unknown' }],
    ['answered with 200', [ok({})], { outcome: 'unknown' }],
    [
      'paid',
      [refusal(400, 'INVALID_REQUEST', '268449538'), ok(transaction())],
      { outcome: 'confirmed', move: paidMove },
    ],
    [
      'paid, then silence',
      [refusal(400, 'INVALID_REQUEST', '268449538'), 'silence'],
      { outcome: 'unknown' },
    ],
    [
      'paid, then closed',
      [refusal(400, 'INVALID_REQUEST', '268449538'), ok(unpaid('CLOSED'))],
      { outcome: 'unknown' },
    ],
    [
      'paid, in other words',
      [refusal(400, 'INVALID_REQUEST'), ok(transaction())],
      { outcome: 'confirmed' },
    ],
    [
      'expired and closed',
      [refusal(400, 'INVALID_REQUEST', '268447914'), ok(unpaid('CLOSED'))],
      { outcome: 'released' },
    ],
    [
      'expired but open',
      [refusal(400, 'INVALID_REQUEST', '268447914'), ok(unpaid('NOTPAY'))],
      { outcome: 'unknown' },
    ],
    [
      'expired but paid',
      [refusal(400, 'INVALID_REQUEST', '268447914'), ok(transaction())],
      { outcome: 'confirmed' },
    ],
    [
      'expired and failed',
      [refusal(400, 'INVALID_REQUEST', '268447914'), ok(unpaid('PAYERROR'))],
      { outcome: 'unknown' },
    ],
    [
      'expired and absent',
      [refusal(400, 'INVALID_REQUEST', '268447914'), ABSENT],
      { outcome: 'released' },
    ],
    [
      'only to be reversed',
      [refusal(400, 'INVALID_REQUEST', '268449641'), ok(unpaid('USERPAYING'))],
      { outcome: 'unknown' },
    ],
    [
      'refused for our signature',
      [refusal(401, 'SIGN_ERROR', '268443699')],
      { outcome: 'unknown' },
    ],
    ['refused for our merchant', [refusal(403, 'NO_AUTH', '268443715')], { outcome: 'unknown' }],
    ['a system error', [refusal(500, 'SYSTEM_ERROR')], { outcome: 'unknown' }],
    ['limited', [refusal(429, 'FREQUENCY_LIMITED')], { outcome: 'unknown' }],
    ['silent', ['silence'], { outcome: 'unknown' }],
  ])('of an order that is %s', async (_what, replies, expected) => {
    wechat.tell(...replies)
    expect(await channel.release(call, order)).toMatchObject(expected)
    expect(wechat.heard).toHaveLength(replies.length)
  })
})
