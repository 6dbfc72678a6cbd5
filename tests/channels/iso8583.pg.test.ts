import { afterAll, beforeAll, expect, it } from 'vitest'

import { businessDate } from '../../kernel/time.ts'
import { createTraceNumbers } from '../../modules/channels/trace-numbers.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { CARD_TOKEN, HOSPITAL, openBank, PAN, refundOf } from './iso8583-bench.ts'

// The channel on the numbers that the database keeps: what one process began another one ends.

let db: TestDatabase
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

it('a process that takes over from a dead one finds every charge by its number, and ends it', async () => {
  const bench = await openBank({ dialect: 'cups', numbers: createTraceNumbers({ db }) })
  const { channel, call, bank } = bench
  const taken = () => 10_000_000_000 - bank.balanceOf(PAN)

  const paid = bench.newOrder()
  const first = await channel.charge(call, paid)
  expect(first).toMatchObject({ outcome: 'confirmed' })
  bench.faults.push({ fault: { kind: 'lose_answer' }, on: /^0200/ })
  const lost = bench.newOrder()
  expect(await channel.charge(call, lost)).toMatchObject({ outcome: 'unknown' })
  expect(taken()).toBe(2 * 12_345)

  const after = bench.another()
  expect(await after.charge(call, { ...paid, presence: null })).toEqual(first)
  expect(await after.release(call, { ...lost, presence: null })).toEqual({ outcome: 'released' })
  expect(await channel.charge(call, lost)).toMatchObject({ outcome: 'declined', code: 'reversed' })
  expect(await after.refund(call, refundOf(bench, paid))).toMatchObject({ outcome: 'confirmed' })
  expect(taken()).toBe(0)

  const many = Array.from({ length: 30 }, () => bench.newOrder())
  const answers = await Promise.all(
    many.map((order, i) => (i % 2 === 0 ? channel : after).charge(call, order)),
  )
  expect(answers.every(({ outcome }) => outcome === 'confirmed')).toBe(true)
  const traces = bank.moves().map(({ trace }) => trace)
  expect(new Set(traces).size).toBe(traces.length)
  expect(taken()).toBe(30 * 12_345)
  await bench.close()
}, 60_000)

it('no row holds a card, a track or a PIN', async () => {
  const numbers = createTraceNumbers({ db })
  const rows = await numbers.usedBetween(
    { hospitalId: HOSPITAL, provider: 'bank' },
    businessDate('2026-11-20'),
    businessDate('2026-11-20'),
  )
  expect(rows.length).toBeGreaterThan(30)
  const text = JSON.stringify(rows)
  const { track2, pin } = JSON.parse(CARD_TOKEN) as { track2: string; pin: string }
  for (const secret of [PAN, track2, `"${pin}"`]) expect(text).not.toContain(secret)
})
