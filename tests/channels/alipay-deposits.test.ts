import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import {
  type AlipayDeposits,
  createAlipayDeposits,
  type Deposit,
  type DepositMethod,
  type DepositOrder,
  type FreezeAnswer,
} from '../../adapters/channels/alipay/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import { addMs, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { type AlipayBench, BUYER_ID, openAlipayBench } from './alipay-bench.ts'

let bench: AlipayBench
let deposits: AlipayDeposits
const exchanges: Exchange[] = []
const call = {
  hospitalId: 1 as HospitalId,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
}
const AMOUNT = fen(300_000)

beforeEach(async () => {
  bench = await openAlipayBench('account')
  deposits = createAlipayDeposits(bench.params, { clock: bench.clock, timeoutMs: 5_000 })
  exchanges.length = 0
})
afterEach(() => bench.close())

let count = 0
function newDeposit(method: DepositMethod, changes: Partial<DepositOrder> = {}): DepositOrder {
  count += 1
  return {
    orderNo: `YJ20261121${count}`,
    requestNo: `YJ20261121${count}F1`,
    amountFen: AMOUNT,
    title: '住院押金 ZY20261121001',
    method,
    token: method === 'barcode' ? bench.simulator.barcodeOf(BUYER_ID) : null,
    createdAt: bench.clock.now(),
    expiresAt: addMs(bench.clock.now(), 15 * MINUTE_MS),
    ...changes,
  }
}

/** Freezes, with the payer's help where that is needed. */
async function frozen(order: DepositOrder): Promise<Deposit> {
  await payerActs(await deposits.freeze(call, order))
  return standing(order)
}

async function payerActs(answer: FreezeAnswer): Promise<void> {
  const action = answer.outcome === 'pending' ? answer.payerAction : null
  if (action?.kind === 'qr_code') await bench.simulator.pay({ qrCode: action.content }, BUYER_ID)
  if (action?.kind === 'app') {
    await bench.simulator.pay({ orderString: action.params['orderStr'] ?? '' }, BUYER_ID)
  }
}

async function standing(order: DepositOrder): Promise<Deposit> {
  const answer = await deposits.query(call, order)
  if (answer.outcome !== 'frozen') throw new Error(`the deposit is ${answer.outcome}`)
  return answer.deposit
}

const capture = (deposit: Deposit, method: DepositMethod, amountFen: Fen, endsDeposit: boolean) => {
  const charge = bench.newOrder({ amountFen, payerAccount: deposit.payerAccount })
  const order = { authNo: deposit.authNo, method, charge, endsDeposit }
  return { charge, order, answer: deposits.capture(call, order) }
}

describe.each(['barcode', 'qr_code', 'app'] as const)('a deposit by %s', (method) => {
  it('is frozen, captured in part, given back, and its charge refunded as any other', async () => {
    const order = newDeposit(method)
    expect(await deposits.query(call, order)).toEqual({ outcome: 'absent' })
    const before = bench.simulator.wallet(BUYER_ID)?.balanceFen ?? 0
    const deposit = await frozen(order)
    expect(deposit).toMatchObject({
      frozenFen: AMOUNT,
      restFen: AMOUNT,
      capturedFen: 0,
      payerAccount: BUYER_ID,
      at: bench.clock.now(),
    })
    expect(bench.simulator.wallet(BUYER_ID)?.balanceFen).toBe(before - AMOUNT)

    const { charge, order: captured, answer } = capture(deposit, method, fen(120_000), false)
    const taken = await answer
    expect(taken).toMatchObject({
      outcome: 'confirmed',
      move: { kind: 'charge', ourNo: charge.tradeNo, parts: [{ amountFen: 120_000 }] },
    })
    expect(await deposits.capture(call, captured)).toEqual(taken)
    expect(await standing(order)).toMatchObject({ restFen: 180_000, capturedFen: 120_000 })

    const back = {
      authNo: deposit.authNo,
      requestNo: `${order.requestNo}B`,
      amountFen: fen(180_000),
      reason: '出院结算',
    }
    const unfrozen = await deposits.unfreeze(call, back)
    expect(unfrozen).toMatchObject({ outcome: 'unfrozen', amountFen: 180_000 })
    bench.advance(HOUR_MS)
    expect(await deposits.unfreeze(call, back)).toEqual(unfrozen)
    expect(await standing(order)).toMatchObject({ restFen: 0, capturedFen: 120_000 })
    expect(bench.simulator.wallet(BUYER_ID)?.balanceFen).toBe(before - 120_000)
    expect(await bench.channel.query(call, charge)).toEqual(taken)
    expect(JSON.stringify(exchanges)).not.toContain(BUYER_ID)
    expect(JSON.stringify(exchanges)).not.toContain(order.token ?? 'no token')
  })
})

it('the capture that ends it gives back the rest at once', async () => {
  const order = newDeposit('barcode')
  const before = bench.simulator.wallet(BUYER_ID)?.balanceFen ?? 0
  const deposit = await frozen(order)
  expect(await capture(deposit, 'barcode', fen(1), true).answer).toMatchObject({
    outcome: 'confirmed',
  })
  expect(await standing(order)).toMatchObject({ restFen: 0, capturedFen: 1 })
  expect(bench.simulator.wallet(BUYER_ID)?.balanceFen).toBe(before - 1)
  expect(await capture(deposit, 'barcode', fen(1), true).answer).toMatchObject({
    outcome: 'declined',
    code: 'deposit_finished',
  })
})

it('more than is left is declined, and nothing moves', async () => {
  const order = newDeposit('barcode')
  const deposit = await frozen(order)
  const tooMuch = fen(AMOUNT + 1)
  expect(await capture(deposit, 'barcode', tooMuch, false).answer).toMatchObject({
    outcome: 'declined',
    code: 'amount_past_rest',
  })
  const back = { authNo: deposit.authNo, requestNo: 'B1', amountFen: tooMuch, reason: '退' }
  expect(await deposits.unfreeze(call, back)).toMatchObject({
    outcome: 'declined',
    code: 'amount_past_rest',
  })
  expect(await standing(order)).toEqual(deposit)
})

it('a payer without the money is told so', async () => {
  const order = newDeposit('barcode', { amountFen: fen(2_000_000_000) })
  expect(await deposits.freeze(call, order)).toMatchObject({
    outcome: 'declined',
    code: 'balance_not_enough',
  })
})

describe.each(['refuse', 'drop', 'lose_answer', 'garble'] as const)('after %s', (kind) => {
  it('every verb is unknown, and the next try does it once', async () => {
    const order = newDeposit('barcode')
    bench.strike({ kind })
    expect(await deposits.freeze(call, order)).toMatchObject({ outcome: 'unknown' })
    expect(await deposits.freeze(call, order)).toMatchObject({ outcome: 'frozen' })
    bench.strike({ kind })
    expect(await deposits.query(call, order)).toMatchObject({ outcome: 'unknown' })
    const deposit = await standing(order)

    const back = { authNo: deposit.authNo, requestNo: 'B2', amountFen: fen(100), reason: '退' }
    bench.strike({ kind })
    expect(await deposits.unfreeze(call, back)).toMatchObject({ outcome: 'unknown' })
    expect(await deposits.unfreeze(call, back)).toMatchObject({ outcome: 'unfrozen' })

    bench.strike({ kind })
    const { order: captured, answer } = capture(deposit, 'barcode', fen(500), false)
    expect(await answer).toMatchObject({ outcome: 'unknown' })
    expect(await deposits.capture(call, captured)).toMatchObject({ outcome: 'confirmed' })
    expect(await standing(order)).toMatchObject({ restFen: AMOUNT - 600, capturedFen: 500 })
  })
})

it('without its digits a barcode says what became of the first try', async () => {
  const order = newDeposit('barcode')
  const gone = { ...order, token: null }
  expect(await deposits.freeze(call, gone)).toMatchObject({ outcome: 'unknown' })
  await frozen(order)
  expect(await deposits.freeze(call, gone)).toMatchObject({ outcome: 'frozen' })
})
