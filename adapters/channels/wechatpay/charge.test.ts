import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Rsa } from 'wechatpay-axios-plugin'

import type { Channel, ChargeAnswer } from '../../../modules/payments/index.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createWechatPay } from './index.ts'
import {
  type Gateway,
  merchant,
  ok,
  paramsFor,
  refusal,
  type Reply,
  startGateway,
} from './testing/gateway.ts'
import {
  chargeOrder,
  OPENID,
  tracedCall,
  TRADE_NO,
  transaction,
  TRANSACTION_ID,
  unpaid,
} from './testing/orders.ts'

const { clock, random } = testPlatform('2026-11-21T10:01:00+08:00')
let wechat: Gateway
let channel: Channel
let native: Channel
const call = tracedCall()
const order = chargeOrder()

beforeAll(async () => {
  wechat = await startGateway(clock)
  const deps = { clock, random, timeoutMs: 400 }
  channel = createWechatPay(paramsFor(wechat.baseUrl), deps)
  native = createWechatPay(paramsFor(wechat.baseUrl, { methods: ['qr_code'] }), deps)
})
afterAll(() => wechat.stop())
beforeEach(() => {
  wechat.heard.length = 0
  call.exchanges.length = 0
})

const PREPAY = { status: 200, json: { prepay_id: 'wx2110010000000000a1b2c3d4e5f60000' } }
const paidMove = {
  kind: 'charge',
  ourNo: TRADE_NO,
  providerNo: TRANSACTION_ID,
  parts: [{ kind: 'self_pay', amountFen: 12_345 }],
  at: new Date('2026-11-21T10:02:03+08:00'),
}
const ABSENT = refusal(404, 'ORDER_NOT_EXIST', '268512771')

describe('charge', () => {
  it('orders in JSAPI and signs for the payer’s device', async () => {
    wechat.tell(PREPAY)
    const answer = await channel.charge(call, order)

    const [heard] = wechat.heard
    expect(heard).toMatchObject({
      method: 'POST',
      url: '/v3/pay/transactions/jsapi',
      signed: true,
      contentType: 'application/json',
    })
    expect(JSON.parse(heard?.body ?? '')).toEqual({
      appid: 'wx8888888888888888',
      mchid: '1900000109',
      description: '市第一医院 门诊缴费 MZ20261121001',
      out_trade_no: TRADE_NO,
      time_expire: '2026-11-21T10:15:00+08:00',
      attach: order.paymentId,
      notify_url: 'https://hub.example/notices/wechat/1',
      amount: { total: 12_345, currency: 'CNY' },
      payer: { openid: OPENID },
    })
    const { params } = actionOf(answer)
    const { appId, timeStamp, nonceStr, package: prepay, signType, paySign = '' } = params
    expect({ appId, timeStamp, prepay, signType }).toEqual({
      appId: 'wx8888888888888888',
      timeStamp: '1795226460',
      prepay: 'prepay_id=wx2110010000000000a1b2c3d4e5f60000',
      signType: 'RSA',
    })
    expect(nonceStr).toMatch(/^[0-9a-f]{32}$/)
    const lines = `${appId}\n${timeStamp}\n${nonceStr}\n${prepay}\n`
    expect(Rsa.verify(lines, paySign, merchant.publicKey)).toBe(true)
  })

  it('says the same words at every try, and signs anew', async () => {
    wechat.tell(PREPAY, 'silence', PREPAY)
    const first = await channel.charge(call, order)
    await channel.charge(call, order)
    clock.advance(60_000)
    const third = await channel.charge(call, chargeOrder())

    const bodies = wechat.heard.map((heard) => heard.body)
    expect(bodies).toHaveLength(3)
    expect(new Set(bodies).size).toBe(1)
    expect(wechat.heard.every((heard) => heard.signed)).toBe(true)
    expect(actionOf(third).params.paySign).not.toBe(actionOf(first).params.paySign)
    expect(actionOf(third).params.nonceStr).not.toBe(actionOf(first).params.nonceStr)
  })

  it('orders a code to scan, for no account', async () => {
    wechat.tell(ok({ code_url: 'weixin://wxpay/bizpayurl?pr=p4lpSuKzz' }))
    const answer = await native.charge(call, chargeOrder({ payerAccount: null }))
    expect(answer).toEqual({
      outcome: 'pending',
      payerAction: { kind: 'qr_code', content: 'weixin://wxpay/bizpayurl?pr=p4lpSuKzz' },
    })
    expect(wechat.heard[0]?.url).toBe('/v3/pay/transactions/native')
    expect(wechat.heard[0]?.body).not.toContain('payer')
  })

  it('cuts a long description between characters', async () => {
    wechat.tell(PREPAY)
    await channel.charge(call, chargeOrder({ description: `a${'医'.repeat(41)}😀x` }))
    const { description } = JSON.parse(wechat.heard[0]?.body ?? '') as { description: string }
    expect(description).toBe(`a${'医'.repeat(41)}`)
  })

  it('asks nobody when JSAPI has no openid', async () => {
    const answer = await channel.charge(call, chargeOrder({ payerAccount: null }))
    expect(answer).toMatchObject({ outcome: 'declined', code: 'openid_missing' })
    expect(wechat.heard).toEqual([])
  })

  it.each<[string, Reply, object]>([
    ['a bad parameter', refusal(400, 'PARAM_ERROR'), { outcome: 'declined', code: 'param_error' }],
    [
      'a parameter by its number',
      refusal(400, 'INVALID_REQUEST', '268435464'),
      { outcome: 'declined', code: 'param_error' },
    ],
    [
      'a parameter too many',
      refusal(400, 'PARAM_ERROR', '270924358'),
      { outcome: 'declined', code: 'param_error' },
    ],
    [
      'another app',
      refusal(400, 'APPID_MCHID_NOT_MATCH'),
      { outcome: 'declined', code: 'appid_mchid_not_match' },
    ],
    [
      'a wrong signature',
      refusal(401, 'SIGN_ERROR', '268443699'),
      { outcome: 'declined', code: 'sign_error' },
    ],
    ['no permission', refusal(403, 'NO_AUTH'), { outcome: 'declined', code: 'no_auth' }],
    ['a rule', refusal(403, 'RULE_LIMIT'), { outcome: 'declined', code: 'rule_limit' }],
    [
      'a disabled merchant',
      refusal(403, 'NO_AUTH', '268443715'),
      { outcome: 'declined', code: 'merchant_disabled' },
    ],
    [
      'a restricted merchant',
      refusal(403, 'RULE_LIMIT', '268448010'),
      { outcome: 'declined', code: 'merchant_restricted' },
    ],
    [
      'a closed order',
      refusal(400, 'INVALID_REQUEST', '268447914'),
      { outcome: 'declined', code: 'order_closed' },
    ],
    [
      'a missing openid',
      refusal(400, 'PARAM_ERROR', '268501013'),
      { outcome: 'declined', code: 'openid_missing' },
    ],
    [
      'a foreign order',
      refusal(400, 'INVALID_REQUEST', '268447843'),
      { outcome: 'declined', code: 'mchid_order_mismatch' },
    ],
    [
      'too many requests',
      refusal(429, 'FREQUENCY_LIMITED'),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'too many requests, by number',
      refusal(403, 'RULE_LIMIT', '268447840'),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a system error',
      refusal(500, 'SYSTEM_ERROR'),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a system error that sounds like a refusal',
      refusal(500, 'PARAM_ERROR', '268435461'),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    ['a bad gateway', refusal(502, ''), { outcome: 'unknown', reason: expect.stringMatching(/./) }],
    [
      'an unknown refusal',
      refusal(403, 'NEW_IN_2027', '1'),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'an unknown status',
      refusal(418, 'PARAM_ERRORS'),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a redirection',
      { status: 302, json: {} },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a signed refusal without words',
      { status: 400 },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a signed page',
      { status: 400, text: '<html>' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'no prepay_id',
      ok({ prepay_id: '' }),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a prepay_id that is no text',
      ok({ prepay_id: 5 }),
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    ['a list', ok([]), { outcome: 'unknown', reason: expect.stringMatching(/./) }],
    [
      'an empty answer',
      { status: 200 },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'an unsigned prepay_id',
      { ...PREPAY, proof: 'none' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'an unsigned refusal',
      { ...refusal(400, 'PARAM_ERROR'), proof: 'none' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a refusal signed by a stranger',
      { ...refusal(403, 'NO_AUTH'), proof: 'wrong_key' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'an altered answer',
      { ...PREPAY, proof: 'altered' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'an old answer',
      { ...PREPAY, proof: 'old' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a key not known',
      { ...PREPAY, proof: 'unknown_serial' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a nonce given twice',
      { ...PREPAY, proof: 'twice' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    [
      'a page of a firewall',
      { status: 403, text: '<html>blocked', proof: 'none' },
      { outcome: 'unknown', reason: expect.stringMatching(/./) },
    ],
    ['silence', 'silence', { outcome: 'unknown', reason: expect.stringMatching(/./) }],
    ['a closed connection', 'hang_up', { outcome: 'unknown', reason: expect.stringMatching(/./) }],
    ['drops without end', 'drip', { outcome: 'unknown', reason: expect.stringMatching(/./) }],
  ])('hears %s', async (_what, reply, expected) => {
    wechat.tell(reply)
    expect(await channel.charge(call, order)).toMatchObject(expected)
    expect(wechat.heard).toHaveLength(1)
  })

  it.each<[string, Reply, Reply, object]>([
    [
      'paid already',
      refusal(400, 'INVALID_REQUEST', '268449538'),
      ok(transaction()),
      { outcome: 'confirmed', move: paidMove },
    ],
    [
      'paid already, by its other number',
      refusal(403, 'RULE_LIMIT', '268498689'),
      ok(transaction()),
      { outcome: 'confirmed', move: paidMove },
    ],
    [
      'paid already, then silence',
      refusal(400, 'INVALID_REQUEST', '268449538'),
      'silence',
      { outcome: 'unknown' },
    ],
    [
      'paid already, then absent',
      refusal(400, 'INVALID_REQUEST', '268449538'),
      ABSENT,
      { outcome: 'unknown' },
    ],
    [
      'paid already, then unpaid',
      refusal(400, 'INVALID_REQUEST', '268449538'),
      ok(unpaid('NOTPAY')),
      { outcome: 'unknown' },
    ],
    [
      'other words before',
      refusal(400, 'INVALID_REQUEST', '268498688'),
      ok(transaction()),
      { outcome: 'confirmed', move: paidMove },
    ],
    [
      'other words before, unpaid',
      refusal(400, 'INVALID_REQUEST', '268498688'),
      ok(unpaid('NOTPAY')),
      { outcome: 'pending', payerAction: null },
    ],
    [
      'an invalid request of a closed order',
      refusal(400, 'INVALID_REQUEST'),
      ok(unpaid('CLOSED')),
      { outcome: 'declined', code: 'closed' },
    ],
    [
      'an invalid request that left no order',
      refusal(400, 'INVALID_REQUEST'),
      ABSENT,
      { outcome: 'declined', code: 'invalid_request' },
    ],
    [
      'a duplicate',
      refusal(409, 'DUPLICATE'),
      ok(unpaid('NOTPAY')),
      { outcome: 'pending', payerAction: null },
    ],
    [
      'a duplicate, then a page',
      refusal(409, 'DUPLICATE'),
      { status: 502, text: '<html>', proof: 'none' },
      { outcome: 'unknown' },
    ],
  ])('told of %s, asks the order itself', async (_what, first, second, expected) => {
    wechat.tell(first, second)
    expect(await channel.charge(call, order)).toMatchObject(expected)
    expect(wechat.heard.map((heard) => heard.method)).toEqual(['POST', 'GET'])
  })
})

function actionOf(answer: ChargeAnswer) {
  if (answer.outcome !== 'pending' || answer.payerAction?.kind !== 'wechat_jsapi') {
    throw new Error(`not to be paid in JSAPI: ${JSON.stringify(answer)}`)
  }
  return answer.payerAction
}
