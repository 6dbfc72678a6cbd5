import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, businessDate, businessDateOf, instantAt } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { StatementLine } from '../payments/index.ts'
import { HOSPITAL, reconciliationWorld } from './testing/world.ts'

const D = businessDate('2026-11-20')
const NEXT = addDays(D, 1)
const AFTER = addDays(D, 2)
const FINANCE = { name: 'staff:finance', requestId: null }

let world: ReturnType<typeof reconciliationWorld>
const used: TestDatabase[] = []

beforeEach(async () => {
  const db = await createTestDatabase()
  used.push(db)
  world = reconciliationWorld(db)
})
afterAll(async () => {
  for (const database of used) await database[Symbol.asyncDispose]()
})

const wechat = () => world.listFacts('wechat', D, D)

describe('what is known of a channel’s lists', () => {
  it('[S2] is how many rows were compared, how many differ, and by how much', async () => {
    for (const billNo of ['B1', 'B2', 'B3']) await world.pay(billNo)
    // Of three charges of ¥40.00 the list has one, and one with ¥0.01 too much.
    world.wallet.script.relist = ([first, second]) =>
      first && second ? [first, { ...second, amountFen: fen(4_001) }] : []
    await world.passTo(NEXT, '10:20:00')
    const { arrivals, comparisons } = await wechat()
    expect(arrivals.map(({ businessDate: date }) => date)).toEqual([D])
    expect(arrivals.map(({ receivedAt }) => businessDateOf(receivedAt))).toEqual([NEXT])
    expect(comparisons).toMatchObject([
      { businessDate: D, rows: 3, amountFen: 12_000, differences: 2, differenceFen: 4_001 },
    ])
    expect(world.compared).toContain(`${D} wechat`)
    expect(await world.listFacts('alipay', D, AFTER)).toEqual({ arrivals: [], comparisons: [] })
    expect(await world.listFacts('wechat', NEXT, AFTER)).toEqual({ arrivals: [], comparisons: [] })
  })

  it('keeps when the list came first and when it came out so first, and others hear only of what is new', async () => {
    await world.pay('B1')
    world.wallet.script.relist = () => []
    await world.passTo(NEXT, '10:20:00')
    const before = await wechat()
    expect(before.comparisons).toMatchObject([{ rows: 1, differences: 1, differenceFen: 4_000 }])
    const heard = () => world.compared.filter((told) => told === `${D} wechat`).length
    expect(heard()).toBe(1)

    await world.reconciliation.rerun(HOSPITAL, D, FINANCE)
    await world.settle()
    expect(await wechat()).toEqual(before)
    expect(heard()).toBe(1)

    world.wallet.script.relist = (lines) => lines
    await world.passTo(AFTER, '11:00:00')
    const { arrivals, comparisons } = await wechat()
    expect(arrivals).toEqual(before.arrivals)
    expect(comparisons).toMatchObject([{ rows: 1, differences: 0, differenceFen: 0 }])
    expect(comparisons[0]?.comparedAt.getTime()).toBeGreaterThan(
      before.comparisons[0]?.comparedAt.getTime() ?? Number.NaN,
    )
    expect(heard()).toBe(2)
  })

  it('counts no row that both have with one amount, on two sides of midnight', async () => {
    world.clock.set(instantAt(D, '23:00:00'))
    await world.pay('B1')
    await world.pay('B2')
    // Their clock is ahead: one charge of ours of this day stands in their list of the next.
    const ahead: StatementLine[] = []
    world.wallet.script.relist = (lines, date) => {
      if (date !== D) return date === NEXT ? [...lines, ...ahead.slice(0, 1)] : lines
      ahead.push(...lines.slice(1))
      return lines.slice(0, 1)
    }
    await world.passTo(addDays(D, 3), '11:00:00')
    expect((await world.differences(D)).map((d) => [d.class, d.present])).toEqual([
      ['ours_only', false],
      ['cross_day', true],
    ])
    const { comparisons } = await world.listFacts('wechat', D, NEXT)
    expect(comparisons.map(({ differences }) => differences)).toEqual([0, 0])
  })
})
