import { afterEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf, instantAt } from '../../kernel/time.ts'
import type { ChargeOrder } from '../../modules/payments/index.ts'
import {
  type BankBench,
  type BankBenchOptions,
  BARCODE,
  CARD_TOKEN,
  HOSPITAL,
  MASTER_KEY,
  openBank,
  PAN,
  PIN,
  refundOf,
  TERMINAL,
} from './iso8583-bench.ts'

let bench: BankBench
const open = async (options: BankBenchOptions = {}) => (bench = await openBank(options))
afterEach(() => bench.close())

const charge = (order: ChargeOrder) => bench.channel.charge(bench.call, order)
const release = (order: ChargeOrder) => bench.channel.release(bench.call, order)
const sent = (operation: RegExp) => bench.exchanges.filter((e) => operation.test(e.operation))
const taken = () => 10_000_000_000 - bench.bank.balanceOf(PAN)
const withCard = (changes: object) => ({
  presence: {
    token: JSON.stringify({ ...(JSON.parse(CARD_TOKEN) as object), ...changes }),
    ip: null,
    returnUrl: null,
  },
})
const DIALECTS = ['cups', 'ascii128', 'columns'] as const
const SALE = /^0200\/000000/

describe.each(DIALECTS)('keys at a bank over %s', (dialect) => {
  it('that the bank changed are fetched, and the charge is sent once more and booked once', async () => {
    await open({ dialect })
    await charge(bench.newOrder())
    bench.bank.replaceKeys(TERMINAL)
    expect(await charge(bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    expect(sent(SALE).map(({ outcome }) => outcome)).toEqual(['F39=00', 'F39=A0', 'F39=00'])
    bench.bank.endShift(TERMINAL)
    expect(await charge(bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    expect(sent(SALE).at(-2)?.outcome).toBe('F39=77')
    expect(sent(/^0800/)).toHaveLength(3)
    expect(taken()).toBe(3 * 12_345)
  })

  it('with a PIN block that the bank cannot open are fetched too', async () => {
    await open({ dialect })
    await charge(bench.newOrder())
    bench.faults.push({ fault: { kind: 'decline', code: '99' }, on: SALE })
    expect(await charge(bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    expect(sent(/^0800/)).toHaveLength(2)
    expect(taken()).toBe(2 * 12_345)
  })

  it('that differ for ever prove nothing: unknown, and nothing is booked', async () => {
    const wrong = dialect === 'columns' ? 'ecb' : 'x9.9'
    await open({ dialect, params: { macAlgorithm: wrong } })
    const order = bench.newOrder()
    expect(await charge(order)).toEqual({ outcome: 'unknown', reason: 'answered A0' })
    expect(await release(order)).toMatchObject({ outcome: 'unknown' })
    expect(bench.bank.moves()).toEqual([])
  })

  it('prove an answer: with another MAC it is no answer, and the charge is taken back for it', async () => {
    await open({ dialect })
    bench.faults.push({ fault: { kind: 'wrong_mac' }, on: SALE })
    const order = bench.newOrder()
    expect(await charge(order)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('MAC'),
    })
    expect(taken()).toBe(12_345)
    expect(await release(order)).toEqual({ outcome: 'released' })
    expect(sent(/^0400/)[0]?.request).toContain('F39=A0')
    expect(taken()).toBe(0)
  })
})

describe('keys', () => {
  it('changed under fifty charges in flight are fetched once', async () => {
    await open({ shuffleMs: 40, timeoutMs: 10_000 })
    await charge(bench.newOrder())
    bench.bank.endShift(TERMINAL)
    const orders = Array.from({ length: 50 }, () => bench.newOrder())
    const answers = await Promise.all(orders.map(charge))
    expect(answers.every(({ outcome }) => outcome === 'confirmed')).toBe(true)
    expect(sent(/^0800/)).toHaveLength(2)
    expect(taken()).toBe(51 * 12_345)
  })

  it('of one process serve the others, as a second sign-in would end them', async () => {
    await open()
    await charge(bench.newOrder())
    const other = bench.another()
    expect(await other.charge(bench.call, bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    bench.bank.replaceKeys(TERMINAL)
    expect(await other.charge(bench.call, bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    expect(await charge(bench.newOrder())).toMatchObject({ outcome: 'confirmed' })
    expect(sent(/^0800/)).toHaveLength(2)
  })

  it('are asked for by hand, and a bank that refuses is heard', async () => {
    await open()
    expect(await bench.channel.signIn(bench.call, TERMINAL)).toBeNull()
    bench.faults.push({ fault: { kind: 'decline', code: '97' }, on: /^0800/ })
    expect(await bench.channel.signIn(bench.call, TERMINAL)).toBe('the sign-in was answered 97')
  })
})

describe('a card', () => {
  it.each([
    ['a wrong PIN', { pin: '000000' }, 'pin_wrong'],
    ['no PIN where one was said', { pin: undefined }, 'pin_wrong'],
    [
      'a number the bank does not know',
      { pan: '6222020000000000000', track2: undefined },
      'card_invalid',
    ],
  ])('with %s is declined by the bank', async (_what, changes, code) => {
    await open()
    const order = bench.newOrder(withCard(changes))
    expect(await charge(order)).toMatchObject({ outcome: 'declined', code })
    expect(await bench.channel.query(bench.call, order)).toMatchObject({
      outcome: 'declined',
      code,
    })
    expect(await release(order)).toEqual({ outcome: 'released' })
    expect(taken()).toBe(0)
  })

  it('without money is declined, and stays so', async () => {
    await open()
    const order = bench.newOrder({ amountFen: fen(10_000_000_001) })
    const declined = { outcome: 'declined', code: 'insufficient_funds' }
    expect(await charge(order)).toMatchObject(declined)
    expect(await charge(order)).toMatchObject(declined)
    expect(sent(SALE)).toHaveLength(1)
  })

  it('of more than twelve digits of fen cannot be written, and was never sent', async () => {
    await open()
    const order = bench.newOrder({ amountFen: fen(1_000_000_000_000) })
    expect(await charge(order)).toMatchObject({ outcome: 'unknown' })
    expect(await charge(order)).toMatchObject({ outcome: 'declined', code: 'not_sent' })
  })

  it.each([
    ['a terminal of another hospital', withCard({ terminal: 'T9999999' }), 'terminal_unknown'],
    [
      'text that is no card',
      { presence: { token: 'x', ip: null, returnUrl: null } },
      'card_unreadable',
    ],
    ['a field too many', withCard({ cvn2: '123' }), 'card_unreadable'],
  ])('from %s is refused before anything is sent', async (_what, changes, code) => {
    await open()
    expect(await charge(bench.newOrder(changes))).toMatchObject({ outcome: 'declined', code })
    expect(bench.exchanges).toEqual([])
  })

  it('a charge without one was never sent, and from then on never will be', async () => {
    await open()
    const order = bench.newOrder()
    const without = { ...order, presence: null }
    expect(await charge(without)).toMatchObject({ outcome: 'declined', code: 'not_sent' })
    expect(await charge(order)).toMatchObject({ outcome: 'declined', code: 'not_sent' })
    expect(bench.bank.moves()).toEqual([])
  })

  it.each(DIALECTS)(
    'and its PIN stand nowhere: no trace, no log, no record over %s',
    async (dialect) => {
      await open({ dialect })
      const order = bench.newOrder()
      bench.faults.push({ fault: { kind: 'duplicate' }, on: SALE })
      await charge(order)
      await bench.channel.refund(bench.call, refundOf(bench, order))
      await charge(bench.newOrder(withCard({ pin: '000000' })))
      const code = { token: BARCODE, ip: null, returnUrl: null }
      await charge(bench.newOrder({ method: 'barcode', presence: code }))
      const kept = JSON.stringify([bench.exchanges, bench.logged, bench.traces.records])
      const track = '30122210000012345'
      for (const secret of [PAN, PIN, BARCODE, track, '9F2608', MASTER_KEY]) {
        expect(kept).not.toContain(secret)
      }
      expect(kept).toContain('F2=622202*********0123')
    },
  )
})

describe.each(DIALECTS)("a terminal's day over %s", (dialect) => {
  it('F-65: ends with totals that agree; what is returned later is a refund and no void', async () => {
    await open({ dialect })
    const [first, second, third] = [bench.newOrder(), bench.newOrder(), bench.newOrder()]
    for (const order of [first, second, third]) await charge(order)
    await bench.channel.refund(bench.call, refundOf(bench, first))
    await bench.channel.refund(bench.call, refundOf(bench, second, fen(345)))
    const lost = bench.newOrder()
    bench.faults.push({ fault: { kind: 'lose_answer' }, on: SALE })
    await charge(lost)
    await release(lost)
    expect(await bench.channel.settleBatch(bench.call, TERMINAL)).toEqual({
      outcome: 'settled',
      agrees: true,
      batch: '000001',
      totals: {
        charges: { count: 3, amountFen: 37_035 },
        returns: { count: 2, amountFen: 12_690 },
      },
      nextSignIn: null,
    })
    await bench.channel.refund(bench.call, refundOf(bench, third))
    const moves = bench.bank.moves()
    expect(moves.filter(({ kind }) => kind === 'void')).toHaveLength(1)
    expect(moves.at(-1)).toMatchObject({ kind: 'refund', batch: '000002', amountFen: 12_345 })
    expect(taken()).toBe(12_345 - 345)
  })

  it('is told when the totals differ, and a silent bank is asked again about the same batch', async () => {
    await open({ dialect })
    const order = bench.newOrder()
    bench.faults.push({ fault: { kind: 'lose_answer' }, on: SALE })
    await charge(order)
    bench.faults.push({ fault: { kind: 'lose_answer' }, on: /^0500/ })
    const settle = () => bench.channel.settleBatch(bench.call, TERMINAL)
    expect(await settle()).toMatchObject({ outcome: 'unknown' })
    expect(await settle()).toMatchObject({ outcome: 'settled', agrees: false, batch: '000001' })
  })

  it('that ends before midnight makes a business date of two files', async () => {
    const dayFile = { cutOver: '23:00:00', readyAt: '06:00:00' }
    await open({ dialect, cutOver: '23:00:00', params: { dayFile } })
    const today = businessDateOf(bench.clock.now())
    const tomorrow = addDays(today, 1)
    const orders = [bench.newOrder(), bench.newOrder(), bench.newOrder()] as const
    const times = [instantAt(today, '22:59:59'), instantAt(today, '23:30:00'), instantAt(tomorrow)]
    for (const [i, order] of orders.entries()) {
      bench.clock.set(times[i] ?? times[0] ?? instantAt(today))
      await charge(order)
    }
    const ask = () =>
      bench.channel.statement(bench.call, {
        hospitalId: HOSPITAL,
        businessDate: today,
        ownMoves: [],
      })
    bench.bank.writeDayFile(today)
    bench.clock.set(instantAt(addDays(today, 1), '06:00:00'))
    expect(await ask()).toMatchObject({ outcome: 'not_ready' })
    bench.clock.set(instantAt(addDays(today, 2), '06:00:00'))
    expect(await ask()).toMatchObject({
      outcome: 'not_ready',
      reason: expect.stringMatching(/not there/),
    })
    bench.bank.writeDayFile(tomorrow)
    expect(await ask()).toMatchObject({
      outcome: 'lines',
      lines: [{ ourNo: orders[0].tradeNo }, { ourNo: orders[1].tradeNo }],
      feeFen: 2 * 46,
    })
  })
})
