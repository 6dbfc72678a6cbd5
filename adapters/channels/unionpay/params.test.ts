import { beforeAll, describe, expect, it } from 'vitest'

import { AppError } from '../../../kernel/error.ts'
import { readUnionPayParams, type UnionPayParams } from './params.ts'
import { paramsFor } from './testing/gateway.ts'
import { type Keys, makeKeys } from './testing/keys.ts'

let keys: Keys
let good: UnionPayParams
beforeAll(() => {
  keys = makeKeys()
  good = paramsFor('https://gateway.95516.com', keys)
})

const errorOf = (value: unknown) => {
  try {
    readUnionPayParams(value)
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('it was accepted')
}

describe('params', () => {
  it('are read as they are', () => {
    expect(readUnionPayParams(structuredClone(good))).toEqual(good)
    const shared = {
      ...good,
      signing: { method: '12', secureKey: '12345678' },
      trustedCertificatePems: [],
      signerNames: [],
    }
    expect(readUnionPayParams(shared)).toEqual(shared)
  })

  it.each<[string, () => object]>([
    ['/merId', () => ({ merId: '123' })],
    ['/methods', () => ({ methods: [] })],
    ['/methods', () => ({ methods: ['page', 'page'] })],
    ['/gatewayUrl', () => ({ gatewayUrl: 'https://gateway.95516.com/gateway' })],
    ['/fileUrl', () => ({ fileUrl: 'ftp://filedownload.95516.com' })],
    ['/backUrl', () => ({ backUrl: 'https://hub.example/n?a=1' })],
    ['/backUrl', () => ({ backUrl: 'https://u:p@hub.example/n' })],
    ['/frontUrl', () => ({ frontUrl: 'javascript:alert(1)' })],
    ['/settlementCutOff', () => ({ settlementCutOff: '24:00:00' })],
    ['/trustedCertificatePems', () => ({ trustedCertificatePems: [keys.middle.certificatePem] })],
    ['/trustedCertificatePems/0', () => ({ trustedCertificatePems: ['none'] })],
    ['/signerNames', () => ({ signerNames: [] })],
    ['/signing/privateKeyPem', () => ({ signing: { ...good.signing, privateKeyPem: 'none' } })],
    [
      '/signing/certificatePem',
      () => ({ signing: { ...good.signing, certificatePem: keys.signer.certificatePem } }),
    ],
  ])('are refused for %s', (field, changes) => {
    const error = errorOf({ ...good, ...changes() })
    expect(error.code).toBe('unionpay.params_invalid')
    expect(error.params['field']).toBe(field)
    expect(error.message).not.toContain('PRIVATE KEY')
  })

  it('are refused when one is missing or not known', () => {
    const { merId: _merId, ...without } = good
    expect(errorOf(without).params).toEqual({ field: '/merId', reason: 'is missing' })
    expect(errorOf({ ...good, more: 1 }).params['reason']).toBeDefined()
    expect(errorOf(null).code).toBe('unionpay.params_invalid')
  })
})
