import { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { testPlatform } from '../../../platform/testing/clock.ts'
import { createAlipay } from './index.ts'
import {
  ALIPAY_NO,
  app,
  APP_ID,
  BARCODE,
  barcodeOrder,
  BUYER_ID,
  chargeOrder,
  type Gateway,
  paramsFor,
  refusal,
  SELLER_ID,
  startGateway,
  stranger,
  success,
  trade,
  TRADE_NO,
  tracedCall,
  unpaid,
} from './testing/gateway.ts'

const { clock } = testPlatform()
const call = tracedCall()
let gateway: Gateway
beforeAll(async () => void (gateway = await startGateway()))
afterAll(() => gateway.stop())

const channel = (changes = {}) =>
  createAlipay(paramsFor(gateway.url, changes), { clock, timeoutMs: 2_000 })
const charge = (order = chargeOrder()) => channel().charge(call, order)
const query = (order = chargeOrder()) => channel().query(call, order)
const release = (order = chargeOrder()) => channel().release(call, order)
const asked = () => gateway.heard.map(({ method }) => method.replace('alipay.trade.', ''))

const COMMON = {
  out_trade_no: TRADE_NO,
  total_amount: '123.45',
  subject: '市第一医院 门诊缴费 MZ20261121001',
  seller_id: SELLER_ID,
  time_expire: '2026-11-21 10:15:00',
}

describe('a charge', () => {
  it('by the account of the payer makes a trade for them', async () => {
    gateway.tell(success({ out_trade_no: TRADE_NO, trade_no: ALIPAY_NO }))
    expect(await channel({ opAppId: '2021000000000009' }).charge(call, chargeOrder())).toEqual({
      outcome: 'pending',
      payerAction: { kind: 'alipay_trade', tradeNo: ALIPAY_NO },
    })
    expect(gateway.heard[0]).toMatchObject({
      method: 'alipay.trade.create',
      params: { notify_url: 'https://hub.example/notices/alipay/1' },
    })
    expect(gateway.heard[0]?.content).toEqual({
      ...COMMON,
      product_code: 'JSAPI_PAY',
      buyer_id: BUYER_ID,
      op_app_id: '2021000000000009',
    })
  })

  it('by our code gives the code', async () => {
    const qr_code = 'https://qr.alipay.com/bax03431ljhokirwl38f00a7'
    gateway.tell(success({ out_trade_no: TRADE_NO, qr_code }))
    expect(await charge(chargeOrder({ method: 'qr_code' }))).toEqual({
      outcome: 'pending',
      payerAction: { kind: 'qr_code', content: qr_code },
    })
    expect(gateway.heard[0]?.content).toEqual({ ...COMMON, product_code: 'FACE_TO_FACE_PAYMENT' })
  })

  it('by barcode tells of the money, or that the payer enters the password', async () => {
    const paid = { trade_no: ALIPAY_NO, out_trade_no: TRADE_NO, total_amount: '123.45' }
    gateway.tell(success({ ...paid, gmt_payment: '2026-11-21 10:00:09' }))
    expect(await charge(barcodeOrder())).toEqual({
      outcome: 'confirmed',
      move: {
        kind: 'charge',
        ourNo: TRADE_NO,
        providerNo: ALIPAY_NO,
        parts: [{ kind: 'self_pay', amountFen: 12_345 }],
        at: new Date('2026-11-21T10:00:09+08:00'),
      },
    })
    expect(gateway.heard[0]?.content).toEqual({
      ...COMMON,
      product_code: 'FACE_TO_FACE_PAYMENT',
      scene: 'bar_code',
      auth_code: BARCODE,
    })
    gateway.tell({ node: { code: '10003', out_trade_no: TRADE_NO } })
    expect(await charge(barcodeOrder())).toEqual({ outcome: 'pending', payerAction: null })
  })

  const signedParams = (text: string) => Object.fromEntries(new URLSearchParams(text))
  const reader = new AlipaySdk({
    appId: APP_ID,
    privateKey: stranger.privateKey,
    keyType: 'PKCS8',
    alipayPublicKey: app.publicKey,
  })

  it('by page gives an address that is signed as a whole, and asks nobody', async () => {
    gateway.tell()
    const returnUrl = 'https://pay.example/done?bill=1&x=中 文'
    const presence = { token: null, ip: null, returnUrl }
    const answer = await charge(chargeOrder({ method: 'page', presence }))
    const url = JSON.stringify(answer).match(/http[^"]+/)?.[0] ?? ''
    const params = signedParams(url.slice(url.indexOf('?') + 1))
    expect(url.startsWith(`${gateway.url}?`)).toBe(true)
    expect(reader.checkNotifySignV2(params)).toBe(true)
    expect(params).toMatchObject({ method: 'alipay.trade.wap.pay', return_url: returnUrl })
    expect(JSON.parse(params['biz_content'] ?? '')).toEqual({
      ...COMMON,
      product_code: 'QUICK_WAP_WAY',
      quit_url: returnUrl,
    })
    expect(gateway.heard).toEqual([])
  })

  it('in an app gives the signed text', async () => {
    gateway.tell()
    const answer = await charge(chargeOrder({ method: 'app' }))
    expect(answer).toMatchObject({ outcome: 'pending', payerAction: { kind: 'app' } })
    const text = JSON.stringify(answer).match(/"orderStr":"([^"]+)"/)?.[1] ?? ''
    expect(text).not.toContain('+')
    const params = signedParams(text)
    expect(reader.checkNotifySignV2(params)).toBe(true)
    expect(params).toMatchObject({ method: 'alipay.trade.app.pay' })
    expect(gateway.heard).toEqual([])
  })

  it('keeps out of the subject what Alipay refuses, and what would break its bill', async () => {
    gateway.tell(success({ out_trade_no: TRADE_NO, trade_no: ALIPAY_NO }))
    await charge(chargeOrder({ description: '药/费=1&2,"三"\n四' }))
    expect(gateway.heard[0]?.content).toMatchObject({ subject: '药 费 1 2 三 四' })
  })

  it('is declined without asking where nothing could come of it', async () => {
    gateway.tell()
    for (const [order, code] of [
      [chargeOrder({ payerAccount: null }), 'payer_account_missing'],
      [chargeOrder({ method: 'card' }), 'method_not_offered'],
      [
        { ...barcodeOrder(), presence: { token: '1', ip: null, returnUrl: null } },
        'auth_code_invalid',
      ],
    ] as const) {
      expect(await charge(order)).toMatchObject({ outcome: 'declined', code })
    }
    expect(gateway.heard).toEqual([])
  })

  it.each([
    ['40002', 'isv.invalid-signature', 'sign_error'],
    ['40002', 'isv.invalid-timestamp', 'param_error'],
    ['40001', 'isv.missing-method', 'param_missing'],
    ['40006', 'isv.insufficient-isv-permissions', 'no_permission'],
    ['20001', 'aop.invalid-app-auth-token', 'not_authorised'],
  ])('refused with %s %s is declined as %s', async (code, subCode, ours) => {
    gateway.tell(refusal(subCode, code))
    expect(await charge()).toMatchObject({ outcome: 'declined', code: ours })
    expect(asked()).toEqual(['create'])
  })

  it.each([
    ['ACQ.PAYMENT_AUTH_CODE_INVALID', 'auth_code_invalid'],
    ['ACQ.BUYER_BALANCE_NOT_ENOUGH', 'balance_not_enough'],
    ['ACQ.INVALID_PARAMETER', 'param_error'],
    ['ACQ.TRADE_HAS_CLOSE', 'order_closed'],
  ])('refused with %s is declined only when the query knows of no trade', async (subCode, ours) => {
    gateway.tell(refusal(subCode), refusal('ACQ.TRADE_NOT_EXIST'))
    expect(await charge(barcodeOrder())).toMatchObject({ outcome: 'declined', code: ours })
    expect(asked()).toEqual(['pay', 'query'])
    gateway.tell(refusal(subCode), trade())
    expect(await charge(barcodeOrder())).toMatchObject({ outcome: 'confirmed' })
    gateway.tell(refusal(subCode), { status: 502 })
    expect(await charge(barcodeOrder())).toMatchObject({ outcome: 'unknown' })
  })

  it.each([
    ['20000', 'isp.unknow-error'],
    ['40004', 'ACQ.SYSTEM_ERROR'],
    ['40004', 'AQC.SYSTEM_ERROR'],
    ['40004', 'ACQ.NEVER_HEARD_OF'],
    ['10000', ''],
    ['10003', ''],
    ['99999', ''],
    ['', ''],
  ])('answered with %s %s is unknown', async (code, subCode) => {
    gateway.tell(refusal(subCode, code))
    expect(await charge()).toMatchObject({ outcome: 'unknown' })
  })

  it.each([
    { out_trade_no: 'ANOTHER', trade_no: ALIPAY_NO },
    { out_trade_no: TRADE_NO },
    { out_trade_no: TRADE_NO, trade_no: 7 },
  ])('answered with %o cannot be read', async (node) => {
    gateway.tell(success(node))
    expect(await charge()).toMatchObject({ outcome: 'unknown' })
  })
})

describe('the query', () => {
  it.each([
    ['WAIT_BUYER_PAY', { outcome: 'pending', payerAction: null }],
    ['TRADE_CLOSED', { outcome: 'declined', code: 'closed' }],
    ['TRADE_OF_TOMORROW', { outcome: 'unknown' }],
  ])('of a trade nobody paid, %s', async (status, expected) => {
    gateway.tell(unpaid(status))
    expect(await query()).toMatchObject(expected)
  })

  it.each(['TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'])(
    'of a paid one, %s',
    async (status) => {
      gateway.tell(trade({ trade_status: status }))
      expect(await query()).toMatchObject({
        outcome: 'confirmed',
        move: { at: new Date('2026-11-21T10:02:03+08:00'), parts: [{ amountFen: 12_345 }] },
      })
    },
  )

  it.each([
    { out_trade_no: 'ANOTHER' },
    { trade_no: '' },
    { total_amount: '1e2' },
    { total_amount: '0.00' },
    { total_amount: '1.234' },
    { total_amount: undefined },
    { send_pay_date: undefined },
    { send_pay_date: '2026-02-30 10:00:00' },
    { send_pay_date: '2026-11-21 24:00:00' },
    { trade_status: 'TRADE_CLOSED', send_pay_date: undefined },
  ])('of a trade with %o is unknown', async (changes) => {
    gateway.tell(trade(changes))
    expect(await query()).toMatchObject({ outcome: 'unknown' })
  })

  it('says that there is none only by the one code for it', async () => {
    gateway.tell(refusal('ACQ.TRADE_NOT_EXIST'))
    expect(await query()).toEqual({ outcome: 'absent' })
    for (const [code, subCode] of [
      ['40002', 'isv.invalid-signature'],
      ['40004', 'ACQ.INVALID_PARAMETER'],
      ['20000', 'ACQ.TRADE_NOT_EXIST'],
    ]) {
      gateway.tell(refusal(subCode ?? '', code))
      expect(await query()).toMatchObject({ outcome: 'unknown' })
    }
  })

  it('of a closed barcode asks whether it was cancelled, and believes no silence', async () => {
    const closed = trade({ trade_status: 'TRADE_CLOSED' })
    gateway.tell(closed, success({ out_trade_no: TRADE_NO, refund_status: 'REFUND_SUCCESS' }))
    expect(await query(barcodeOrder())).toMatchObject({ outcome: 'declined', code: 'revoked' })
    expect(gateway.heard[1]?.content).toMatchObject({ out_request_no: TRADE_NO })
    gateway.tell(closed, success({ out_trade_no: TRADE_NO }))
    expect(await query(barcodeOrder())).toMatchObject({ outcome: 'confirmed' })
    gateway.tell(closed, { status: 502 })
    expect(await query(barcodeOrder())).toMatchObject({ outcome: 'unknown' })
    gateway.tell(closed, refusal('ACQ.SYSTEM_ERROR'))
    expect(await query(barcodeOrder())).toMatchObject({ outcome: 'unknown' })
  })
})

describe('the release', () => {
  const notThere = refusal('ACQ.TRADE_NOT_EXIST')
  const cancelled = (retry_flag: string, action?: string) =>
    success({ out_trade_no: TRADE_NO, retry_flag, action })

  it('closes what waits in the mini-program', async () => {
    for (const reply of [success({ out_trade_no: TRADE_NO }), notThere]) {
      gateway.tell(reply)
      expect(await release()).toEqual({ outcome: 'released' })
      expect(asked()).toEqual(['close'])
    }
  })

  it.each(['ACQ.TRADE_STATUS_ERROR', 'ACQ.REASON_TRADE_STATUS_INVALID'])(
    'that is refused with %s is decided by the query',
    async (subCode) => {
      for (const [found, outcome] of [
        [trade(), 'confirmed'],
        [unpaid('TRADE_CLOSED'), 'released'],
        [unpaid('WAIT_BUYER_PAY'), 'unknown'],
        [notThere, 'unknown'],
        [{ status: 502 }, 'unknown'],
      ] as const) {
        gateway.tell(refusal(subCode), found)
        expect(await release()).toMatchObject({ outcome })
      }
    },
  )

  it('of a paid barcode cancels nothing', async () => {
    gateway.tell(trade())
    expect(await release(barcodeOrder())).toMatchObject({ outcome: 'confirmed' })
    expect(asked()).toEqual(['query'])
  })

  it('of a barcode cancels, thrice at most by retry_flag', async () => {
    gateway.tell(notThere, cancelled('Y'), cancelled('Y'), cancelled('N', 'close'))
    expect(await release(barcodeOrder())).toEqual({ outcome: 'released' })
    gateway.tell(unpaid('WAIT_BUYER_PAY'), cancelled('Y'), cancelled('Y'), cancelled('Y'))
    expect(await release(barcodeOrder())).toMatchObject({ outcome: 'unknown' })
    expect(asked()).toEqual(['query', 'cancel', 'cancel', 'cancel'])
  })

  it('by a cancelling that cannot be read, or is refused, is not one', async () => {
    for (const reply of [
      success({ out_trade_no: TRADE_NO }),
      success({ out_trade_no: 'ANOTHER', retry_flag: 'N' }),
      success({ out_trade_no: TRADE_NO, retry_flag: 'M' }),
      refusal('ACQ.SYSTEM_ERROR'),
      refusal('ACQ.REASON_TRADE_BEEN_FREEZEN'),
    ]) {
      gateway.tell(notThere, reply)
      expect(await release(barcodeOrder())).toMatchObject({ outcome: 'unknown' })
    }
  })

  it.each(['qr_code', 'page', 'app'] as const)('of a %s nobody opened waits', async (method) => {
    gateway.tell(notThere)
    expect(await release(chargeOrder({ method }))).toMatchObject({ outcome: 'unknown' })
    gateway.tell(notThere)
    const expired = chargeOrder({ method, expiresAt: clock.now() })
    expect(await release(expired)).toEqual({ outcome: 'released' })
  })
})
