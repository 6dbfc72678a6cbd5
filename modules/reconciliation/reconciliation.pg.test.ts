import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, businessDate, HOUR_MS, instantAt } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { StatementLine } from '../payments/index.ts'
import { answerOf } from './testing/wallet.ts'
import { HOSPITAL, reconciliationWorld } from './testing/world.ts'
import { bridgeOf } from './view.ts'

const D = businessDate('2026-11-20')
const NEXT = addDays(D, 1)
const AFTER = addDays(D, 2)

let db: TestDatabase
let world: ReturnType<typeof reconciliationWorld>
const used: TestDatabase[] = []

beforeEach(async () => {
  db = await createTestDatabase()
  used.push(db)
  world = reconciliationWorld(db)
})
afterAll(async () => {
  for (const database of used) await database[Symbol.asyncDispose]()
})

const shortly = async (date = D) =>
  (await world.differences(date)).map((d) => `${d.source} ${d.class} ${d.kind} ${d.status}`)

describe('a day that agrees', () => {
  it('[B2] is read from all sides at dawn, compared to the fen and closed', async () => {
    await world.pay('B1', [10_000])
    const paid = await world.pay('B2', [20_000, 5_000])
    await world.refund(paid, 'B2', [2])
    await world.passTo(NEXT, '00:09:00')
    expect(await world.day(D)).toBeNull()
    await world.passTo(NEXT, '10:09:00')
    expect(await world.day(D)).toMatchObject({ status: 'gathering' })
    expect(world.wallet.script.statementsAsked).toBe(0)
    await world.passTo(NEXT, '10:20:00')
    expect(await world.day(D)).toMatchObject({ status: 'closed', last_error: null })
    expect(await world.differences(D)).toEqual([])
    expect(await world.cases()).toEqual([])

    const wallet = await world.comparison(D, 'wechat')
    expect(wallet?.figures.charge.theirs).toEqual({ count: 2, amountFen: 14_000 })
    expect(wallet?.figures.return.theirs).toEqual({ count: 1, amountFen: 2_000 })
    const insurer = await world.comparison(D, 'insurance')
    expect(insurer?.figures.charge.theirs).toEqual({ count: 3, amountFen: 6_000 + 15_000 + 12_000 })
    const hospital = await world.comparison(D, 'his')
    expect(hospital?.figures.charge.ours).toEqual({ count: 2, amountFen: 35_000 })
    expect(hospital?.figures.return.theirs).toEqual({ count: 1, amountFen: 5_000 })
  })

  it('[B2] asks no hospital for fees of numbers that the hub keeps, and says what they came to', async () => {
    await world.pay('B1', [10_000])
    const { newId } = testPlatform()
    const kept = [newId(), newId()].map((id) => tradeNoOf(HOSPITAL, id))
    world.hospital.script.relist = (rows) => rows.filter(({ billNo }) => !kept.includes(billNo))
    for (const billNo of kept) {
      const paid = await world.pay(billNo, [5_000])
      if (billNo === kept[1]) await world.refund(paid, billNo)
    }
    await world.passTo(NEXT, '10:20:00')
    expect(await world.differences(D)).toEqual([])
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    const hospital = await world.comparison(D, 'his')
    expect(hospital?.figures.charge.ours).toEqual({ count: 1, amountFen: 10_000 })
    expect(hospital?.figures).toMatchObject({
      return: { ours: { count: 0, amountFen: 0 } },
      keptHereFen: 5_000,
    })
    const comparisons = new Map(
      await Promise.all(
        ['wechat', 'insurance', 'his'].map(
          async (source) => [source, await world.comparison(D, source)] as const,
        ),
      ),
    )
    expect(bridgeOf(comparisons)).toMatchObject({
      oursFen: 15_000,
      keptHereFen: 5_000,
      inBetweenFen: 0,
      settledFen: 10_000,
      hospitalFen: 10_000,
    })
  })

  it('does not agree without the list of a party that took money and was then disconnected', async () => {
    await world.pay('B1')
    const providers = await world.dependencies.providersOf(HOSPITAL)
    const others = new Map([...providers].filter(([name]) => name !== 'wechat'))
    const later = world.make({ providersOf: async () => others })
    world.clock.set(instantAt(NEXT, '10:20:00'))
    await later.sweep(HOSPITAL)
    expect(await world.day(D)).toMatchObject({ status: 'gathering' })
    for (let hours = 0; hours < 48; hours++) {
      world.clock.advance(HOUR_MS)
      await later.sweep(HOSPITAL)
    }
    expect((await world.day(D))?.status).not.toBe('closed')
    expect(await world.cases('open')).toMatchObject([
      { class: 'statement_missing', subject: `statement:${D}:wechat` },
    ])
  })

  it('is the same when it is run again, and says so by its version', async () => {
    await world.pay('B1')
    await world.passTo(NEXT, '10:20:00')
    const before = await world.picture(D)
    const actor = { name: 'staff:finance', requestId: null }
    await world.reconciliation.rerun(HOSPITAL, D, actor)
    await world.settle()
    await world.reconciliation.rerun(HOSPITAL, D, actor)
    await world.settle()
    expect(await world.picture(D)).toEqual(before)
    expect((await world.comparison(D, 'wechat'))?.version).toBe(1)
    expect(await world.statements(D, 'wechat')).toHaveLength(1)
    expect(world.wallet.script.statementsAsked).toBe(3)
  })

  it('is caught up with once for each date when nobody looked for days', async () => {
    await world.pay('B1')
    world.clock.set(instantAt(addDays(D, 5), '11:00:00'))
    await world.settle()
    for (let days = 0; days < 5; days++) {
      expect(await world.day(addDays(D, days))).toMatchObject({ status: 'closed' })
    }
    expect(await world.day(addDays(D, 5))).toBeNull()
    expect(world.wallet.script.statementsAsked).toBe(5)
    expect(await world.cases()).toEqual([])
  })

  it('is not taken for one that agrees where nobody can be asked', async () => {
    await world.pay('B1')
    world.clock.set(instantAt(NEXT, '11:00:00'))
    const providersOf = async () => new Map()
    const alone = world.make({ providersOf, systemOf: async () => null })
    expect(await alone.sweep(HOSPITAL)).toBe(0)
    expect(await world.day(D)).toBeNull()
    await world.settle()
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
  })

  it('has no today and no tomorrow', async () => {
    await world.pay('B1')
    const actor = { name: 'staff:finance', requestId: null }
    await expect(world.reconciliation.rerun(HOSPITAL, D, actor)).rejects.toMatchObject({
      code: 'reconciliation.day_not_over',
    })
    await world.passTo(NEXT, '11:00:00')
    const before = world.reconciliation.rerun(HOSPITAL, addDays(D, -1), actor)
    await expect(before).rejects.toMatchObject({ code: 'reconciliation.day_not_found' })
  })
})

describe('lists that do not come as they should', () => {
  it('a list that cannot be trusted is refused whole, fetched three times, and then a case', async () => {
    await world.pay('B1')
    world.wallet.script.statement = { outcome: 'refused', code: 'hash', reason: 'sha1 differs' }
    await world.passTo(NEXT, '10:10:00')
    await world.settle()
    expect(world.wallet.script.statementsAsked).toBe(3)
    expect(await world.statements(D, 'wechat')).toEqual([])
    expect(await world.comparison(D, 'wechat')).toBeNull()
    expect(await world.day(D)).toMatchObject({ status: 'gathering' })
    expect(await world.cases('open')).toMatchObject([
      { class: 'statement_refused', subject: `statement:${D}:wechat`, amountFen: 4_000 },
    ])
    world.wallet.script.statement = null
    await world.passTo(NEXT, '16:00:00')
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    expect(await world.cases()).toMatchObject([{ resolution: 'statement_arrived' }])
  })

  it('a download that broke once is simply fetched again', async () => {
    await world.pay('B1')
    world.wallet.script.statement = { outcome: 'refused', code: 'truncated', reason: 'cut off' }
    const provider = world.wallet.channel
    const asks = provider.statement.bind(provider)
    provider.statement = async (call, request) => {
      const answer = await asks(call, request)
      world.wallet.script.statement = null
      return answer
    }
    await world.passTo(NEXT, '10:11:00')
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    expect(await world.cases()).toEqual([])
  })

  it('a list not there at 15:00 is missing and a case; the day is never balanced without it', async () => {
    await world.pay('B1')
    world.wallet.script.statement = { outcome: 'not_ready', reason: 'not yet' }
    await world.passTo(NEXT, '14:59:00')
    expect(await world.cases()).toEqual([])
    await world.passTo(NEXT, '15:00:00')
    await world.settle()
    expect(await world.cases('open')).toMatchObject([{ class: 'statement_missing' }])
    const asked = world.wallet.script.statementsAsked
    await world.passTo(NEXT, '20:30:00')
    expect(world.wallet.script.statementsAsked).toBe(asked + 5)
    expect(await world.cases()).toHaveLength(1)
    expect(await world.day(D)).toMatchObject({ status: 'gathering' })
    world.wallet.script.statement = null
    await world.passTo(NEXT, '21:00:00')
    await world.settle()
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    expect(await world.cases('open')).toEqual([])
  })

  it('a list that its maker promises for later is not asked for and nobody is called until then', async () => {
    await world.pay('B1')
    const notBefore = instantAt(AFTER, '09:00:00')
    world.wallet.script.statement = { outcome: 'not_ready', reason: 'made at nine', notBefore }
    await world.passTo(NEXT, '10:20:00')
    const asked = world.wallet.script.statementsAsked
    await world.passTo(AFTER, '08:59:00')
    expect(world.wallet.script.statementsAsked - asked).toBe(0)
    expect(await world.cases()).toEqual([])
    await world.passTo(AFTER, '09:10:00')
    await world.settle()
    // The promise was not kept, and every other deadline is over.
    expect(await world.cases('open')).toMatchObject([{ class: 'statement_missing' }])
    world.wallet.script.statement = null
    await world.passTo(AFTER, '14:00:00')
    await world.settle()
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
  })

  it('a list given out again with changes is another version, and the one before is kept', async () => {
    await world.pay('B1')
    await world.passTo(NEXT, '10:20:00')
    const [first] = await world.statements(D, 'wechat')
    world.wallet.script.relist = (lines, date) =>
      date === D ? [...lines, ...lines.map((line) => ({ ...line, ourNo: 'LATE' }))] : lines
    await world.passTo(AFTER, '10:45:00')
    const statements = await world.statements(D, 'wechat')
    expect(statements.map(({ version }) => version)).toEqual([2, 1])
    expect(statements[1]).toEqual(first)
    expect((await world.comparison(D, 'wechat'))?.version).toBe(2)
    expect(await shortly()).toEqual(['wechat theirs_only charge in_case'])
    // They take it back: version three, and the case has lost its ground.
    world.wallet.script.relist = (lines) => lines
    await world.passTo(addDays(D, 3), '10:45:00')
    expect(await world.statements(D, 'wechat')).toHaveLength(3)
    expect(await shortly()).toEqual(['wechat theirs_only charge repaired'])
    expect(await world.cases('open')).toEqual([])
  })

  it('comes to the same whatever list arrives first', async () => {
    const run = async (first: 'his' | 'wechat') => {
      const database = await createTestDatabase()
      used.push(database)
      const one = reconciliationWorld(database)
      one.hospital.script.loses = true
      await one.pay('B1')
      one.hospital.script.loses = false
      const closed = await one.order('B2')
      await one.passTo(D, '10:30:00')
      one.wallet.payAll(true)
      const late = { outcome: 'unknown' as const, reason: 'late' }
      if (first === 'wechat') one.hospital.script.dayList = late
      else one.wallet.script.statement = late
      await one.passTo(NEXT, '12:00:00')
      Object.assign(one.hospital.script, { dayList: null })
      Object.assign(one.wallet.script, { statement: null })
      await one.passTo(NEXT, '13:00:00')
      expect(await one.statusOf(closed)).toBe('closed')
      return one.picture(D)
    }
    const [a, b] = [await run('his'), await run('wechat')]
    expect(a.days).toEqual([{ status: 'closed' }])
    expect(a).toEqual(b)
  })

  it('a list with a zero byte or less than nothing in it is refused, not half taken', async () => {
    await world.pay('B1')
    const line: StatementLine = {
      kind: 'charge',
      ourNo: 'X',
      providerNo: 'Y',
      amountFen: fen(-1),
      at: null,
    }
    world.wallet.script.statement = answerOf([line])
    await world.passTo(NEXT, '10:20:00')
    expect(await world.cases('open')).toMatchObject([
      { class: 'statement_refused', reason: 'sums' },
    ])
    expect(await world.statements(D, 'wechat')).toEqual([])
  })
})
