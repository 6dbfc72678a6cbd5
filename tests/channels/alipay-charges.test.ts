import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, describe, expect, it } from 'vitest'

import { createAlipay } from '../../adapters/channels/alipay/index.ts'
import { makeKeyPair, testOptions } from '../../apps/simulators/alipay/testing/bed.ts'
import { fen } from '../../kernel/money.ts'
import { HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import type {
  ChargeOrder,
  PayerAction,
  PayMethod,
  RefundOrder,
} from '../../modules/payments/index.ts'
import type { Exchange } from '../../platform/exchange.ts'
import {
  type AlipayBench,
  type BenchOptions,
  BUYER_ID,
  newKeys,
  OPEN_ID,
  openAlipayBench,
} from './alipay-bench.ts'

// What is Alipay's own among the charges, refunds and bills; what all channels share is in alipay.test.ts.

let bench: AlipayBench
afterEach(() => bench.close())
const open = async (method: PayMethod, options?: BenchOptions) => {
  bench = await openAlipayBench(method, options)
  exchanges.length = 0
  return bench
}
const exchanges: Exchange[] = []
const callOf = ({ hospitalId }: ChargeOrder) => ({
  hospitalId,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
})
const charge = (order: ChargeOrder) => bench.channel.charge(callOf(order), order)
const query = (order: ChargeOrder) => bench.channel.query(callOf(order), order)
const release = (order: ChargeOrder) => bench.channel.release(callOf(order), order)
/** What the payer's device is given for it. */
async function action(order: ChargeOrder): Promise<PayerAction | null> {
  const answer = await charge(order)
  return answer.outcome === 'pending' ? answer.payerAction : null
}
const operations = () => exchanges.map(({ operation }) => operation.replace('alipay.trade.', ''))

describe.each(['page', 'app', 'qr_code'] as const)('a %s nobody has opened', (method) => {
  it('is released once it has expired, and not before', async () => {
    await open(method, {
      params: { cancelEndsUnscannedCode: false },
      simulator: { cancelEndsUnscannedCode: false },
    })
    const order = bench.newOrder()
    const payerAction = await action(order)
    expect(await query(order)).toEqual({ outcome: 'absent' })
    expect(await release(order)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('until it expires'),
    })

    bench.advance(15 * MINUTE_MS)
    expect(await release(order)).toEqual({ outcome: 'released' })
    await expect(bench.pay?.(order, payerAction)).rejects.toThrow(/says/)
    expect(bench.simulator.trades().some((trade) => trade.paidAt !== null)).toBe(false)
  })

  it('is closed at once when the payer has opened it and not paid', async () => {
    await open(method)
    const order = bench.newOrder()
    const payerAction = await action(order)
    bench.simulator.closeWallet(BUYER_ID)
    await expect(bench.pay?.(order, payerAction)).rejects.toThrow('wallet_closed')
    expect(await query(order)).toMatchObject(
      method === 'qr_code' ? { outcome: 'absent' } : { outcome: 'pending' },
    )
    expect(await release(order)).toEqual({ outcome: 'released' })
  })
})

describe('a barcode', () => {
  const LARGE = { amountFen: fen(100_001) }

  it('below the limit is taken at once, by one call', async () => {
    await open('barcode')
    const order = bench.newOrder()
    expect(await charge(order)).toMatchObject({
      outcome: 'confirmed',
      move: { kind: 'charge', ourNo: order.tradeNo, parts: [{ amountFen: 12_345 }] },
    })
    expect(operations()).toEqual(['pay'])
  })

  it('above it waits for the password, and again says that it waits', async () => {
    await open('barcode')
    const order = bench.newOrder(LARGE)
    const waiting = { outcome: 'pending', payerAction: null }
    expect(await charge(order)).toEqual(waiting)
    expect(await charge(order)).toEqual(waiting)
    expect(await charge({ ...order, presence: null })).toEqual(waiting)
    await bench.pay?.(order, null)
    expect(await query(order)).toMatchObject({ outcome: 'confirmed' })
  })

  it('that waits is cancelled, as often as retry_flag asks', async () => {
    await open('barcode')
    const order = bench.newOrder(LARGE)
    await charge(order)
    const { channel } = bench
    const striking = {
      ...callOf(order),
      trace(exchange: Exchange) {
        exchanges.push(exchange)
        const isFirst = operations().filter((name) => name === 'cancel').length === 0
        if (isFirst) bench.strike({ kind: 'decline', code: 'retry_flag' })
      },
    }
    expect(await channel.release(striking, order)).toEqual({ outcome: 'released' })
    expect(operations()).toEqual(['pay', 'query', 'cancel', 'cancel'])
    await expect(bench.pay?.(order, null)).rejects.toThrow('closed')
    expect(await query(order)).toMatchObject({ outcome: 'declined', code: 'closed' })
  })

  it('that cannot be used is declined in words of its own', async () => {
    await open('barcode')
    const order = bench.newOrder()
    bench.advance(MINUTE_MS)
    expect(await charge(order)).toMatchObject({ outcome: 'declined', code: 'auth_code_invalid' })
    const strange = { presence: { token: '134567890123456789', ip: null, returnUrl: null } }
    const other = bench.newOrder(strange)
    exchanges.length = 0
    expect(await charge(other)).toMatchObject({ outcome: 'declined', code: 'auth_code_invalid' })
    expect(exchanges).toEqual([])
  })

  it('is given up without its digits only once it cannot come through any more', async () => {
    await open('barcode')
    const order = bench.newOrder()
    const gone = { ...order, presence: null }
    expect(await charge(gone)).toMatchObject({ outcome: 'declined', code: 'auth_code_missing' })
    expect(operations()).toEqual(['query', 'cancel'])
  })

  it('that is paid in the moment of its cancelling is given back by it, and told apart from one refunded', async () => {
    await open('barcode')
    const order = bench.newOrder(LARGE)
    await charge(order)
    const { channel, simulator } = bench
    const racing = {
      ...callOf(order),
      trace: ({ operation }: Exchange) =>
        operation === 'alipay.trade.query'
          ? void simulator.pay({ outTradeNo: order.tradeNo }, BUYER_ID)
          : undefined,
    }
    expect(await channel.release(racing, order)).toEqual({ outcome: 'released' })
    expect(simulator.refunds()).toMatchObject([{ amountFen: LARGE.amountFen }])
    expect(await query(order)).toMatchObject({ outcome: 'declined', code: 'revoked' })
    expect(await release(order)).toEqual({ outcome: 'released' })

    const other = bench.newOrder()
    await charge(other)
    await channel.refund(callOf(other), refundOf(other, { amountFen: other.amountFen }))
    expect(await query(other)).toMatchObject({ outcome: 'confirmed' })
  })
})

function refundOf(order: ChargeOrder, changes: Partial<RefundOrder> = {}): RefundOrder {
  const trade = bench.simulator.trades().find((each) => each.outTradeNo === order.tradeNo)
  return {
    charge: { ...order, presence: null },
    chargeProviderNo: trade?.tradeNo ?? '',
    refundId: order.tenderId as never,
    refundNo: bench.newOrder().tradeNo,
    amountFen: fen(2_345),
    remaining: [],
    reason: '退药',
    requestedAt: bench.clock.now(),
    ...changes,
  }
}

describe('a refund', () => {
  const paid = async (options?: BenchOptions) => {
    await open('account', options)
    const order = bench.newOrder()
    await bench.pay?.(order, await action(order))
    return order
  }
  const refund = (order: ChargeOrder, asked: RefundOrder) =>
    bench.channel.refund(callOf(order), asked)

  it('that Alipay says and does not do is found out by the query, and done by the next try', async () => {
    const order = await paid()
    const asked = refundOf(order)
    bench.strike({ kind: 'lie' })
    await refund(order, asked)
    expect(await bench.channel.queryRefund(callOf(order), asked)).toEqual({ outcome: 'absent' })
    expect(await refund(order, asked)).toMatchObject({ outcome: 'confirmed' })
  })

  it('repeated is the same success by fund_change N and a query', async () => {
    const order = await paid()
    const asked = refundOf(order)
    const first = await refund(order, asked)
    bench.advance(HOUR_MS)
    exchanges.length = 0
    expect(await refund(order, asked)).toEqual(first)
    expect(operations()).toEqual(['refund', 'fastpay.refund.query'])
  })

  it('by a number that gave back another amount tells of that amount', async () => {
    const order = await paid()
    const asked = refundOf(order)
    await refund(order, asked)
    const other = { ...asked, amountFen: fen(100) }
    expect(await refund(order, other)).toMatchObject({
      outcome: 'confirmed',
      moves: [{ parts: [{ amountFen: 2_345 }] }],
    })
  })

  it('after the time for it is declined, and the charge still stands', async () => {
    const order = await paid({ simulator: { refundableMs: HOUR_MS } })
    bench.advance(2 * HOUR_MS)
    expect(bench.simulator.trades()[0]?.state).toBe('TRADE_FINISHED')
    expect(await query(order)).toMatchObject({ outcome: 'confirmed' })
    const answer = await refund(order, refundOf(order))
    expect(answer).toMatchObject({ outcome: 'declined', code: 'trade_finished' })
  })

  it('that the merchant has no money for is declined so', async () => {
    const order = await paid()
    const sellerId = bench.params.sellerId
    bench.simulator.withdraw(sellerId, bench.simulator.merchantBalance(sellerId))
    expect(await refund(order, refundOf(order))).toMatchObject({
      outcome: 'declined',
      code: 'not_enough',
    })
  })
})

describe('a trade that is closed', () => {
  it('unpaid is declined; fully refunded it stays confirmed', async () => {
    await open('account')
    const order = bench.newOrder()
    await charge(order)
    expect(await release(order)).toEqual({ outcome: 'released' })
    expect(await query(order)).toMatchObject({ outcome: 'declined', code: 'closed' })
    expect(await charge(order)).toMatchObject({ outcome: 'declined' })

    const other = bench.newOrder()
    await bench.pay?.(other, await action(other))
    await bench.channel.refund(callOf(other), refundOf(other, { amountFen: other.amountFen }))
    expect(bench.simulator.trades().at(-1)?.state).toBe('TRADE_CLOSED')
    expect(await query(other)).toMatchObject({ outcome: 'confirmed' })
  })
})

it('a payer is named by buyer_open_id where the contract says so', async () => {
  await open('account', { params: { payerAccount: 'buyer_open_id' } })
  const order = bench.newOrder({ payerAccount: OPEN_ID })
  const answer = await charge(order)
  expect(answer).toMatchObject({ outcome: 'pending', payerAction: { kind: 'alipay_trade' } })
  if (answer.outcome === 'pending') await bench.pay?.(order, answer.payerAction)
  expect(await query(order)).toMatchObject({ outcome: 'confirmed' })
  expect(JSON.stringify(exchanges)).not.toContain(OPEN_ID)
})

it('certificates on both sides are agreed on, and a strange one proves nothing', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'alipay-charges-'))
  const pair = (name: string) => makeKeyPair(dir, name)
  const keys = { app: pair('app'), platform: pair('platform'), root: pair('root') }
  rmSync(dir, { recursive: true })
  const { apps, platform } = testOptions(keys, { byCertificate: true })
  const [app] = apps
  const certificates = {
    appCertPem: keys.app.certificatePem,
    alipayCertPems: [keys.platform.certificatePem],
    rootCertsPem: keys.root.certificatePem,
  }
  const params = {
    appPrivateKeyPem: keys.app.privateKeyPem,
    alipayPublicKeyPem: null,
    certificates,
  }
  await open('account', {
    params: { ...params, appId: app?.appId ?? '', sellerId: app?.sellerId ?? '' },
    simulator: { apps, platform },
  })
  const order = bench.newOrder()
  await bench.pay?.(order, await action(order))
  expect(await query(order)).toMatchObject({ outcome: 'confirmed' })
  const [notice] = (await bench.notices?.()) ?? []
  expect(notice && bench.channel.readNotice(notice)).toMatchObject({ outcome: 'read' })

  const strange = { ...certificates, alipayCertPems: [keys.root.certificatePem] }
  const other = createAlipay(
    { ...bench.params, certificates: strange },
    { clock: bench.clock, timeoutMs: 5_000 },
  )
  expect(await other.query(callOf(order), order)).toMatchObject({ outcome: 'unknown' })
})

it('the wrong key is declined for a charge, and unknown for all that may have happened before', async () => {
  await open('account')
  const { privateKey } = newKeys()
  const params = { ...bench.params, appPrivateKeyPem: privateKey }
  const channel = createAlipay(params, { clock: bench.clock, timeoutMs: 5_000 })
  const order = bench.newOrder()
  expect(await channel.charge(callOf(order), order)).toMatchObject({
    outcome: 'declined',
    code: 'sign_error',
  })
  for (const answer of [
    await channel.query(callOf(order), order),
    await channel.release(callOf(order), order),
    await channel.refund(callOf(order), refundOf(order)),
  ]) {
    expect(answer).toMatchObject({ outcome: 'unknown' })
  }
})

describe('the bill', () => {
  const statement = (businessDate: never) =>
    bench.channel.statement(callOf(bench.newOrder()), {
      hospitalId: bench.newOrder().hospitalId,
      businessDate,
      ownMoves: [],
    })

  it('cut off on its way is refused as truncated, and a lie is told as it stands', async () => {
    await open('barcode')
    await charge(bench.newOrder())
    await bench.endDay?.()
    const day = '2026-11-21' as never
    bench.strike({ kind: 'lie' })
    expect(await statement(day)).toMatchObject({ outcome: 'lines', lines: [{ amountFen: 12_445 }] })
    expect(await statement(day)).toMatchObject({ outcome: 'lines', lines: [{ amountFen: 12_345 }] })
    expect(exchanges.at(-1)?.request).not.toContain('fileId')
  })

  it('has its fee, less what refunds gave back', async () => {
    await open('barcode')
    const order = bench.newOrder({ amountFen: fen(100_000) })
    await charge(order)
    await bench.channel.refund(callOf(order), refundOf(order, { amountFen: fen(50_000) }))
    await bench.endDay?.()
    expect(await statement('2026-11-21' as never)).toMatchObject({
      outcome: 'lines',
      feeFen: 300,
      lines: [
        { kind: 'charge', amountFen: 100_000 },
        { kind: 'return', amountFen: 50_000 },
      ],
    })
  })
})
