import { generateKeyPairSync } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { AppError } from '../../../kernel/error.ts'
import { readAlipayParams } from './index.ts'
import { app, paramsFor } from './testing/gateway.ts'

const GOOD = paramsFor('https://openapi.alipay.com/gateway.do')
const smallKey = generateKeyPairSync('rsa', {
  modulusLength: 1_024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

it('takes what is whole', () => {
  expect(readAlipayParams(GOOD)).toEqual(GOOD)
  const encrypted = { ...GOOD, contentKey: 'aa4BtZ4tspm2wnXLb1ThQA==' }
  expect(readAlipayParams(encrypted)).toEqual(encrypted)
})

describe('names the field that is wrong, and never its value', () => {
  it.each<[string, unknown, string]>([
    ['appId', 'wx8888888888888888', '/appId'],
    ['appId', undefined, '/appId'],
    ['sellerId', '1900000109', '/sellerId'],
    ['appPrivateKeyPem', 'SECRET', '/appPrivateKeyPem'],
    ['appPrivateKeyPem', smallKey.privateKey, '/appPrivateKeyPem'],
    ['alipayPublicKeyPem', 'SECRET', '/alipayPublicKeyPem'],
    ['alipayPublicKeyPem', smallKey.publicKey, '/alipayPublicKeyPem'],
    ['alipayPublicKeyPem', null, '/certificates'],
    [
      'certificates',
      { appCertPem: 'SECRET', alipayCertPems: ['x'], rootCertsPem: 'x' },
      '/certificates',
    ],
    ['certificates', { appCertPem: 'SECRET' }, '/certificates/alipayCertPems'],
    ['contentKey', 'SECRETSECRETSECRETSECRET', '/contentKey'],
    ['contentKey', 'short', '/contentKey'],
    ['gatewayUrl', 'openapi.alipay.com', '/gatewayUrl'],
    ['gatewayUrl', 'https://openapi.alipay.com/gateway.do?x=1', '/gatewayUrl'],
    ['notifyUrl', 'ftp://hub.example', '/notifyUrl'],
    ['notifyUrl', 'https://user:SECRET@hub.example', '/notifyUrl'],
    ['methods', [], '/methods'],
    ['methods', ['app', 'app'], '/methods'],
    ['methods', ['card'], '/methods/0'],
    ['payerAccount', 'openid', '/payerAccount'],
    ['more', 'SECRET', '/more'],
  ])('%s', (field, value, pointer) => {
    const params = { ...GOOD, [field]: value }
    if (value === undefined) delete (params as Record<string, unknown>)[field]
    const error = caught(() => readAlipayParams(params))
    expect(error.code).toBe('alipay.params_invalid')
    expect(error.params['field']).toBe(pointer)
    expect(JSON.stringify(error.params)).not.toContain('SECRET')
  })
})

it('refuses certificates that are none', () => {
  const certificates = {
    appCertPem: app.publicKey,
    alipayCertPems: [app.publicKey],
    rootCertsPem: 'x',
  }
  const error = caught(() => readAlipayParams({ ...GOOD, alipayPublicKeyPem: null, certificates }))
  expect(error.params['field']).toBe('/certificates/appCertPem')
})

function caught(read: () => unknown): AppError {
  try {
    read()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was taken')
}
