import fc from 'fast-check'
import { expect, it } from 'vitest'

import { addDays, businessDate } from '../../../kernel/time.ts'
import { monthOf, weeksOf } from './month.ts'
import { arrivalState } from './words.ts'

it('lays out a month in weeks from Monday to Sunday', () => {
  expect(monthOf(businessDate('2026-02-10'))).toEqual({ first: '2026-02-01', last: '2026-02-28' })
  const november = weeksOf(businessDate('2026-11-21'))
  expect(november[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
  expect(november.at(-1)?.[0]).toBe('2026-11-30')
})

it('has every day of the month once, in order, under its weekday', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
      const date = addDays(businessDate('2000-01-01'), days)
      const weeks = weeksOf(date)
      const listed = weeks.flat().filter((day) => day !== null)
      expect(listed[0]).toBe(monthOf(date).first)
      expect(listed.at(-1)).toBe(monthOf(date).last)
      expect(listed).toContain(date)
      expect(listed).toEqual(listed.map((_, i) => addDays(monthOf(date).first, i)))
      for (const week of weeks) {
        expect(week).toHaveLength(7)
        const weekdays = week.map((day) => day && new Date(`${day}T00:00:00Z`).getUTCDay())
        expect(weekdays).toEqual(week.map((day, i) => day && (i + 1) % 7))
      }
    }),
  )
})

it('a list that came after three in the afternoon of the next day came late', () => {
  const arrival = {
    source: 'wechat',
    status: 'received',
    version: 1,
    nextTryAt: null,
    reason: null,
    refusalCode: null,
  } as const
  const at = (receivedAt: string) => arrivalState('2026-11-20', { ...arrival, receivedAt })
  expect(at('2026-11-21T06:59:00Z')).toBe('received')
  expect(at('2026-11-21T07:01:00Z')).toBe('late')
  expect(arrivalState('2026-11-20', { ...arrival, status: 'missing', receivedAt: null })).toBe(
    'missing',
  )
})
