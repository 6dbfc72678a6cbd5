import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HisSimulator } from '../../index.ts'
import { startHis } from '../../index.ts'
import {
  assertSignedAnswer,
  call,
  hospitalPair,
  newDatabaseFile,
  send,
  signedHeaders,
  startTestHis,
  TestClock,
  testOptions,
} from '../../testing.ts'

const clock = new TestClock()
let his: HisSimulator
beforeAll(async () => {
  his = await startTestHis(clock)
})
afterAll(() => his.stop())

const PATH = '/yiqiao/v1/heartbeat'
const BODY = '{}'

/** Sends with some headers changed or taken away, and returns the answer's code. */
async function codeFor(
  changes: Record<string, string | null>,
  { path = PATH, body = BODY }: { path?: string; body?: string } = {},
) {
  const signed = signedHeaders(clock, PATH, BODY)
  const headers = Object.entries({ ...signed, ...changes }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  )
  const response = await send(his, path, Object.fromEntries(headers), body)
  expect(response.status).toBe(200)
  const nonce = changes['x-yiqiao-nonce'] ?? signed['x-yiqiao-nonce']
  assertSignedAnswer(response, /^[A-Za-z0-9]{16,64}$/.test(nonce) ? nonce : '')
  return JSON.parse(response.text).code as string
}

describe('a request', () => {
  it('is believed when its signature is right, and the answer is signed', async () => {
    expect(await call(his, clock, 'heartbeat', {})).toEqual({
      code: 'OK',
      message: '',
      data: { at: '2026-11-21T09:00:00+08:00' },
    })
  })

  it.each([
    ['another key id', { 'x-yiqiao-key-id': 'hospital-1' }],
    ['no key id', { 'x-yiqiao-key-id': null }],
    ['no timestamp', { 'x-yiqiao-timestamp': null }],
    ['a timestamp in words', { 'x-yiqiao-timestamp': 'now' }],
    ['a nonce too short', { 'x-yiqiao-nonce': 'abc' }],
    ['a nonce too long', { 'x-yiqiao-nonce': 'a'.repeat(65) }],
    ['a nonce with signs', { 'x-yiqiao-nonce': 'abcdefgh-ijklmnop' }],
    ['another nonce than was signed', { 'x-yiqiao-nonce': 'b'.repeat(32) }],
    ['no signature', { 'x-yiqiao-signature': null }],
    ['a signature that is not base64', { 'x-yiqiao-signature': '%%%' }],
    ['the signature of something else', { 'x-yiqiao-signature': `${'A'.repeat(342)}==` }],
  ])('is not believed with %s', async (_name, changes) => {
    expect(await codeFor(changes)).toBe('SIGNATURE_INVALID')
  })

  it('is not believed with another body or path than was signed', async () => {
    expect(await codeFor({}, { body: '{ }' })).toBe('SIGNATURE_INVALID')
    expect(await codeFor({}, { path: '/yiqiao/v1/departments.list' })).toBe('SIGNATURE_INVALID')
    expect(await codeFor({}, { path: `${PATH}?a=1` })).toBe('SIGNATURE_INVALID')
  })

  it.each([
    [-301, 'SIGNATURE_INVALID'],
    [-300, 'OK'],
    [300, 'OK'],
    [301, 'SIGNATURE_INVALID'],
  ])('signed %i s from now is answered %s', async (seconds, code) => {
    const sender = new TestClock(new Date(clock.now().getTime() + seconds * 1000).toISOString())
    const response = await send(his, PATH, signedHeaders(sender, PATH, BODY), BODY)
    expect(JSON.parse(response.text).code).toBe(code)
  })

  it('is refused the second time with the same nonce, also after a restart', async () => {
    const databaseFile = newDatabaseFile()
    const first = await startTestHis(clock, { databaseFile })
    const headers = signedHeaders(clock, PATH, BODY, 'n'.repeat(16))
    expect(JSON.parse((await send(first, PATH, headers, BODY)).text).code).toBe('OK')
    expect(JSON.parse((await send(first, PATH, headers, BODY)).text).code).toBe('REPLAYED')
    const again = signedHeaders(clock, PATH, BODY, 'n'.repeat(16))
    expect(JSON.parse((await send(first, PATH, again, BODY)).text).code).toBe('REPLAYED')
    await first.stop()
    const second = await startTestHis(clock, { databaseFile })
    expect(JSON.parse((await send(second, PATH, headers, BODY)).text).code).toBe('REPLAYED')
    await second.stop()
  })

  it('does not use up its nonce when it is not believed', async () => {
    const nonce = 'f'.repeat(32)
    expect(await codeFor({ 'x-yiqiao-nonce': nonce })).toBe('SIGNATURE_INVALID')
    const response = await send(his, PATH, signedHeaders(clock, PATH, BODY, nonce), BODY)
    expect(JSON.parse(response.text).code).toBe('OK')
  })

  it('cannot be replayed at any moment at which its timestamp is believed', async () => {
    const at = new TestClock()
    const mine = await startTestHis(at)
    const ahead = new TestClock('2026-11-21T09:05:00+08:00')
    const headers = signedHeaders(ahead, PATH, BODY)
    const codes: string[] = []
    for (const moment of ['09:00:00', '09:05:00', '09:09:59', '09:10:00', '09:10:01']) {
      at.set(`2026-11-21T${moment}+08:00`)
      await call(mine, at, 'heartbeat', {}) // any other call makes it forget what is old
      codes.push(JSON.parse((await send(mine, PATH, headers, BODY)).text).code)
    }
    expect(codes).toEqual(['OK', 'REPLAYED', 'REPLAYED', 'REPLAYED', 'SIGNATURE_INVALID'])
    await mine.stop()
  })
})

describe('a body', () => {
  const answerTo = async (operation: string, body: Buffer | string) => {
    const path = `/yiqiao/v1/${operation}`
    const response = await send(his, path, signedHeaders(clock, path, body), body)
    return JSON.parse(response.text) as { code: string; message: string }
  }

  it.each([
    ['not JSON', 'heartbeat', '{', 'not JSON in UTF-8'],
    ['empty', 'heartbeat', '', 'not JSON in UTF-8'],
    ['not UTF-8', 'heartbeat', Buffer.from([0x22, 0xff, 0x22]), 'not JSON in UTF-8'],
    ['not an object', 'heartbeat', '[]', 'must be object'],
    ['with an unknown field', 'heartbeat', '{"a":1}', 'a'],
    ['with a field missing', 'bills.get', '{}', 'billNo'],
    ['with a field of another type', 'bills.get', '{"billNo":1}', 'billNo must be string'],
    ['for no operation', 'bills.pay', '{}', 'no operation'],
    ['for an operation by query', 'heartbeat?a=1', '{}', 'no operation'],
    ['for what every object has', 'toString', '{}', 'no operation'],
  ])('that is %s is refused, and the message says so', async (_name, operation, body, says) => {
    const { code, message } = await answerTo(operation, body)
    expect(code).toBe('INVALID_REQUEST')
    expect(message).toContain(says)
  })

  it('of 1 MB is read, and one byte more is refused', async () => {
    const padded = (bytes: number) => `{}${' '.repeat(bytes - 2)}`
    expect((await answerTo('heartbeat', padded(1_048_576))).code).toBe('OK')
    const { code, message } = await answerTo('heartbeat', padded(1_048_577))
    expect([code, message]).toEqual(['INVALID_REQUEST', 'the body is over 1048576 bytes'])
  })

  it('of more than 8 MB is cut off', async () => {
    const body = Buffer.alloc(9 * 1_048_576, 32)
    await expect(send(his, PATH, signedHeaders(clock, PATH, body), body)).rejects.toThrow(
      /closed|reset|EPIPE/i,
    )
  })
})

it('answers POST only, and nothing but the panel beside the interface', async () => {
  expect((await fetch(`${his.url}${PATH}`)).status).toBe(405)
  expect((await fetch(`${his.url}/elsewhere`)).status).toBe(404)
})

it('asserts on keys that are not RSA of 2048 bits', async () => {
  const options = testOptions(clock)
  const keys = { ...options.keys, hubPublicKeyPem: EC_PUBLIC_KEY }
  await expect(startHis({ ...options, keys })).rejects.toThrow('RSA of 2048 bits')
  expect(hospitalPair.publicKey).toContain('BEGIN PUBLIC KEY')
})

const EC_PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt
6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
-----END PUBLIC KEY-----`
