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

it('takes what it can work with', () => {
  expect(readWechatPayParams(good)).toEqual(good)
  const withBackup = { ...good, backupUrl: 'https://api2.mch.weixin.qq.com', tradeType: 'NATIVE' }
  expect(readWechatPayParams(withBackup)).toEqual(withBackup)
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
  ['/tradeType', { ...good, tradeType: 'MICROPAY' }],
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
