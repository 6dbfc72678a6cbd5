import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import { startBank } from '../../apps/simulators/bank/index.ts'
import { fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import { businessDateOf, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import type { ChargeOrder } from '../../modules/payments/index.ts'
import {
  type BankBench,
  type BankBenchOptions,
  HOSPITAL,
  MERCHANT,
  openBank,
  PAN,
  refundOf,
  TERMINAL,
} from './iso8583-bench.ts'

let bench: BankBench
const open = async (options: BankBenchOptions = {}) => (bench = await openBank(options))

afterEach(() => bench.close())

const FULL = 10_000_000_000
const charge = (order: ChargeOrder) => bench.channel.charge(bench.call, order)
const again = (order: ChargeOrder) => charge({ ...order, presence: null })
const release = (order: ChargeOrder) => bench.channel.release(bench.call, order)
const taken = () => FULL - bench.bank.balanceOf(PAN)
const sent = (operation: RegExp) => bench.exchanges.filter((e) => operation.test(e.operation))
const silence = (on: RegExp, times = 1) => {
  for (let i = 0; i < times; i++) bench.faults.push({ fault: { kind: 'lose_answer' }, on })
}
const SALE = /^0200\/000000/

describe('many at once', () => {
  it('fifty in flight are answered out of order, each with its own answer', async () => {
    await open({ dialect: 'cups', shuffleMs: 80, timeoutMs: 10_000 })
    await charge(bench.newOrder())
    bench.exchanges.length = 0
    const orders = Array.from({ length: 50 }, (_, i) =>
      bench.newOrder({ amountFen: fen(1_000 + i) }),
    )
    const answers = await Promise.all(orders.map(charge))
    for (const [i, answer] of answers.entries()) {
      expect(answer).toMatchObject({
        outcome: 'confirmed',
        move: { ourNo: orders[i]?.tradeNo, parts: [{ amountFen: 1_000 + i }] },
      })
    }
    const traceOf = (text: string) => /F11=(\d{6})/.exec(text)?.[1]
    const arrived = sent(SALE).map(({ response }) => traceOf(response))
    expect(sent(SALE).map(({ request }) => traceOf(request))).toEqual(arrived)
    expect(arrived).toHaveLength(50)
    expect(arrived.toSorted(byText)).not.toEqual(arrived)
    expect(taken()).toBe(12_345 + orders.reduce((sum, order) => sum + order.amountFen, 0))
  })

  it('no more than the limit are in flight: the rest is surely not sent', async () => {
    await open({ shuffleMs: 200, timeoutMs: 10_000 })
    await charge(bench.newOrder())
    const orders = Array.from({ length: 80 }, () => bench.newOrder())
    const answers = await Promise.all(orders.map(charge))
    const refused = orders.filter((_, i) => answers[i]?.outcome === 'unknown')
    expect(refused).toHaveLength(16)
    for (const order of refused) {
      expect(await again(order)).toMatchObject({ outcome: 'declined', code: 'not_sent' })
      expect(await release(order)).toEqual({ outcome: 'released' })
    }
    expect(taken()).toBe(65 * 12_345)
  })

  it('the same charge asked for ten times at once is sent once', async () => {
    await open({ shuffleMs: 30, timeoutMs: 10_000 })
    const order = bench.newOrder()
    const answers = await Promise.all(Array.from({ length: 10 }, () => charge(order)))
    expect(answers.some((answer) => answer.outcome === 'confirmed')).toBe(true)
    expect(answers.every(({ outcome }) => outcome === 'confirmed' || outcome === 'unknown')).toBe(
      true,
    )
    expect(sent(SALE)).toHaveLength(1)
    expect(await again(order)).toMatchObject({ outcome: 'confirmed' })
    expect(taken()).toBe(12_345)
  })
})

describe('the connection', () => {
  it('is made anew when it breaks in the middle; what was on its way is unknown, and comes to its end', async () => {
    await open({ dialect: 'cups', timeoutMs: 10_000 })
    const before = bench.newOrder()
    expect(await charge(before)).toMatchObject({ outcome: 'confirmed' })
    const orders = Array.from({ length: 20 }, () => bench.newOrder())
    for (const _ of orders) bench.faults.push({ fault: { kind: 'late', ms: 5_000 }, on: SALE })
    const asked = orders.map(charge)
    await until(() => bench.bank.moves().length === 21)
    bench.bank.cutConnections()
    const answers = await Promise.all(asked)
    expect(answers.every(({ outcome }) => outcome === 'unknown')).toBe(true)
    expect(bench.logged.filter((line) => line.startsWith('connection_lost'))).toHaveLength(1)

    expect(await charge(bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    for (const order of orders) expect(await release(order)).toEqual({ outcome: 'released' })
    expect(taken()).toBe(2 * 12_345)
  })

  it('that cannot be made sends nothing: unknown at first, and then surely declined', async () => {
    await open()
    await charge(bench.newOrder())
    const cutOff = bench.another({ port: await freePort() })
    const order = bench.newOrder()
    const answer = await cutOff.charge(bench.call, order)
    expect(answer).toEqual({ outcome: 'unknown', reason: 'the bank cannot be reached' })
    expect(await bench.channel.query(bench.call, order)).toEqual({ outcome: 'absent' })
    expect(await again(order)).toMatchObject({ outcome: 'declined', code: 'not_sent' })
    expect(await charge(order)).toMatchObject({ outcome: 'declined', code: 'not_sent' })
    expect(taken()).toBe(12_345)
  })

  it('is kept alive by heartbeats, and given up when the bank falls silent', async () => {
    await open({ limits: { heartbeatMs: 40, idleMs: 2_000 } })
    await charge(bench.newOrder())
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(bench.logged).toEqual([])

    await bench.close()
    // A heartbeat that is never sent is never answered.
    await open({ limits: { heartbeatMs: 60_000, idleMs: 300 } })
    await charge(bench.newOrder())
    await until(() => bench.logged.some((line) => line.includes('silent for too long')))
  })

  it('is closed after the answers that are still to come', async () => {
    await open({ timeoutMs: 10_000 })
    await charge(bench.newOrder())
    bench.faults.push({ fault: { kind: 'late', ms: 300 }, on: SALE })
    const asked = charge(bench.newOrder())
    await until(() => bench.bank.moves().length === 2)
    await bench.channel.stop()
    expect(await asked).toMatchObject({ outcome: 'confirmed' })
    expect(await charge(bench.newOrder())).toMatchObject({ outcome: 'unknown' })
    expect(taken()).toBe(2 * 12_345)
  })
})

describe('silence', () => {
  it.each(['cups', 'ascii128', 'columns'] as const)(
    'a charge at a bank over %s that was never answered is taken back, and the books are at zero',
    async (dialect) => {
      await open({ dialect })
      silence(SALE)
      const order = bench.newOrder()
      expect(await charge(order)).toMatchObject({ outcome: 'unknown' })
      expect(taken()).toBe(12_345)
      expect(await release(order)).toEqual({ outcome: 'released' })
      expect(taken()).toBe(0)
      const [{ trace: sale } = { trace: '' }] = bench.bank.moves()
      expect(sent(/^0400/).map(({ request }) => request)).toEqual([
        expect.stringContaining(`F11=${sale} `),
      ])
      expect(sent(/^0400/)[0]?.request).toContain('F39=98')
      expect(await release(order)).toEqual({ outcome: 'released' })
      expect(await charge(order)).toMatchObject({ outcome: 'declined', code: 'reversed' })
      expect(sent(SALE)).toHaveLength(1)
      bench.bank.writeDayFile(businessDateOf(bench.clock.now()))
      expect(bench.bank.dayFileText(businessDateOf(bench.clock.now()))).not.toMatch(/^D/m)
    },
  )

  it('without an inquiry, asking again takes the charge back once nothing can be on its way', async () => {
    await open({ dialect: 'cups' })
    silence(SALE)
    const order = bench.newOrder()
    await charge(order)
    expect(await again(order)).toMatchObject({ outcome: 'unknown' })
    expect(taken()).toBe(12_345)
    bench.clock.advance(MINUTE_MS)
    expect(await again(order)).toMatchObject({ outcome: 'declined', code: 'reversed' })
    expect(taken()).toBe(0)
  })

  it('a reversal is repeated under the same number, so many times, and then only the bank can end it', async () => {
    await open({ dialect: 'cups' })
    silence(SALE)
    for (let i = 0; i < 3; i++) bench.faults.push({ fault: { kind: 'drop' }, on: /^0400/ })
    const order = bench.newOrder()
    await charge(order)
    for (let i = 0; i < 5; i++) expect(await release(order)).toMatchObject({ outcome: 'unknown' })
    expect(sent(/^0400/)).toHaveLength(3)
    expect(new Set(sent(/^0400/).map(({ request }) => request)).size).toBe(1)
    expect(await release(order)).toMatchObject({
      reason: expect.stringContaining('3 reversals were not answered'),
    })
    // A person asked the bank, which has the money: it is in the file of the day.
    const today = businessDateOf(bench.clock.now())
    bench.clock.set(instantAt(today, '23:00:00'))
    expect(await release(order)).toMatchObject({ outcome: 'unknown' })
    expect(taken()).toBe(12_345)
  })

  it('an approval that comes while the charge is being taken back is not believed', async () => {
    await open({ timeoutMs: 5_000 })
    await charge(bench.newOrder())
    bench.faults.push({ fault: { kind: 'late', ms: 700 }, on: SALE })
    const order = bench.newOrder()
    const asked = charge(order)
    await until(() => bench.bank.moves().length === 2)
    expect(await release(order)).toEqual({ outcome: 'released' })
    expect(await asked).not.toMatchObject({ outcome: 'confirmed' })
    expect(await again(order)).toMatchObject({ outcome: 'declined', code: 'reversed' })
    expect(taken()).toBe(12_345)
  })

  it('a charge that arrives after its own reversal is not booked', async () => {
    await open({ timeoutMs: 400 })
    await charge(bench.newOrder())
    bench.faults.push({ fault: { kind: 'slow_arrival', ms: 1_200 }, on: SALE })
    const order = bench.newOrder()
    expect(await charge(order)).toMatchObject({ outcome: 'unknown' })
    expect(await release(order)).toEqual({ outcome: 'released' })
    await until(() => bench.logged.some((line) => line.startsWith('late_answer')))
    expect(bench.logged.join()).toContain('F39=94')
    expect(taken()).toBe(12_345)
  })

  it('late and doubled answers are thrown away, and told without the card', async () => {
    await open({ timeoutMs: 500 })
    await charge(bench.newOrder())
    bench.faults.push({ fault: { kind: 'duplicate' }, on: SALE })
    bench.faults.push({ fault: { kind: 'late', ms: 1_000 }, on: SALE })
    expect(await charge(bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    const late = bench.newOrder()
    expect(await charge(late)).toMatchObject({ outcome: 'unknown' })
    await until(() => bench.logged.filter((line) => line.startsWith('late_answer')).length === 2)
    expect(bench.logged.join()).not.toContain(PAN)
    expect(await again(late)).toMatchObject({ outcome: 'confirmed' })
    expect(taken()).toBe(3 * 12_345)
  })

  it('a return that was never answered is given back once', async () => {
    await open()
    const order = bench.newOrder()
    await charge(order)
    const refund = refundOf(bench, order, fen(2_345))
    silence(/^0220/)
    expect(await bench.channel.refund(bench.call, refund)).toMatchObject({ outcome: 'unknown' })
    expect(await bench.channel.refund(bench.call, refund)).toMatchObject({ outcome: 'confirmed' })
    expect(sent(/^0220/)).toHaveLength(1)
    bench.faults.push({ fault: { kind: 'drop' }, on: /^0220/ })
    const second = refundOf(bench, order, fen(1_000))
    await bench.channel.refund(bench.call, second)
    expect(await bench.channel.refund(bench.call, second)).toMatchObject({ outcome: 'confirmed' })
    expect(taken()).toBe(9_000)
  })

  it('without an inquiry a silent return waits for the file of the day, and is not sent twice', async () => {
    await open({ dialect: 'cups' })
    const [lost, dropped] = [bench.newOrder(), bench.newOrder()]
    const refunds = [refundOf(bench, lost), refundOf(bench, dropped)] as const
    for (const order of [lost, dropped]) await charge(order)
    silence(/^0200\/200000/)
    bench.faults.push({ fault: { kind: 'drop' }, on: /^0200\/200000/ })
    for (const refund of refunds) {
      expect(await bench.channel.refund(bench.call, refund)).toMatchObject({ outcome: 'unknown' })
      expect(await bench.channel.refund(bench.call, refund)).toMatchObject({ outcome: 'unknown' })
    }
    expect(taken()).toBe(12_345)
    await endTwoDays()
    expect(await bench.channel.queryRefund(bench.call, refunds[0])).toMatchObject({
      outcome: 'confirmed',
    })
    expect(await bench.channel.queryRefund(bench.call, refunds[1])).toEqual({ outcome: 'absent' })
    expect(await bench.channel.refund(bench.call, refunds[0])).toMatchObject({
      outcome: 'confirmed',
    })
    expect(taken()).toBe(12_345)
  })

  it('a return that is sent again days later is looked for on that day, and stands in its list', async () => {
    await open({ dialect: 'cups' })
    const order = bench.newOrder()
    await charge(order)
    const refund = refundOf(bench, order, fen(2_345))
    const giveBack = () => bench.channel.refund(bench.call, refund)
    bench.faults.push({ fault: { kind: 'drop' }, on: /^0220/ })
    expect(await giveBack()).toMatchObject({ outcome: 'unknown' })
    await endTwoDays()
    const businessDate = businessDateOf(bench.clock.now())
    silence(/^0220/)
    for (let i = 0; i < 3; i++) expect(await giveBack()).toMatchObject({ outcome: 'unknown' })
    expect(sent(/^0220/)).toHaveLength(2)
    expect(taken()).toBe(10_000)
    await endTwoDays()
    const asked = { hospitalId: HOSPITAL, businessDate, ownMoves: [] }
    expect(await bench.channel.statement(bench.call, asked)).toMatchObject({
      outcome: 'lines',
      lines: [{ kind: 'return', ourNo: refund.refundNo, amountFen: 2_345 }],
    })
    expect(await giveBack()).toMatchObject({ outcome: 'confirmed' })
    expect([sent(/^0220/).length, taken()]).toEqual([2, 10_000])
  })
})

async function endTwoDays(): Promise<void> {
  const today = businessDateOf(bench.clock.now())
  bench.clock.advance(24 * 60 * MINUTE_MS)
  const tomorrow = businessDateOf(bench.clock.now())
  bench.clock.advance(24 * 60 * MINUTE_MS)
  for (const date of [today, tomorrow]) bench.bank.writeDayFile(date)
}

/** Waits for what comes by itself; the test's own limit ends it otherwise. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('another bank', () => {
  it('that stands at the address has other keys, and is told nothing of a card', async () => {
    await open()
    const stranger = await startBank({
      clock: bench.clock,
      random: seededRandom('stranger'),
      faults: () => null,
      databaseFile: ':memory:',
      port: 0,
      dialect: 'ascii128',
      mac: 'x9.19',
      merchantId: MERCHANT,
      terminals: [{ id: TERMINAL, masterKey: '00112233445566778899AABBCCDDEEFF' }],
      cards: [{ pan: PAN, balanceFen: FULL }],
      dayFileFolder: '.',
    })
    const fooled = bench.another({ port: stranger.port })
    expect(await fooled.charge(bench.call, bench.newOrder())).toEqual({
      outcome: 'unknown',
      reason: 'the keys of the sign-in do not fit their check values',
    })
    expect(sent(SALE)).toEqual([])
    await stranger.stop()
  })
})

const byText = (a = '', b = '') => (a < b ? -1 : 1)

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
