import { describe, expect, it } from 'vitest'

import { hisNonceOf, readStandardHisParams, verifyHisRequest } from './index.ts'
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
