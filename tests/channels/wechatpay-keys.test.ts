import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, describe, expect, it } from 'vitest'

import { addMs, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import type { ChargeOrder } from '../../modules/payments/index.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { describeChannel } from './describe-channel.ts'
import { type BenchOptions, openWechatBench, type WechatBench } from './wechatpay-bench.ts'

// By which key WeChat signs, when it changes over, and when clocks differ.

const folder = mkdtempSync(join(tmpdir(), 'wechat-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Certificate = { privateKeyPem: string; certificatePem: string; validFrom: Date }

function makeCertificate(name: string, days: number): Certificate {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  const to = ['-keyout', key, '-out', certificate, '-days', String(days), '-subj', `/CN=${name}`]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...to]
  execFileSync('openssl', made, { stdio: 'pipe' })
  const certificatePem = readFileSync(certificate, 'utf8')
  const validFrom = new Date(new X509Certificate(certificatePem).validFrom)
  return { privateKeyPem: readFileSync(key, 'utf8'), certificatePem, validFrom }
}

// The first ends a day after it began, the second has ten.
const first = makeCertificate('first', 1)
const second = makeCertificate('second', 10)
const begin = addMs(second.validFrom, MINUTE_MS)

/** A contract that fetches its keys; the second certificate is offered and used so many hours after the beginning. */
const byCertificate = (offered = 1_000, used = offered): BenchOptions => ({
  start: begin,
  platform: {
    privateKeyPem: first.privateKeyPem,
    certificatePem: first.certificatePem,
    signAs: 'certificate',
    next: {
      ...second,
      offeredFrom: addMs(begin, offered * HOUR_MS),
      usedFrom: addMs(begin, used * HOUR_MS),
    },
  },
  params: { platformKeys: [], platformCertificates: true },
})

let bench: WechatBench
afterEach(() => bench?.close())

function calling() {
  const exchanges: Exchange[] = []
  return {
    exchanges,
    operations: () => exchanges.map((exchange) => exchange.operation),
    call: (order: ChargeOrder) => ({
      hospitalId: order.hospitalId,
      trace: (exchange: Exchange) => void exchanges.push(exchange),
    }),
  }
}

const charge = (order = bench.newOrder(), { call } = calling()) =>
  bench.channel.charge(call(order), order)

describeChannel('WeChat Pay with platform certificates', () =>
  openWechatBench('account', {
    ...byCertificate(),
    platform: { ...second, signAs: 'certificate' },
  }),
)

describe('platform certificates', () => {
  it('are fetched before the first question, and not before the next', async () => {
    bench = await openWechatBench('account', byCertificate())
    const said = calling()
    const order = bench.newOrder()
    expect((await charge(order, said)).outcome).toBe('pending')
    await bench.channel.query(said.call(order), order)
    expect(said.operations()).toEqual([
      'GET /v3/certificates',
      'POST /v3/pay/transactions/jsapi',
      'GET /v3/pay/transactions/out-trade-no/{out_trade_no}',
    ])
    expect(said.exchanges[0]).toMatchObject({ outcome: 'fetched', response: '1 keys' })
  })

  it('are fetched once for questions that come together', async () => {
    bench = await openWechatBench('account', byCertificate())
    const said = calling()
    const orders = [bench.newOrder(), bench.newOrder(), bench.newOrder()]
    const answers = await Promise.all(orders.map((order) => charge(order, said)))
    expect(answers.map((answer) => answer.outcome)).toEqual(Array(3).fill('pending'))
    expect(said.operations().filter((name) => name.includes('certificates'))).toHaveLength(1)
  })

  it('F-37: change over without a gap: both hold while both are offered', async () => {
    bench = await openWechatBench('account', byCertificate(2, 14))
    for (const _hour of Array(16).keys()) {
      expect((await charge()).outcome).toBe('pending')
      await bench.pass(HOUR_MS)
    }
  })

  it('that change at once leave one answer unknown, and none refused', async () => {
    bench = await openWechatBench('account', byCertificate(2))
    expect((await charge()).outcome).toBe('pending')
    await bench.pass(2 * HOUR_MS)
    const order = bench.newOrder()
    expect(await charge(order)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('is not known'),
    })
    const said = calling()
    expect((await charge(order, said)).outcome).toBe('pending')
    expect(said.operations()[0]).toBe('GET /v3/certificates')
  })

  it('F-37: that are not known yet make a notice refused, until they are fetched', async () => {
    bench = await openWechatBench('account', byCertificate(2))
    const order = bench.newOrder({ expiresAt: addMs(bench.clock.now(), 3 * HOUR_MS) })
    const answer = await charge(order)
    if (answer.outcome !== 'pending') throw new Error(answer.outcome)
    await bench.pass(2 * HOUR_MS)
    await bench.pay?.(order, answer.payerAction)
    const [notice] = (await bench.notices?.()) ?? []
    if (notice === undefined) throw new Error('there is a notice')
    expect(bench.channel.readNotice(notice)).toEqual({ outcome: 'refused', code: 'signature' })

    const said = calling()
    const found = await bench.channel.query(said.call(order), order)
    expect(found.outcome).toBe('confirmed')
    expect(said.operations()[0]).toBe('GET /v3/certificates')
    expect(bench.channel.readNotice(notice)).toMatchObject({ outcome: 'read' })
  })

  it('that have ended prove nothing any more', async () => {
    bench = await openWechatBench('account', byCertificate())
    expect((await charge()).outcome).toBe('pending')
    await bench.pass(25 * HOUR_MS)
    const said = calling()
    expect((await charge(bench.newOrder(), said)).outcome).toBe('unknown')
    expect(said.exchanges.map((exchange) => exchange.outcome)).toEqual(['unknown', 'unknown'])
  })

  it('that do not open with our key are not taken', async () => {
    bench = await openWechatBench('account', {
      ...byCertificate(),
      params: {
        platformKeys: [],
        platformCertificates: true,
        apiV3Key: 'some-other-key-of-32-letters-000',
      },
    })
    const said = calling()
    expect((await charge(bench.newOrder(), said)).outcome).toBe('unknown')
    expect(said.exchanges[0]).toMatchObject({
      operation: 'GET /v3/certificates',
      outcome: 'unknown',
    })
  })
})

it('S-25: a signature probe is refused like any wrong signature', async () => {
  bench = await openWechatBench('account')
  const order = bench.newOrder()
  const answer = await charge(order)
  if (answer.outcome !== 'pending') throw new Error(answer.outcome)
  await bench.pay?.(order, answer.payerAction)
  const [notice] = (await bench.notices?.()) ?? []
  if (notice === undefined) throw new Error('there is a notice')
  const signature = String(notice.headers['wechatpay-signature'])
  const probe = `WECHATPAY/SIGNTEST/${signature}`
  const headers = { ...notice.headers, 'wechatpay-signature': probe }
  expect(bench.channel.readNotice({ ...notice, headers })).toEqual({
    outcome: 'refused',
    code: 'signature',
  })
})

describe('clocks that differ', () => {
  it.each([-4, 4])('by %i minutes do no harm', async (minutes) => {
    bench = await openWechatBench('account', { skewMs: minutes * MINUTE_MS })
    expect((await charge()).outcome).toBe('pending')
  })

  it.each([-6, 6])('by %i minutes leave all unknown, and say by how much', async (minutes) => {
    bench = await openWechatBench('account', { skewMs: minutes * MINUTE_MS })
    const order = bench.newOrder()
    const { call } = calling()
    const answers = [
      await bench.channel.charge(call(order), order),
      await bench.channel.query(call(order), order),
      await bench.channel.release(call(order), order),
    ]
    for (const answer of answers) {
      expect(answer).toMatchObject({
        outcome: 'unknown',
        reason: expect.stringContaining(`by our clock ${minutes * 60} s old`),
      })
    }
  })
})
