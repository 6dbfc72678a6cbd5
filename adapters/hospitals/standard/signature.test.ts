import { createHash } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import { describe, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import { hisNonceOf, readStandardHisParams, verifyHisRequest } from './index.ts'
import { keysOf } from './params.ts'
import { keyPair, requestHeaders } from './testing/loopback-his.ts'

const hub = keyPair()
const hospital = keyPair()
const params = {
  baseUrl: 'https://his.example',
  hubKeyId: 'hub-1',
  hubPrivateKeyPem: hub.privatePem,
  hospitalKeyId: 'hospital-1',
  hospitalPublicKeyPem: hospital.publicPem,
}

const now = new Date('2026-11-21T10:00:00+08:00')
const seconds = now.getTime() / 1_000
const body = '{"requestNo":"Q1"}'
const request = {
  method: 'POST',
  path: '/v1/hospitals/1/his/refund-requests',
  body,
  timestamp: String(seconds),
  nonce: 'abcdefABCDEF0123',
}
const received = (headers: Record<string, string | string[] | undefined>) => ({
  method: request.method,
  path: request.path,
  headers,
  rawBody: Buffer.from(body),
  now,
})

describe('verifyHisRequest', () => {
  const headers = requestHeaders(request, hospital.privatePem)

  it('believes what the hospital signed now', () => {
    expect(verifyHisRequest(params, received(headers))).toBe('ok')
    expect(hisNonceOf(headers)).toBe(request.nonce)
  })

  it.each([
    ['method', { method: 'PUT' }],
    ['path', { path: `${request.path}?x=1` }],
    ['body', { rawBody: Buffer.from('{"requestNo":"Q2"}') }],
    ['timestamp', { headers: { ...headers, 'x-yiqiao-timestamp': String(seconds + 1) } }],
    ['nonce', { headers: { ...headers, 'x-yiqiao-nonce': 'abcdefABCDEF0124' } }],
    ['key name', { headers: { ...headers, 'x-yiqiao-key-id': 'hospital-2' } }],
    ['signature', { headers: { ...headers, 'x-yiqiao-signature': 'AAAA' } }],
    ['missing signature', { headers: { ...headers, 'x-yiqiao-signature': undefined } }],
    ['doubled signature', { headers: { ...headers, 'x-yiqiao-signature': ['a', 'b'] } }],
    ['key', { headers: requestHeaders(request, hub.privatePem) }],
  ])('does not believe another %s', (_what, change) => {
    expect(verifyHisRequest(params, { ...received(headers), ...change })).toBe('signature')
  })

  it.each(['short', 'with-hyphens-0123', 'a'.repeat(65)])('wants no nonce like %s', (nonce) => {
    const odd = requestHeaders({ ...request, nonce }, hospital.privatePem)
    expect(verifyHisRequest(params, received(odd))).toBe('signature')
    expect(hisNonceOf(odd)).toBeNull()
  })

  it.each([
    [-301, 'timestamp'],
    [-300, 'ok'],
    [300, 'ok'],
    [301, 'timestamp'],
  ])('takes a timestamp %i s off for %s', (offset, verdict) => {
    const timestamp = String(seconds + offset)
    const old = requestHeaders({ ...request, timestamp }, hospital.privatePem)
    expect(verifyHisRequest(params, received(old))).toBe(verdict)
  })
})

describe('readStandardHisParams', () => {
  it('takes what is right', () => {
    expect(readStandardHisParams({ ...params })).toEqual(params)
  })

  it.each<[string, unknown, string]>([
    ['nothing', null, 'params'],
    ['a missing field', { ...params, hubKeyId: undefined }, 'hubKeyId'],
    ['an unknown field', { ...params, port: 1 }, 'port'],
    ['an address that is none', { ...params, baseUrl: 'his.example' }, 'baseUrl'],
    ['another protocol', { ...params, baseUrl: 'file:///etc' }, 'baseUrl'],
    ['an address with a password', { ...params, baseUrl: 'http://a:b@his.example' }, 'baseUrl'],
    ['a key that is none', { ...params, hubPrivateKeyPem: 'x' }, 'hubPrivateKeyPem'],
    [
      'a key that is too short',
      { ...params, hospitalPublicKeyPem: keyPair(1_024).publicPem },
      'hospitalPublicKeyPem',
    ],
  ])('names the field for %s', (_what, value, field) => {
    expect(() => readStandardHisParams(value)).toThrow(
      expect.objectContaining({
        code: 'hospitals.connection_params_invalid',
        params: expect.objectContaining({ field }),
      }),
    )
  })
})

describe('with SM2', () => {
  const hub = sm2.generateKeyPairHex()
  const hospital = sm2.generateKeyPairHex()
  const params = readStandardHisParams({
    baseUrl: 'https://his.example',
    hubKeyId: 'hub-1',
    hospitalKeyId: 'hospital-1',
    hubSm2PrivateKey: hub.privateKey,
    hospitalSm2PublicKey: hospital.publicKey,
  })
  const sent = {
    method: 'POST',
    path: '/v1/x',
    body: '{}',
    timestamp: '1795226400',
    nonce: '0123456789abcdef',
  }
  const headersBy = (privateKey: string) => {
    const hash = createHash('sha256').update(sent.body).digest('hex')
    const text = `${sent.method}\n${sent.path}\n${sent.timestamp}\n${sent.nonce}\n${hash}\n`
    const hex = sm2.doSignature(Buffer.from(text), privateKey, { hash: true })
    return {
      'x-yiqiao-key-id': 'hospital-1',
      'x-yiqiao-timestamp': sent.timestamp,
      'x-yiqiao-nonce': sent.nonce,
      'x-yiqiao-signature': Buffer.from(hex, 'hex').toString('base64'),
    }
  }
  const verdictOf = (privateKey: string) =>
    verifyHisRequest(params, {
      ...sent,
      headers: headersBy(privateKey),
      rawBody: Buffer.from(sent.body),
      now: new Date(1_795_226_400_000),
    })

  it('[H1] a request of the hospital is believed, and nobody else’s', () => {
    expect(verdictOf(hospital.privateKey)).toBe('ok')
    expect(verdictOf(hub.privateKey)).toBe('signature')
  })

  it('ours is right by their library', () => {
    const text = Buffer.from('anything')
    const signature = keysOf(params).sign(text, seededRandom('sm2'))
    const hex = Buffer.from(signature, 'base64').toString('hex')
    expect(sm2.doVerifySignature(text, hex, hub.publicKey, { hash: true })).toBe(true)
  })

  it.each([
    ['hubSm2PrivateKey', { hubSm2PrivateKey: 'xyz' }],
    ['hospitalSm2PublicKey', { hospitalSm2PublicKey: `04${'11'.repeat(64)}` }],
  ])('a key that is none is refused by the name of its field: %s', (field, change) => {
    expect(() => readStandardHisParams({ ...params, ...change })).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ field }) as unknown }) as Error,
    )
  })
})
