import { connect } from 'node:net'

import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { MCHID, startTestBed, type TestBed } from './testing/bed.ts'

let bed: TestBed
beforeEach(async () => {
  bed = await startTestBed()
})
afterEach(() => bed.stop())

const JSAPI = '/v3/pay/transactions/jsapi'

it('refuses two megabytes', async () => {
  const body = JSON.stringify(bed.order({ attach: 'x'.repeat(2_000_000) }))
  const answer = await bed.merchant.send('POST', JSAPI, body)
  expect(answer).toMatchObject({ status: 413, isSigned: true, json: { code: 'PARAM_ERROR' } })
  expect((await bed.merchant.post(JSAPI, bed.order())).status).toBe(200)
})

it.each([
  ['deep arrays', '['.repeat(200_000) + ']'.repeat(200_000)],
  ['a deep amount', `{"amount":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ['a deep object', `${'{"amount":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ['no JSON', 'amount=1'],
  ['half of it', '{"amount":'],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '7'],
  ['a list', '[]'],
  ['a prototype', '{"__proto__":{"appid":"x"}}'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
])('refuses %s', async (_what, body) => {
  const answer = await bed.merchant.send('POST', JSAPI, body)
  expect(answer).toMatchObject({ status: 400, isSigned: true, json: { code: 'PARAM_ERROR' } })
})

it.each(['__proto__', 'constructor', 'toString'])('knows no parameter %s', async (name) => {
  const body = JSON.stringify(bed.order()).replace('{', `{"${name}":{},`)
  const answer = await bed.merchant.send('POST', JSAPI, body)
  expect(answer).toMatchObject({ status: 400, numericCode: 270924358 })
})

it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
  'refuses the content type %s',
  async (type) => {
    const body = JSON.stringify(bed.order())
    const answer = await bed.merchant.send('POST', JSAPI, body, { 'content-type': type ?? '' })
    expect(answer).toMatchObject({ status: 415, isSigned: true })
    expect(bed.simulator.orders()).toEqual([])
  },
)

it('wants Accept and User-Agent', async () => {
  const target = `/v3/pay/transactions/out-trade-no/MZ000001?mchid=${MCHID}`
  for (const [field, change] of [
    ['Accept', { accept: 'text/html' }],
    ['User-Agent', { 'user-agent': '' }],
  ] as const) {
    const answer = await bed.merchant.send('GET', target, '', change as Record<string, string>)
    expect(answer).toMatchObject({ status: 400, json: { detail: { field } } })
  }
})

it.each([
  '/v3/pay/transactions/app',
  '/v3/pay/transactions/out-trade-no/',
  '/v3/pay/transactions/out-trade-no/%zz?mchid=1',
  `/v3/pay/transactions/out-trade-no/${'x'.repeat(5_000)}?mchid=${MCHID}`,
  '/',
  '/v3/../etc/passwd',
])('answers %s with an error', async (target) => {
  const answer = await bed.merchant.get(target)
  expect([400, 404]).toContain(answer.status)
  expect(answer.isSigned).toBe(true)
})

it('never fails inside for any order that is JSON', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(
        {
          description: fc.oneof(fc.string(), fc.jsonValue()),
          out_trade_no: fc.oneof(fc.string(), fc.jsonValue()),
          notify_url: fc.oneof(fc.webUrl(), fc.jsonValue()),
          amount: fc.oneof(fc.record({ total: fc.integer() }), fc.jsonValue()),
          payer: fc.jsonValue(),
          time_expire: fc.oneof(fc.string(), fc.jsonValue()),
          detail: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
      async (overrides) => {
        const answer = await bed.merchant.post(JSAPI, bed.order(overrides))
        expect(answer.status).toBeLessThan(500)
        expect(answer.isSigned).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
})

it('outlives a client that sends rubbish and leaves', async () => {
  const { port } = new URL(bed.simulator.url)
  await new Promise<void>((done) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.end('POST /v3 HTTP/1.1\r\nContent-Length: 100\r\nrubbish\r\n\r\nhalf')
    })
    socket.on('close', () => done()).on('error', () => done())
    socket.resume()
  })
  expect((await bed.merchant.post(JSAPI, bed.order())).status).toBe(200)
})
