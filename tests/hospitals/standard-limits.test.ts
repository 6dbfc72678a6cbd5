import { afterEach, beforeEach, expect, it } from 'vitest'

import {
  call,
  send,
  signedHeaders,
  startTestHis,
  TestClock,
} from '../../apps/simulators/his/testing.ts'

// What §1.4 of docs/interface/hospital-standard.md says of numbers and sizes that are not as they should be.

const clock = new TestClock('2026-11-23T09:00:00+08:00')
let his: Awaited<ReturnType<typeof startTestHis>>
beforeEach(async () => {
  his = await startTestHis(clock)
})
afterEach(() => his.stop())

it.each([
  ['of 15 digits', '110101900307747'],
  ['with a small x', '11010119900307109x'],
  ['of 17 digits', '11010119900307109'],
])('[H1] an identity number %s is INVALID_REQUEST', async (_what, idCardNo) => {
  const { code } = await call(his, clock, 'patients.resolve', { idCardNo, name: '王' })
  expect(code).toBe('INVALID_REQUEST')
})

const PATH = '/yiqiao/v1/heartbeat'
const padded = (bytes: number) => Buffer.from(`{}${' '.repeat(bytes - 2)}`)

it.each([
  ['15 letters', '{}', 'a'.repeat(15), 'SIGNATURE_INVALID'],
  ['16 letters', '{}', 'a'.repeat(16), 'OK'],
])('[H1] a nonce of %s', async (_what, body, nonce, code) => {
  const { text } = await send(his, PATH, signedHeaders(clock, PATH, body, nonce), body)
  expect(JSON.parse(text)).toMatchObject({ code })
})

it.each([
  [1_048_576, 'OK'],
  [1_048_577, 'INVALID_REQUEST'],
])('[H1] a request of %i bytes', async (bytes, code) => {
  const body = padded(bytes)
  const { text } = await send(his, PATH, signedHeaders(clock, PATH, body), body)
  expect(JSON.parse(text)).toMatchObject({ code })
})
