import { expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import type { Volume } from './dependencies.ts'
import { actualSharePpm, createTakings, NO_TAKINGS } from './takings.ts'

const HOSPITAL = 1 as HospitalId

function openBooks() {
  const { clock } = testPlatform()
  const today = businessDateOf(clock.now())
  const volumes: Volume[] = []
  const asked: string[] = []
  const { takingsOf } = createTakings({
    clock,
    volumesOf: async (_hospitalId, from, to) => {
      asked.push(`${from} ${to}`)
      return volumes.filter(({ businessDate }) => businessDate >= from && businessDate <= to)
    },
  })
  const take = (daysAgo: number, channel: string, amount: number, count = 1) =>
    volumes.push({
      channel,
      businessDate: addDays(today, -daysAgo),
      count,
      amountFen: fen(amount),
    })
  return { clock, today, asked, takingsOf, take }
}

it('sums up today and the window, which today is a day of', async () => {
  const { takingsOf, take } = openBooks()
  take(0, 'wechat', 300, 2)
  take(1, 'wechat', 50)
  take(1, 'icbc', 7)
  take(2, 'icbc', 1_000)
  const taken = await takingsOf(HOSPITAL, 2)
  expect(taken.get('wechat')).toEqual({
    todayFen: 300,
    todayCount: 2,
    windowFen: 350,
    windowCount: 3,
  })
  expect(taken.get('icbc')).toEqual({ ...NO_TAKINGS, windowFen: 7, windowCount: 1 })
})

it('asks the books for today after half a minute, and for the days before after an hour', async () => {
  const { clock, today, asked, takingsOf } = openBooks()
  const both = [`${addDays(today, -29)} ${addDays(today, -1)}`, `${today} ${today}`]
  await takingsOf(HOSPITAL, 30)
  await takingsOf(HOSPITAL, 30)
  expect(asked).toEqual(both)
  clock.advance(MINUTE_MS)
  await takingsOf(HOSPITAL, 30)
  expect(asked).toEqual([...both, both[1]])
  clock.advance(HOUR_MS)
  await takingsOf(HOSPITAL, 30)
  expect(asked).toHaveLength(5)
  await takingsOf(HOSPITAL, 1)
  expect(asked).toHaveLength(5)
})

it('a share is one of what all channels took, and unknown while there is nothing', () => {
  const wechat = { ...NO_TAKINGS, windowFen: fen(300), windowCount: 1 }
  const icbc = { ...NO_TAKINGS, windowFen: fen(100), windowCount: 3 }
  const all = [wechat, icbc]
  expect(actualSharePpm(wechat, all, { shareBy: 'amount' })).toBe(750_000)
  expect(actualSharePpm(wechat, all, { shareBy: 'count' })).toBe(250_000)
  expect(actualSharePpm(NO_TAKINGS, [NO_TAKINGS], { shareBy: 'amount' })).toBeNull()
})
