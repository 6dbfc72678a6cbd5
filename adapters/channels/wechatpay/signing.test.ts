import { createPrivateKey, createPublicKey, verify } from 'node:crypto'

import { describe, expect, it } from 'vitest'
import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin'

import { authorizationOf, appParams, jsapiParams, openResource, proofOf } from './signing.ts'
import {
  API_V3_KEY,
  merchant,
  MERCHANT_SERIAL,
  platform,
  SERIAL,
  signatureHeaders,
} from './testing/gateway.ts'

const NONCE = '593BEC0C930BF1AFEB40B4A08C8FB242'
const AT = new Date(1_611_368_330_999) // whole seconds are signed, rounded down
const account = {
  mchid: '1230000109',
  appid: 'wx8888888888888888',
  merchantSerial: MERCHANT_SERIAL,
  merchantKey: createPrivateKey(merchant.privateKey),
}

const fieldsOf = (authorization: string) =>
  Object.fromEntries(
    [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  )

describe('a request', () => {
  it.each([
    [
      'GET' as const,
      '/v3/certificates?a=1&b=%E5%8C%BB',
      '',
      `GET\n/v3/certificates?a=1&b=%E5%8C%BB\n1611368330\n${NONCE}\n\n`,
    ],
    [
      'POST' as const,
      '/v3/pay/transactions/jsapi',
      '{"description":"门诊缴费"}',
      `POST\n/v3/pay/transactions/jsapi\n1611368330\n${NONCE}\n{"description":"门诊缴费"}\n`,
    ],
  ])('is signed in five lines: %s %s', (method, path, body, lines) => {
    const authorization = authorizationOf(account, { method, path, body }, AT, NONCE)
    const fields = fieldsOf(authorization)

    expect(authorization).toMatch(/^WECHATPAY2-SHA256-RSA2048 /)
    expect(fields).toMatchObject({
      mchid: '1230000109',
      nonce_str: NONCE,
      timestamp: '1611368330',
      serial_no: MERCHANT_SERIAL,
    })
    const signature = Buffer.from(fields.signature ?? '', 'base64')
    expect(verify('RSA-SHA256', Buffer.from(lines), merchant.publicKey, signature)).toBe(true)
    // PKCS#1 v1.5 is deterministic, so another implementation makes the very same signature.
    expect(Formatter.request(method, path, '1611368330', NONCE, body)).toBe(lines)
    expect(fields.signature).toBe(Rsa.sign(lines, merchant.privateKey))
  })
})

it('the payer’s device is handed four signed lines', () => {
  const params = jsapiParams(account, 'wx201410272009395522657a690389285100', AT, NONCE)
  const prepay = 'prepay_id=wx201410272009395522657a690389285100'
  const lines = `wx8888888888888888\n1611368330\n${NONCE}\n${prepay}\n`
  expect(params).toEqual({
    appId: 'wx8888888888888888',
    timeStamp: '1611368330',
    nonceStr: NONCE,
    package: prepay,
    signType: 'RSA',
    paySign: Rsa.sign(lines, merchant.privateKey),
  })
})

it('an app is handed the bare number, signed', () => {
  const params = appParams(account, 'wx7777777777777777', 'wx2014', AT, NONCE)
  const lines = `wx7777777777777777\n1611368330\n${NONCE}\nwx2014\n`
  expect(params).toEqual({
    appId: 'wx7777777777777777',
    partnerId: account.mchid,
    prepayId: 'wx2014',
    packageValue: 'Sign=WXPay',
    nonceStr: NONCE,
    timeStamp: '1611368330',
    sign: Rsa.sign(lines, merchant.privateKey),
  })
})

describe('proofOf', () => {
  const known = createPublicKey(platform.publicKey)
  const keys = { keyOf: (serial: string) => (serial === SERIAL ? known : null) }
  const body = '{"description":"门诊缴费"}'
  const proof = (headers: object, now = AT, text = body) =>
    proofOf(keys, headers as Record<string, string>, Buffer.from(text), now)
  const good = signatureHeaders(body, AT)

  it('takes the bytes that were signed, and an empty body', () => {
    expect(proof(good)).toEqual({ proven: true })
    expect(proof(signatureHeaders('', AT), AT, '')).toEqual({ proven: true })
  })

  it.each([
    ['five minutes later', 300_000, true],
    ['five minutes and a second later', 301_000, false],
    ['five minutes before it was made', -300_000, true],
    ['six minutes before it was made', -360_000, false],
  ])('%s', (_when, ms, proven) => {
    const made = new Date(1_611_368_330_000)
    const answer = proof(signatureHeaders(body, made), new Date(made.getTime() + ms))
    expect(answer.proven).toBe(proven)
    expect(answer).toMatchObject(proven ? {} : { code: 'timestamp' })
  })

  it.each([
    ['no signature', { ...good, 'wechatpay-signature': undefined }],
    ['no serial', { ...good, 'wechatpay-serial': undefined }],
    ['no nonce', { ...good, 'wechatpay-nonce': '' }],
    [
      'a signature given twice',
      { ...good, 'wechatpay-signature': [good['wechatpay-signature'], 'x'] },
    ],
    ['another nonce', { ...good, 'wechatpay-nonce': 'x' }],
    ['another timestamp', { ...good, 'wechatpay-timestamp': '1611368331' }],
    ['a timestamp that is no number', { ...good, 'wechatpay-timestamp': 'soon' }],
    ['an unknown key', { ...good, 'wechatpay-serial': 'PUB_KEY_ID_2' }],
    ['a signature that is no base64', { ...good, 'wechatpay-signature': '***' }],
  ])('refuses %s', (_what, headers) => {
    expect(proof(headers)).toMatchObject({ proven: false, code: 'signature' })
  })

  it('refuses any other byte', () => {
    expect(proof(good, AT, `${body} `)).toMatchObject({ proven: false, code: 'signature' })
  })

  it('a signed timestamp that is no number is of no moment', () => {
    const signature = Rsa.sign(Formatter.response('soon', 'n', body), platform.privateKey)
    const headers = { ...good, 'wechatpay-timestamp': 'soon', 'wechatpay-nonce': 'n' }
    expect(proof({ ...headers, 'wechatpay-signature': signature })).toMatchObject({
      proven: false,
      code: 'timestamp',
    })
  })
})

describe('openResource', () => {
  const nonce = 'fdasfjihihih'
  const seal = (text: string, aad: string, key = API_V3_KEY) =>
    Aes.AesGcm.encrypt(text, key, nonce, aad)

  it.each(['transaction', ''])('opens what another implementation sealed, beside "%s"', (aad) => {
    const sealed = { nonce, associated_data: aad, ciphertext: seal('{"a":"医"}', aad) }
    expect(openResource(API_V3_KEY, sealed)).toBe('{"a":"医"}')
  })

  it.each([
    ['another key', { ciphertext: seal('x', 'transaction', 'x'.repeat(32)) }],
    ['another associated_data', { associated_data: 'refund' }],
    ['another nonce', { nonce: 'fdasfjihihiH' }],
    ['a nonce of another length', { nonce: 'short' }],
    ['a text too short for its tag', { ciphertext: 'AAAA' }],
    ['an empty text', { ciphertext: '' }],
  ])('does not open %s', (_what, changes) => {
    const sealed = { nonce, associated_data: 'transaction', ciphertext: seal('x', 'transaction') }
    expect(openResource(API_V3_KEY, { ...sealed, ...changes })).toBe(null)
  })
})
