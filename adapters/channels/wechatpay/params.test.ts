import { generateKeyPairSync } from 'node:crypto'

import { expect, it } from 'vitest'

import { AppError } from '../../../kernel/error.ts'
import { readWechatPayParams } from './params.ts'
import { merchant, paramsFor, platform, SERIAL } from './testing/gateway.ts'

const good = paramsFor('https://api.mch.weixin.qq.com')
const pem = (type: 'rsa' | 'ec') => {
  const keys =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 1_024 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

const barcode = { apiV2Key: 'k'.repeat(32), signType: 'HMAC-SHA256', merchantCertificatePem: null }

it('takes what it can work with', () => {
  expect(readWechatPayParams(good)).toEqual(good)
  const more = {
    ...good,
    baseUrl: 'http://127.0.0.1:8080',
    backupUrl: 'https://api2.mch.weixin.qq.com',
    methods: ['barcode', 'page', 'app'],
    mobileAppid: 'wx7777777777777777',
    barcode,
    platformKeys: [],
    platformCertificates: true,
  }
  expect(readWechatPayParams(more)).toEqual(more)
})

it.each([
  ['JSAPI', 'account'],
  ['NATIVE', 'qr_code'],
] as const)('reads what was stored before there were methods: %s', (tradeType, method) => {
  const { methods: _m, barcode: _b, mobileAppid: _a, platformCertificates: _c, ...older } = good
  expect(readWechatPayParams({ ...older, tradeType })).toEqual({ ...good, methods: [method] })
})

it.each<[string, unknown]>([
  ['/mchid', { ...good, mchid: '19000"0109' }],
  ['/appid', { ...good, appid: undefined }],
  ['/appid', { ...good, appid: '' }],
  ['/merchantSerial', { ...good, merchantSerial: 'a b' }],
  ['/merchantPrivateKeyPem', { ...good, merchantPrivateKeyPem: 'secret' }],
  ['/merchantPrivateKeyPem', { ...good, merchantPrivateKeyPem: merchant.publicKey }],
  ['/merchantPrivateKeyPem', { ...good, merchantPrivateKeyPem: pem('rsa') }],
  ['/merchantPrivateKeyPem', { ...good, merchantPrivateKeyPem: pem('ec') }],
  ['/apiV3Key', { ...good, apiV3Key: 'too short' }],
  ['/apiV3Key', { ...good, apiV3Key: '医'.repeat(32) }],
  ['/platformKeys', { ...good, platformKeys: [] }],
  ['/platformKeys/0/id', { ...good, platformKeys: [{ publicKeyPem: platform.publicKey }] }],
  ['/platformKeys/0/publicKeyPem', { ...good, platformKeys: [{ id: 'A', publicKeyPem: 'x' }] }],
  [
    '/platformKeys/2/id',
    {
      ...good,
      platformKeys: [...good.platformKeys, { id: SERIAL, publicKeyPem: platform.publicKey }],
    },
  ],
  ['/baseUrl', { ...good, baseUrl: 'api.mch.weixin.qq.com' }],
  ['/baseUrl', { ...good, baseUrl: 'https://api.mch.weixin.qq.com/v3' }],
  ['/baseUrl', { ...good, baseUrl: 'ftp://api.mch.weixin.qq.com' }],
  ['/backupUrl', { ...good, backupUrl: 'https://api2.mch.weixin.qq.com/' }],
  ['/backupUrl', { ...good, backupUrl: 5 }],
  ['/notifyUrl', { ...good, notifyUrl: 'https://hub.example/n?hospital=1' }],
  ['/notifyUrl', { ...good, notifyUrl: '/notices' }],
  ['/tradeType', { ...good, methods: undefined, tradeType: 'MICROPAY' }],
  ['/tradeType', { ...good, tradeType: 'JSAPI' }],
  ['/methods', { ...good, methods: undefined }],
  ['/methods', { ...good, methods: [] }],
  ['/methods', { ...good, methods: ['account', 'account'] }],
  ['/methods/0', { ...good, methods: ['card'] }],
  ['/barcode', { ...good, methods: ['barcode'] }],
  ['/barcode/apiV2Key', { ...good, methods: ['barcode'], barcode: { ...barcode, apiV2Key: 'x' } }],
  ['/barcode/merchantCertificatePem', { ...good, methods: ['barcode'], barcode }],
  [
    '/barcode/merchantCertificatePem',
    { ...good, methods: ['barcode'], barcode: { ...barcode, merchantCertificatePem: 'secret' } },
  ],
  ['/mchId', { ...good, mchId: '1900000109' }],
  ['/mchid', {}],
  ['', 'text'],
  ['', null],
])('names the field %s when it is wrong, and never its value', (field, value) => {
  let thrown: unknown
  try {
    readWechatPayParams(value)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(AppError)
  expect(thrown).toMatchObject({
    code: 'wechatpay.params_invalid',
    kind: 'invalid',
    params: { field },
  })
  expect(String(thrown)).not.toMatch(/secret|BEGIN|too short/)
})
