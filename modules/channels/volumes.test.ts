import { expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { type BusinessDate, businessDate, DAY_MS, HOUR_MS, SECOND_MS } from '../../kernel/time.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import type { Volume } from './dependencies.ts'
import { createVolumes } from './volumes.ts'

const HOSPITAL = 1 as HospitalId
const { clock } = testPlatform()

function setUp() {
  const books: Volume[] = []
  const reads: string[] = []
  const volumesOf = async (_id: HospitalId, from: BusinessDate, to: BusinessDate) => {
    reads.push(`${from} ${to}`)
    return books.filter((row) => row.businessDate >= from && row.businessDate <= to)
  }
  const add = (date: string, amountFen: number) =>
    void books.push({
      channel: 'wechat',
      businessDate: businessDate(date),
      count: 1,
      amountFen: fen(amountFen),
    })
  const volumes = createVolumes({ clock, volumesOf })
  const taken = async () => (await volumes.takenOf(HOSPITAL, 30)).get('wechat')
  return { volumes, add, reads, taken }
}

it('adds up the window and today, and reads the days that are over once an hour', async () => {
  clock.set(new Date('2026-11-21T10:00:00+08:00'))
  const { add, reads, taken } = setUp()
  add('2026-10-22', 1)
  add('2026-10-23', 20)
  add('2026-11-20', 300)
  add('2026-11-21', 4_000)
  expect(await taken()).toEqual({ todayFen: 4_000, windowFen: 4_320, windowCount: 3 })
  expect(reads).toEqual(['2026-10-23 2026-11-20', '2026-11-21 2026-11-21'])
  clock.advance(29 * SECOND_MS)
  await taken()
  expect(reads).toHaveLength(2)
  add('2026-11-21', 50_000)
  clock.advance(SECOND_MS)
  expect(await taken()).toMatchObject({ todayFen: 54_000, windowCount: 4 })
  expect(reads.slice(2)).toEqual(['2026-11-21 2026-11-21'])
  clock.advance(HOUR_MS)
  await taken()
  expect(reads.slice(3)).toEqual(['2026-10-23 2026-11-20', '2026-11-21 2026-11-21'])
})

it('begins a new day with nothing taken, and the window moves on', async () => {
  clock.set(new Date('2026-11-21T23:59:50+08:00'))
  const { add, taken } = setUp()
  add('2026-10-23', 1)
  add('2026-11-21', 20)
  expect(await taken()).toMatchObject({ todayFen: 20, windowFen: 21 })
  clock.advance(10 * SECOND_MS)
  expect(await taken()).toEqual({ todayFen: 0, windowFen: 20, windowCount: 1 })
})

it('counts what was sent there for two minutes, until the books have it', async () => {
  clock.set(new Date('2026-11-22T10:00:00+08:00'))
  const { volumes, taken } = setUp()
  expect(await taken()).toBeUndefined()
  for (let i = 0; i < 25; i++) {
    volumes.note(HOSPITAL, 'wechat', fen(100))
    clock.advance(SECOND_MS)
  }
  expect(await taken()).toEqual({ todayFen: 2_500, windowFen: 2_500, windowCount: 25 })
  clock.advance(100 * SECOND_MS)
  expect(await taken()).toMatchObject({ windowCount: 15 }) // the first ten seconds are over
  clock.advance(DAY_MS)
  expect(await taken()).toBeUndefined()
})
