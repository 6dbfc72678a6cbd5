// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'

import { idempotencyKeyOf, underKey } from './idempotency-key.ts'

beforeEach(() => sessionStorage.clear())

const problem = (status: number, code: string) => ({ status, code, instance: 'r1' })

async function keysOf(...outcomes: unknown[]): Promise<(string | undefined)[]> {
  const keys: string[] = []
  for (const outcome of outcomes) {
    const sent = underKey('pay', (key) => {
      keys.push(key)
      return outcome === 'ok' ? Promise.resolve() : Promise.reject(outcome)
    })
    await sent.catch(() => undefined)
  }
  return keys
}

it.each([
  ['no answer', new TypeError('fetch')],
  ['a time-out', new DOMException('late', 'TimeoutError')],
  ['a fault of the server', problem(500, 'http.failed')],
  ['an outside system that is away', problem(503, 'billing.hospital_unavailable')],
  ['the first one still running', problem(409, 'http.idempotency_key_running')],
])('after %s the same key is sent again', async (_what, error) => {
  const [first, second] = await keysOf(error, 'ok')
  expect(second).toBe(first)
})

it.each([
  ['an answer', 'ok'],
  ['a refusal', problem(409, 'payments.plan_changed')],
])('after %s the next wish has a key of its own', async (_what, outcome) => {
  const [first, second] = await keysOf(outcome, 'ok')
  expect(second).not.toBe(first)
})

it('a key is there before anything is sent, and each wish has another', () => {
  const key = idempotencyKeyOf('confirm:1')
  expect(idempotencyKeyOf('confirm:1')).toBe(key)
  expect(idempotencyKeyOf('confirm:2')).not.toBe(key)
  expect(key).toMatch(/^[0-9a-f]{32}$/)
})
