import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Channel } from '../../../modules/payments/index.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createWechatPay } from './index.ts'
import { paramsFor } from './testing/gateway.ts'
import { chargeOrder, tracedCall, TRADE_NO } from './testing/orders.ts'
import { API_V2_KEY, startV2Gateway, type V2Answer, type V2Gateway } from './testing/v2-gateway.ts'

const { clock, random } = testPlatform('2026-11-21T10:01:00+08:00')
const CODE = '134567890123456789'
const order = chargeOrder({
  method: 'barcode',
  payerAccount: null,
  presence: { token: CODE, ip: '203.0.113.7', returnUrl: null },
})
const call = tracedCall()
let wechat: V2Gateway
let channel: Channel

const channelBy = (signType: 'MD5' | 'HMAC-SHA256') =>
  createWechatPay(
    paramsFor(wechat.baseUrl, {
      methods: ['barcode'],
      barcode: { apiV2Key: API_V2_KEY, signType, merchantCertificatePem: null },
    }),
    { clock, random, timeoutMs: 400 },
  )

beforeAll(async () => {
  wechat = await startV2Gateway()
  channel = channelBy('HMAC-SHA256')
})
afterAll(() => wechat.stop())
beforeEach(() => {
  wechat.heard.length = 0
  call.exchanges.length = 0
})

const paid = (changes: Record<string, string> = {}): V2Answer => ({
  fields: {
    result_code: 'SUCCESS',
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    trade_type: 'MICROPAY',
    trade_state: 'SUCCESS',
    total_fee: '12345',
    fee_type: 'CNY',
    transaction_id: '4200000109202611220000000001',
    out_trade_no: TRADE_NO,
    time_end: '20261121100203',
    ...changes,
  },
})
const refused = (code: string, more: Record<string, string> = {}): V2Answer => ({
  fields: { result_code: 'FAIL', err_code: code, err_code_des: '说明', ...more },
})
const ABSENT = refused('ORDERNOTEXIST')
const DONE: V2Answer = { fields: { result_code: 'SUCCESS', recall: 'N' } }

it.each(['MD5', 'HMAC-SHA256'] as const)('is asked in signed XML, by %s', async (signType) => {
  wechat.tell({ ...paid(), signType })
  expect(await channelBy(signType).charge(call, order)).toEqual({
    outcome: 'confirmed',
    move: {
      kind: 'charge',
      ourNo: TRADE_NO,
      providerNo: '4200000109202611220000000001',
      parts: [{ kind: 'self_pay', amountFen: 12_345 }],
      at: new Date('2026-11-21T10:02:03+08:00'),
    },
  })
  expect(wechat.heard).toMatchObject([
    {
      path: '/pay/micropay',
      isSigned: true,
      fields: {
        appid: 'wx8888888888888888',
        mch_id: '1900000109',
        sign_type: signType,
        body: '市第一医院 门诊缴费 MZ20261121001',
        out_trade_no: TRADE_NO,
        total_fee: '12345',
        auth_code: CODE,
        spbill_create_ip: '203.0.113.7',
      },
    },
  ])
  const told = JSON.stringify(call.exchanges)
  expect(told).not.toMatch(/134567890123456789|MuAJO_M2pxb1|"sign\\":\\"[0-9A-F]{32}/)
})

it('carries what means something in XML', async () => {
  wechat.tell(paid())
  const description = '<b>&amp; ]]> "甲"'
  await channel.charge(call, { ...order, description })
  expect(wechat.heard[0]).toMatchObject({ isSigned: true, fields: { body: description } })
})

describe('what is no proven answer is unknown', () => {
  it.each<[string, V2Answer]>([
    ['HTTP 500', { status: 500, text: '' }],
    ['HTML', { text: '<html><body>Bad Gateway</body></html>' }],
    ['JSON', { text: '{"result_code":"SUCCESS"}' }],
    ['XML that ends early', { text: '<xml><return_code>SUCCESS</return_code>' }],
    [
      'an entity',
      { text: '<!DOCTYPE xml [<!ENTITY x "y">]><xml><return_code>&x;</return_code></xml>' },
    ],
    ['a field within a field', { text: '<xml><return_code><a>SUCCESS</a></return_code></xml>' }],
    [
      'return_code FAIL',
      { text: '<xml><return_code>FAIL</return_code><return_msg>签名错误</return_msg></xml>' },
    ],
    ['another key', { ...paid(), key: 'x'.repeat(32) }],
    ['another kind of signature', { ...paid(), signType: 'MD5' }],
    ['another merchant', paid({ mch_id: '1900000208' })],
    ['another appid', paid({ appid: 'wx1' })],
    ['another order', paid({ out_trade_no: 'T' })],
    ['another currency', paid({ fee_type: 'USD' })],
    ['no amount', paid({ total_fee: '' })],
    ['an amount that is none', paid({ total_fee: '12.3' })],
    ['no moment', paid({ time_end: '20261321100203' })],
    ['a result that is none', paid({ result_code: 'MAYBE' })],
  ])('%s', async (_what, answer) => {
    for (const verb of ['charge', 'query', 'release'] as const) {
      wechat.tell(answer)
      expect(await channel[verb](call, order)).toMatchObject({ outcome: 'unknown' })
    }
  })
})

describe('a refusal', () => {
  it.each([
    ['AUTHCODEEXPIRE', 'auth_code_expired'],
    ['AUTH_CODE_ERROR', 'auth_code_invalid'],
    ['NOTENOUGH', 'payer_not_enough'],
    ['NOTSUPORTCARD', 'card_not_supported'],
    ['ORDERREVERSED', 'revoked'],
    ['PARAM_ERROR', 'param_error'],
  ])('%s is declined', async (code, ours) => {
    wechat.tell(refused(code))
    expect(await channel.charge(call, order)).toEqual({
      outcome: 'declined',
      code: ours,
      reason: `${code} 说明`,
    })
  })

  it.each(['SYSTEMERROR', 'BANKERROR', 'SOMETHING_NEW', ''])('%s decides nothing', async (code) => {
    wechat.tell(refused(code))
    expect((await channel.charge(call, order)).outcome).toBe('unknown')
  })

  it('USERPAYING is the payer’s turn', async () => {
    wechat.tell(refused('USERPAYING'))
    expect(await channel.charge(call, order)).toEqual({ outcome: 'pending', payerAction: null })
  })

  it('ORDERPAID is money, or unknown', async () => {
    wechat.tell(refused('ORDERPAID'), paid())
    expect((await channel.charge(call, order)).outcome).toBe('confirmed')
    wechat.tell(refused('ORDERPAID'), ABSENT)
    expect((await channel.charge(call, order)).outcome).toBe('unknown')
  })

  it.each(['OUT_TRADE_NO_USED', 'INVALID_REQUEST', 'TRADE_ERROR'])(
    '%s is decided by the query',
    async (code) => {
      wechat.tell(refused(code), paid())
      expect((await channel.charge(call, order)).outcome).toBe('confirmed')
      wechat.tell(refused(code), ABSENT)
      expect((await channel.charge(call, order)).outcome).toBe('declined')
      wechat.tell(refused(code), refused('SYSTEMERROR'))
      expect((await channel.charge(call, order)).outcome).toBe('unknown')
    },
  )
})

describe('a release', () => {
  it('leaves money where it is', async () => {
    wechat.tell(paid())
    expect((await channel.release(call, order)).outcome).toBe('confirmed')
    expect(wechat.heard).toHaveLength(1)
  })

  it.each(['USERPAYING', 'NOTPAY', 'PAYERROR'])('reverses what is %s', async (trade_state) => {
    wechat.tell(paid({ trade_state }), DONE)
    expect(await channel.release(call, order)).toEqual({ outcome: 'released' })
    expect(wechat.heard[1]).toMatchObject({ path: '/secapi/pay/reverse', isSigned: true })
  })

  it.each(['REVOKED', 'CLOSED'])('has nothing to do for what is %s', async (trade_state) => {
    wechat.tell(paid({ trade_state }))
    expect(await channel.release(call, order)).toEqual({ outcome: 'released' })
    expect(wechat.heard).toHaveLength(1)
  })

  it('is to be asked for again when WeChat says so', async () => {
    wechat.tell(ABSENT, { fields: { result_code: 'SUCCESS', recall: 'Y' } })
    expect((await channel.release(call, order)).outcome).toBe('unknown')
    wechat.tell(ABSENT, refused('SYSTEMERROR', { recall: 'Y' }))
    expect((await channel.release(call, order)).outcome).toBe('unknown')
  })

  it.each(['TRADE_ERROR', 'INVALID_REQUEST', 'ORDERNOTEXIST', 'REVERSE_EXPIRE'])(
    'that is refused with %s is decided by the query',
    async (code) => {
      wechat.tell(ABSENT, refused(code), ABSENT)
      expect((await channel.release(call, order)).outcome).toBe('released')
      wechat.tell(ABSENT, refused(code), paid())
      expect((await channel.release(call, order)).outcome).toBe('confirmed')
      wechat.tell(ABSENT, refused(code), paid({ trade_state: 'USERPAYING' }))
      expect((await channel.release(call, order)).outcome).toBe('unknown')
    },
  )
})
