import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { addMs } from '../../../kernel/time.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createWechatPay } from './index.ts'
import { type Gateway, paramsFor, startGateway } from './testing/gateway.ts'
import {
  chargeOrder,
  OPENID,
  refundObject,
  refundOrder,
  tracedCall,
  TRADE_NO,
  transaction,
} from './testing/orders.ts'

const { clock, random } = testPlatform()
const deps = { clock, random, timeoutMs: 400 }
let wechat: Gateway
let nobody: string // an address where no one listens
const call = tracedCall()

beforeAll(async () => {
  wechat = await startGateway(clock)
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  nobody = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise((done) => server.close(done))
})
afterAll(() => wechat.stop())
beforeEach(() => {
  wechat.heard.length = 0
  call.exchanges.length = 0
})

describe('the backup host', () => {
  it('is asked in the same words when the first refuses the connection', async () => {
    const channel = createWechatPay(paramsFor(nobody, { backupUrl: wechat.baseUrl }), deps)
    const direct = createWechatPay(paramsFor(wechat.baseUrl), deps)
    const prepay = { status: 200, json: { prepay_id: 'wx1' } }
    wechat.tell(prepay, prepay)

    expect((await channel.charge(call, chargeOrder())).outcome).toBe('pending')
    expect(call.exchanges.map((exchange) => exchange.outcome)).toEqual(['unknown', 'pending'])
    expect(call.exchanges[0]?.response).toContain('ECONNREFUSED')
    await direct.charge(call, chargeOrder())
    expect(wechat.heard[0]).toEqual(wechat.heard[1])
    expect(wechat.heard[0]?.signed).toBe(true)
  })

  it('is asked when the first has no address', async () => {
    const base = 'http://no-such-host.invalid'
    const channel = createWechatPay(paramsFor(base, { backupUrl: wechat.baseUrl }), deps)
    wechat.tell({ status: 200, json: transaction() })
    expect((await channel.query(call, chargeOrder())).outcome).toBe('confirmed')
  })

  it.each(['silence', 'hang_up', 'drip'] as const)(
    'is not asked when the first may have heard: %s',
    async (reply) => {
      const backup = await startGateway(clock)
      const channel = createWechatPay(
        paramsFor(wechat.baseUrl, { backupUrl: backup.baseUrl }),
        deps,
      )
      wechat.tell(reply)
      expect((await channel.refund(call, refundOrder())).outcome).toBe('unknown')
      expect(backup.heard).toEqual([])
      await backup.stop()
    },
  )

  it('is not asked when the first refuses', async () => {
    const channel = createWechatPay(paramsFor(wechat.baseUrl, { backupUrl: nobody }), deps)
    wechat.tell({ status: 500, json: { code: 'SYSTEM_ERROR' } })
    await channel.query(call, chargeOrder())
    expect(call.exchanges).toHaveLength(1)
  })

  it('is asked once: with nobody at either, nothing is known', async () => {
    const channel = createWechatPay(paramsFor(nobody, { backupUrl: nobody }), deps)
    const answer = await channel.release(call, chargeOrder())
    expect(answer).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('ECONNREFUSED'),
    })
    expect(call.exchanges).toHaveLength(2)
  })
})

it('an answer past two megabytes is not read', async () => {
  const channel = createWechatPay(paramsFor(wechat.baseUrl), deps)
  const padded = { ...transaction(), padding: 'x'.repeat(2 * 1024 * 1024) }
  wechat.tell({ status: 200, json: padded })
  expect(await channel.query(call, chargeOrder())).toEqual({
    outcome: 'unknown',
    reason: 'more than 2097152 bytes',
  })
})

it('gives up at its deadline, however the host keeps the line open', async () => {
  const channel = createWechatPay(paramsFor(wechat.baseUrl), deps)
  wechat.tell('drip')
  const began = process.uptime()
  expect((await channel.query(call, chargeOrder())).outcome).toBe('unknown')
  expect(process.uptime() - began).toBeLessThan(3)
})

it('survives what is nested deeper than the stack', async () => {
  const channel = createWechatPay(paramsFor(wechat.baseUrl), deps)
  for (const proof of ['own', 'none'] as const) {
    wechat.tell({ status: 200, text: `${'['.repeat(200_000)}${']'.repeat(200_000)}`, proof })
    expect((await channel.query(call, chargeOrder())).outcome).toBe('unknown')
  }
})

describe('the trace', () => {
  const channelAt = () => createWechatPay(paramsFor(wechat.baseUrl), deps)

  it('tells what was said in the protocol’s own words', async () => {
    wechat.tell({ status: 200, json: { prepay_id: 'wx2110' } })
    await channelAt().charge(call, chargeOrder())
    expect(call.exchanges).toEqual([
      {
        system: 'wechat',
        operation: 'POST /v3/pay/transactions/jsapi',
        direction: 'out',
        request: (wechat.heard[0]?.body ?? '').replace(OPENID, 'oUpF***'),
        response: '{"prepay_id":"wx2110"}',
        outcome: 'pending',
        startedAt: clock.now(),
        durationMs: 0,
      },
    ])
  })

  it('names each operation without its numbers', async () => {
    const channel = channelAt()
    wechat.tell()
    await channel.query(call, chargeOrder())
    await channel.release(call, chargeOrder())
    await channel.refund(call, refundOrder())
    await channel.queryRefund(call, refundOrder())
    expect(call.exchanges.map((exchange) => exchange.operation)).toEqual([
      'GET /v3/pay/transactions/out-trade-no/{out_trade_no}',
      'POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close',
      'POST /v3/refund/domestic/refunds',
      'GET /v3/refund/domestic/refunds/{out_refund_no}',
    ])
    expect(call.exchanges[0]?.request).toBe(
      `/v3/pay/transactions/out-trade-no/${TRADE_NO}?mchid=1900000109`,
    )
    expect(call.exchanges.map((exchange) => exchange.outcome)).toEqual(Array(4).fill('unknown'))
  })

  it('shows no account, card or signature, whatever WeChat repeats', async () => {
    const channel = channelAt()
    const echo = { field: '/payer/openid', value: OPENID, issue: `openid ${OPENID} invalid` }
    wechat.tell(
      { status: 400, json: { code: 'PARAM_ERROR', message: `${OPENID}?`, detail: echo } },
      { status: 200, json: transaction() },
      { status: 200, json: refundObject() },
      { status: 200, text: `<p>${OPENID}</p>`, proof: 'none' },
    )
    const refused = await channel.charge(call, chargeOrder())
    await channel.query(call, chargeOrder())
    await channel.refund(call, refundOrder())
    await channel.query(call, chargeOrder())

    expect(refused).toMatchObject({ reason: 'HTTP 400 PARAM_ERROR oUpF***?' })
    const told = JSON.stringify(call.exchanges)
    expect(told).not.toContain(OPENID)
    expect(told).not.toMatch(/招商|Authorization|WECHATPAY2|signature"|PRIVATE/)
    expect(told).toContain('oUpF***')
  })

  it('says why an answer was not believed, and keeps the number of a refusal', async () => {
    const channel = channelAt()
    wechat.tell(
      { status: 200, json: transaction(), proof: 'wrong_key' },
      { status: 404, json: { code: 'ORDER_NOT_EXIST' }, requestId: 'A-B-268512771' },
    )
    await channel.query(call, chargeOrder())
    await channel.query(call, chargeOrder())
    expect(call.exchanges[0]).toMatchObject({
      outcome: 'unknown',
      response: expect.stringMatching(/^HTTP 200: its signature is wrong \{/),
    })
    expect(call.exchanges[1]).toMatchObject({
      outcome: 'absent',
      response: 'HTTP 404 A-B-268512771 {"code":"ORDER_NOT_EXIST"}',
    })
  })

  it('measures by the clock', async () => {
    let reads = 0
    const start = clock.now()
    const ticking = { now: () => addMs(start, reads++ * 10) }
    const channel = createWechatPay(paramsFor(wechat.baseUrl), { ...deps, clock: ticking })
    wechat.tell({ status: 200, json: transaction() })
    await channel.query(call, chargeOrder())
    expect(call.exchanges[0]?.durationMs).toBeGreaterThan(0)
  })
})
