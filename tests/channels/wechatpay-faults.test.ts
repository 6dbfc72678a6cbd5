import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, expect, it } from 'vitest'

import { createWechatPay } from '../../adapters/channels/wechatpay/index.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import type { RefundOrder } from '../../modules/payments/index.ts'
import { OPENID, openWechatBench, type WechatBench } from './wechatpay-bench.ts'

// The rows of the reliability plan that are WeChat's, by their numbers. F-37 is told at length in wechatpay-keys.test.ts,
// F-59 in wechatpay-abnormal.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'wechat-faults-'))
afterAll(() => rmSync(folder, { recursive: true }))
let bench: WechatBench
afterEach(() => bench?.close())
const call = { hospitalId: 1 as never, trace: () => {} }

async function paidOrder() {
  const order = bench.newOrder()
  const answer = await bench.channel.charge(call, order)
  if (answer.outcome !== 'pending') throw new Error(JSON.stringify(answer))
  await bench.pay?.(order, answer.payerAction)
  return order
}

it('F-22 a notice for another merchant is refused, though WeChat made it', async () => {
  bench = await openWechatBench('account')
  const notices = await bench.foreignNotices?.()
  expect(notices?.length).toBeGreaterThan(0)
  for (const notice of notices ?? []) {
    expect(bench.channel.readNotice(notice)).toMatchObject({ outcome: 'refused' })
  }
})

it('F-22 a notice of our merchant about another app is refused', async () => {
  bench = await openWechatBench('account')
  await paidOrder()
  const [notice] = await bench.inbox()
  const params = { ...bench.params, appid: 'wx6666666666666666', mobileAppid: null }
  const channel = createWechatPay(params, bench.deps)
  if (notice === undefined) throw new Error('there is a notice')
  expect(channel.readNotice(notice)).toEqual({ outcome: 'refused', code: 'foreign' })
})

it('F-23 a probe that WeChat itself sends is refused, and the true notice after it is read', async () => {
  bench = await openWechatBench('account', {
    noticeFault: ({ attempt }) => (attempt === 1 ? { kind: 'garble' } : null),
  })
  const order = await paidOrder()
  await bench.inbox()
  await bench.pass(15 * SECOND_MS)
  const [probe, notice] = await bench.inbox()
  if (probe === undefined || notice === undefined) throw new Error('there are two')
  expect(String(probe.headers['wechatpay-signature'])).toMatch(/^WECHATPAY\/SIGNTEST\//)
  expect(bench.channel.readNotice(probe)).toEqual({ outcome: 'refused', code: 'signature' })
  expect(bench.channel.readNotice(notice)).toMatchObject({
    about: { kind: 'charge', tradeNo: order.tradeNo },
  })
})

it('F-37 the certificates of 国密 are fetched by their own name and opened by SM4-GCM', async () => {
  const [key, certificate] = [join(folder, 'sm2.key'), join(folder, 'sm2.pem')]
  execFileSync('openssl', [
    'genpkey',
    '-algorithm',
    'EC',
    '-pkeyopt',
    'ec_paramgen_curve:SM2',
    '-out',
    key,
  ])
  const id = ['-sm3', '-sigopt', 'distid:1234567812345678']
  const to = ['-days', '3650', '-subj', '/CN=platform', '-out', certificate]
  execFileSync('openssl', ['req', '-x509', '-new', '-key', key, ...id, ...to])
  const operations: string[] = []
  bench = await openWechatBench('account', {
    isNational: true,
    start: new Date(Date.now() + MINUTE_MS),
    platform: {
      national: {
        privateKeyPem: readFileSync(key, 'utf8'),
        publicKeyId: 'PUB_KEY_ID_2',
        certificatePem: readFileSync(certificate, 'utf8'),
      },
    },
    params: { platformKeys: [], platformCertificates: true },
  })
  const order = bench.newOrder()
  const trace = ({ operation, outcome }: { operation: string; outcome: string }) =>
    void operations.push(`${operation} ${outcome}`)
  expect((await bench.channel.charge({ ...call, trace }, order)).outcome).toBe('pending')
  expect(operations).toEqual([
    'GET /v3/certificates fetched',
    'POST /v3/pay/transactions/jsapi pending',
  ])
})

it('F-38 with the first domain dead the backup is asked, under the same number', async () => {
  bench = await openWechatBench('account')
  const params = { ...bench.params, baseUrl: 'http://127.0.0.1:1', backupUrl: bench.params.baseUrl }
  const channel = createWechatPay(params, bench.deps)
  const order = bench.newOrder()
  const answer = await channel.charge(call, order)
  if (answer.outcome !== 'pending') throw new Error(JSON.stringify(answer))
  expect((await bench.channel.charge(call, order)).outcome).toBe('pending')
  await bench.pay?.(order, answer.payerAction)
  expect(bench.simulator.orders()).toMatchObject([{ outTradeNo: order.tradeNo, state: 'SUCCESS' }])
  expect((await channel.query(call, order)).outcome).toBe('confirmed')
})

it('F-59 a refund that failed is asked for by the same number, and then goes another way', async () => {
  bench = await openWechatBench('account')
  const charge = await paidOrder()
  const paid = await bench.channel.query(call, charge)
  if (paid.outcome !== 'confirmed') throw new Error(paid.outcome)
  const { tradeNo, tenderId } = bench.newOrder()
  const refund: RefundOrder = {
    charge,
    chargeProviderNo: paid.move.providerNo,
    refundId: tenderId as string as RefundOrder['refundId'],
    refundNo: tradeNo,
    amountFen: charge.amountFen,
    remaining: [],
    reason: '退药',
    requestedAt: bench.clock.now(),
  }
  bench.simulator.closeWallet(OPENID)
  expect((await bench.channel.refund(call, refund)).outcome).toBe('pending')
  await bench.pass(MINUTE_MS)
  const failed = { outcome: 'declined', code: 'abnormal' }
  expect(await bench.channel.refund(call, refund)).toMatchObject(failed)
  expect(await bench.channel.refund(call, refund)).toMatchObject(failed)
  expect((await bench.channel.redirectRefund(call, refund, { type: 'merchant' })).outcome).toBe(
    'pending',
  )
  await bench.pass(MINUTE_MS)
  expect((await bench.channel.queryRefund(call, refund)).outcome).toBe('confirmed')
  expect(bench.simulator.refunds()).toHaveLength(1)
})
