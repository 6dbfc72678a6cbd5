import { createHash, createVerify, X509Certificate } from 'node:crypto'

import { afterEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import type { ChargeOrder, Move, RefundOrder } from '../../modules/payments/index.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { CARD, keys, openUnionPayBench, type UnionPayBench } from './unionpay-bench.ts'

// What only UnionPay has: a day that ends at 23:00, a void beside the refund, a reversal, and no way to close an order.

let bench: UnionPayBench
afterEach(() => bench.close())

const call = (exchanges: Exchange[] = []) => ({
  hospitalId: bench.newOrder().hospitalId,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
})

async function charged(
  changes: Partial<ChargeOrder> = {},
): Promise<{ order: ChargeOrder; move: Move }> {
  const order = bench.newOrder(changes)
  const answer = await bench.impatient.charge(call(), order)
  if (answer.outcome !== 'pending') throw new Error(JSON.stringify(answer))
  await bench.pay?.(order, answer.payerAction)
  const found = await bench.impatient.query(call(), order)
  if (found.outcome !== 'confirmed') throw new Error(JSON.stringify(found))
  return { order, move: found.move }
}

async function returned(order: ChargeOrder, move: Move, amount: number): Promise<Move> {
  const { tenderId, tradeNo: refundNo } = bench.newOrder()
  const refund: RefundOrder = {
    charge: { ...order, presence: null },
    chargeProviderNo: move.providerNo,
    refundId: tenderId as never,
    refundNo,
    amountFen: fen(amount),
    remaining: [],
    reason: '退费',
    requestedAt: bench.clock.now(),
  }
  expect(await bench.impatient.refund(call(), refund)).toEqual({ outcome: 'pending' })
  await bench.pass?.(30_000)
  const found = await bench.impatient.queryRefund(call(), refund)
  if (found.outcome !== 'confirmed') throw new Error(JSON.stringify(found))
  return found.moves[0] as Move
}

describe('a business date', () => {
  it('is told whole, though UnionPay settles its evening with the next day', async () => {
    bench = await openUnionPayBench('qr_code', { start: '2026-11-20T23:30:00+08:00' })
    await charged() // of the evening before, in the file of the 21st
    const own: Move[] = []
    for (const at of ['2026-11-21T00:00:00', '2026-11-21T22:58:00', '2026-11-21T23:00:00']) {
      bench.setNow(new Date(`${at}+08:00`))
      const { order, move } = await charged()
      own.push(move, await returned(order, move, at.includes('T22') ? 12_345 : 345))
    }
    bench.setNow(new Date('2026-11-22T00:00:00+08:00'))
    await charged() // of the next day, in the file of the 22nd
    bench.setNow(new Date('2026-11-23T09:00:00+08:00'))
    const date = businessDate('2026-11-21')
    const request = { hospitalId: bench.newOrder().hospitalId, businessDate: date, ownMoves: own }
    const answer = await bench.impatient.statement(call(), request)
    if (answer.outcome !== 'lines') throw new Error(JSON.stringify(answer))
    const told = answer.lines.map(({ kind, ourNo, providerNo, at }) => [
      kind,
      ourNo,
      providerNo,
      at,
    ])
    expect(told).toEqual(
      own.map(({ kind, ourNo, providerNo, at }) => [kind, ourNo, providerNo, at]),
    )
    expect(own).toHaveLength(6)
    const fees = bench.simulator
      .transactions()
      .filter((txn) => own.some((m) => m.providerNo === txn.queryId))
    const feeFen = fees.reduce(
      (sum, txn) => sum + (txn.kind === 'charge' ? txn.feeFen : 0 - txn.feeFen),
      0,
    )
    expect(answer.feeFen).toBe(feeFen)
    expect(answer.content).not.toContain(CARD)
  })
})

describe('a full return', () => {
  it('F-65: is a void until the cut-off and a refund after it', async () => {
    bench = await openUnionPayBench('qr_code', { start: '2026-11-21T22:50:00+08:00' })
    const [early, late] = [await charged(), await charged()]
    await returned(early.order, early.move, 12_345)
    bench.setNow(new Date('2026-11-21T23:00:00+08:00'))
    await returned(late.order, late.move, 12_345)
    const kinds = bench.simulator.transactions().map((txn) => txn.kind)
    expect(kinds).toEqual(['charge', 'charge', 'void', 'refund'])
  })

  it('that was sent as a void before the cut-off is not given back again after it', async () => {
    bench = await openUnionPayBench('qr_code', { start: '2026-11-21T22:59:50+08:00' })
    const { order, move } = await charged()
    const refund: RefundOrder = {
      charge: { ...order, presence: null },
      chargeProviderNo: move.providerNo,
      refundId: order.tenderId as never,
      refundNo: bench.newOrder().tradeNo,
      amountFen: order.amountFen,
      remaining: [],
      reason: '退费',
      requestedAt: bench.clock.now(),
    }
    bench.trouble?.('lose_answer')
    expect(await bench.impatient.refund(call(), refund)).toMatchObject({ outcome: 'unknown' })
    await bench.pass?.(60_000)
    expect(await bench.impatient.refund(call(), refund)).toMatchObject({ outcome: 'confirmed' })
    expect(await bench.books?.(order)).toEqual({ takenFen: 12_345, returnedFen: 12_345 })
  })
})

describe('an order that nobody pays', () => {
  it.each(['page', 'qr_code', 'app'] as const)(
    'by %s is released when its time is over, not before',
    async (method) => {
      bench = await openUnionPayBench(method)
      const order = bench.newOrder()
      const answer = await bench.impatient.charge(call(), order)
      if (answer.outcome !== 'pending') throw new Error(answer.outcome)
      expect(await bench.impatient.release(call(), order)).toMatchObject({ outcome: 'unknown' })
      await bench.pass?.(16 * 60_000 + 1)
      expect(await bench.impatient.release(call(), order)).toEqual({ outcome: 'released' })
      await expect(bench.pay?.(order, answer.payerAction)).rejects.toThrow(/expired|400/)
    },
  )

  it('is paid in the last second, and the release tells of the money', async () => {
    bench = await openUnionPayBench('qr_code')
    const order = bench.newOrder()
    const answer = await bench.impatient.charge(call(), order)
    await bench.pass?.(15 * 60_000)
    if (answer.outcome === 'pending') await bench.pay?.(order, answer.payerAction)
    await bench.pass?.(2 * 60_000)
    expect(await bench.impatient.release(call(), order)).toMatchObject({ outcome: 'confirmed' })
  })
})

describe("a charge by the payer's code", () => {
  it('that is under way is reversed, and the money stays with the payer', async () => {
    bench = await openUnionPayBench('barcode')
    const order = bench.newOrder()
    expect(await bench.impatient.charge(call(), order)).toMatchObject({ outcome: 'pending' })
    expect(await bench.impatient.release(call(), order)).toEqual({ outcome: 'released' })
    await bench.pass?.(10_000)
    const after = await bench.impatient.query(call(), order)
    expect(after).toMatchObject({ outcome: 'declined', code: 'reversed' })
    expect(await bench.books?.(order)).toEqual({ takenFen: 0, returnedFen: 0 })
  })

  it('shows its code nowhere, and takes it once', async () => {
    bench = await openUnionPayBench('barcode')
    const order = bench.newOrder()
    const exchanges: Exchange[] = []
    await bench.impatient.charge(call(exchanges), order)
    await bench.pass?.(3_000)
    expect(await bench.impatient.charge(call(), order)).toMatchObject({ outcome: 'confirmed' })
    expect(JSON.stringify(exchanges)).not.toContain(order.presence?.token)
    expect(exchanges.map((exchange) => exchange.operation)).toEqual([
      'POST /gateway/api/backTransReq.do 01-06',
      'POST /gateway/api/queryTrans.do 00-00',
    ])
  })
})

describe('a shared key', () => {
  it.each(['11', '12'] as const)(
    'by method %s pays, returns and is told of',
    async (signMethod) => {
      bench = await openUnionPayBench('app', { signMethod })
      const { order, move } = await charged()
      await returned(order, move, 345)
      const readings = ((await bench.notices?.()) ?? []).map((notice) =>
        bench.impatient.readNotice(notice),
      )
      expect(readings.map((reading) => reading.outcome)).toEqual(['read', 'read'])
      const foreign = (await bench.foreignNotices?.()) ?? []
      const last = foreign.at(-1)
      expect(last && bench.impatient.readNotice(last)).toEqual({
        outcome: 'refused',
        code: 'signature',
      })
    },
  )
})

describe('a signature', () => {
  const digestOf = (fields: Record<string, string>) =>
    createHash('sha256')
      .update(
        Object.keys(fields)
          .filter((name) => name !== 'signature')
          .sort()
          .map((name) => `${name}=${fields[name]}`)
          .join('&'),
      )
      .digest('hex')
  const isSigned = (fields: Record<string, string>, certificatePem: string) =>
    createVerify('RSA-SHA256')
      .update(digestOf(fields))
      .verify(new X509Certificate(certificatePem).publicKey, fields['signature'] ?? '', 'base64')

  it('of the merchant and of UnionPay is what node makes of the text by itself', async () => {
    bench = await openUnionPayBench('page')
    const order = bench.newOrder()
    const answer = await bench.impatient.charge(call(), order)
    if (answer.outcome !== 'pending' || answer.payerAction?.kind !== 'form') throw new Error('none')
    const { fields } = answer.payerAction
    expect(isSigned(fields, keys.merchants[0]?.certificatePem ?? '')).toBe(true)
    expect(isSigned({ ...fields, txnAmt: '1' }, keys.merchants[0]?.certificatePem ?? '')).toBe(
      false,
    )
    await bench.pay?.(order, answer.payerAction)
    const [notice] = (await bench.notices?.()) ?? []
    const told = Object.fromEntries(new URLSearchParams(notice?.body.toString('utf8')))
    expect(isSigned(told, keys.signer.certificatePem)).toBe(true)
    expect(isSigned({ ...told, txnAmt: '1' }, keys.signer.certificatePem)).toBe(false)
  })
})
