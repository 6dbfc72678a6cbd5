import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import sqlite from 'node-sqlite3-wasm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { addFen, fen, parseYuan } from '../../../kernel/money.ts'
import { chance, pick, randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addDays, businessDateOf, instantAt, MINUTE_MS } from '../../../kernel/time.ts'
import { startWechatPay } from './index.ts'
import { MCHID, startTestBed, type TestBed, testOptions } from './testing/bed.ts'

const REFUNDS = '/v3/refund/domestic/refunds'

const refundOf = (outTradeNo: string, no: string, refund: number, total: number) => ({
  out_trade_no: outTradeNo,
  out_refund_no: no,
  amount: { refund, total, currency: 'CNY' },
})

describe('checkBooks', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'wechat-books-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it.each([
    ['a line changed', "update line set amount_fen = amount_fen + 1 where title = '交易'", 'entry'],
    ['a line lost', 'delete from line where id = (select max(id) from line)', 'entry'],
    ['a balance changed', "update account set balance_fen = 1 where name = 'fees'", 'balance'],
    ['a balance below zero', "update account set balance_fen = -1 where name = 'fees'", 'below'],
    ['a running balance changed', 'update line set balance_fen = 1 where id = 5', 'running'],
    [
      'money made',
      "update account set balance_fen = balance_fen + 1 where name = 'fees'",
      'sum to',
    ],
    ['a total changed', 'update trade_order set total_fen = total_fen + 1', 'payment is not'],
    ['a payment unbooked', "update entry set business_no = 'x'", 'payment is not'],
    ['a payment forgotten', "update trade_order set state = 'NOTPAY'", 'unpaid order'],
    ['a refund too large', 'update refund set amount_fen = amount_fen + 9999', 'past the order'],
    ['a refund forgotten', 'delete from refund', 'past the order'],
    ['a refund unpaid', "update refund set status = 'SUCCESS'", 'in transit'],
  ])('finds %s', async (_what, tampering, rule) => {
    const databaseFile = join(dir, 'wechat.db')
    const bed = await startTestBed({ databaseFile })
    const { body } = await bed.placeAndPay()
    await bed.merchant.post(REFUNDS, refundOf(body.out_trade_no, 'R1', 100, 2_850))
    await bed.stop()
    const db = new sqlite.Database(databaseFile)
    db.exec(`pragma locking_mode = exclusive; pragma foreign_keys = off; ${tampering}`)
    db.close()
    const simulator = await startWechatPay(testOptions({ databaseFile, clock: bed.clock }))
    expect(simulator.checkBooks().join('\n')).toContain(rule)
    await simulator.stop()
  })
})

describe('a week of anything', () => {
  let bed: TestBed
  afterEach(() => bed.stop())

  it.each(['a', 'b', 'c'])(
    'of seed %s keeps the books, and the bills of each day add up to them',
    async (seed) => {
      const random = seededRandom(`week ${seed}`)
      bed = await startTestBed({
        random: seededRandom(`simulator ${seed}`),
        faults: (point) => {
          const dice = seededRandom(`${seed} ${point.operation} ${point.key} ${point.attempt}`)
          if (!chance(dice, 150_000)) return null
          return pick(dice, [
            { kind: 'refuse' },
            { kind: 'drop' },
            { kind: 'lose_answer' },
            { kind: 'garble' },
            { kind: 'lose_notice' },
            { kind: 'duplicate_notice', times: 2 },
            { kind: 'decline', code: 'NOT_ENOUGH' },
          ])
        },
      })
      const firstDay = businessDateOf(bed.clock.now())
      for (let step = 0; step < 250; step++) await anyStep(random, step)
      bed.clock.set(instantAt(addDays(firstDay, 8), '09:00:00'))
      for (let i = 0; i < 8; i++) await compareBills(addDays(firstDay, i))
      expect(bed.simulator.orders().some(({ state }) => state === 'REFUND')).toBe(true)
    },
    30_000,
  )

  async function anyStep(random: ReturnType<typeof seededRandom>, step: number) {
    const orders = bed.simulator.orders()
    const order = orders.length > 0 ? pick(random, orders) : null
    // Whatever a fault makes of a call, the books must bear it.
    const ask = (target: string, body: unknown) =>
      bed.merchant.post(target, body).then(
        () => null,
        () => null,
      )
    switch (randomBelow(random, 6)) {
      case 0:
      case 1:
        await bed
          .placeAndPay({ amount: { total: 1 + randomBelow(random, 50_000) } })
          .catch(() => null)
        break
      case 2:
      case 3:
        if (order) {
          const part = 1 + randomBelow(random, order.totalFen)
          await ask(REFUNDS, refundOf(order.outTradeNo, `R${step}`, part, order.totalFen))
        }
        break
      case 4:
        if (order) {
          const close = `/v3/pay/transactions/out-trade-no/${order.outTradeNo}/close`
          await ask(close, { mchid: MCHID })
        }
        break
      default:
        if (bed.simulator.merchantBalance(MCHID) > 10) bed.simulator.withdraw(MCHID, fen(10))
    }
    bed.clock.advance(randomBelow(random, 70) * MINUTE_MS)
    await bed.simulator.runDue()
    expect(bed.simulator.checkBooks()).toEqual([])
  }

  /** Orders less refunds less fees is what the merchant's balance gained, withdrawals aside. */
  async function compareBills(date: string) {
    const trade = await fetchLines(`/v3/bill/tradebill?bill_date=${date}`)
    const flow = await fetchLines(`/v3/bill/fundflowbill?bill_date=${date}`)
    const totals = trade?.at(-1)
    const yuan = (text = '') => parseYuan(text) ?? fen(Number.NaN)
    const gained = totals ? yuan(totals[1]) - yuan(totals[2]) - yuan(totals[4]) : 0
    const moved = (flow ?? []).slice(1, -2).filter((line) => line[4] !== '提现')
    const signed = moved.map((line) => fen(line[5] === '收入' ? yuan(line[6]) : 0 - yuan(line[6])))
    expect(addFen(...signed)).toBe(gained)
  }

  /** A bill's lines, each as its fields; null on a day without one. */
  async function fetchLines(target: string): Promise<string[][] | null> {
    for (;;) {
      const answer = await bed.merchant.get(target).catch(() => null)
      if (answer?.status === 400) return null
      const { download_url: url } = (answer?.json ?? {}) as { download_url?: string }
      const file =
        url && (await bed.merchant.get(url.replace(bed.simulator.url, '')).catch(() => null))
      if (!file || file.status !== 200 || file.text.startsWith('<')) continue
      return file.text
        .split('\r\n')
        .slice(0, -1)
        .map((line) => line.slice(1).split(',`'))
    }
  }
})
