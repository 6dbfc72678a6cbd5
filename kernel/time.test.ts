import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  addDays,
  addMs,
  businessDate,
  businessDateOf,
  DAY_MS,
  instantAt,
  isBusinessDate,
  toShanghaiIso,
  toShanghaiText,
  yearsBetween,
} from './time.ts'

describe('a business date', () => {
  it('is the day in Shanghai, whatever zone the machine is in', () => {
    expect(businessDateOf(new Date('2026-11-20T15:59:59.999Z'))).toBe('2026-11-20')
    expect(businessDateOf(new Date('2026-11-20T16:00:00.000Z'))).toBe('2026-11-21')
  })

  it('is a day of the calendar and nothing else', () => {
    expect(isBusinessDate('2024-02-29')).toBe(true)
    for (const wrong of [
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-11-31',
      '2026-1-01',
      '20261121',
      ' 2026-11-21',
      '2026-11-21T00:00:00Z',
      '',
    ]) {
      expect(isBusinessDate(wrong)).toBe(false)
      expect(() => businessDate(wrong)).toThrow('is not a day')
    }
  })

  it('is entered at its first instant and left at the first of the next', () => {
    const days = fc.integer({ min: 0, max: 36_500 })
    fc.assert(
      fc.property(days, (n) => {
        const day = addDays(businessDate('2000-01-01'), n)
        const start = instantAt(day)
        expect(businessDateOf(start)).toBe(day)
        expect(businessDateOf(addMs(start, -1))).toBe(addDays(day, -1))
        expect(businessDateOf(addMs(start, DAY_MS))).toBe(addDays(day, 1))
      }),
    )
  })

  it('is so many whole years from another: an age changes on the birthday', () => {
    const birth = businessDate('1956-02-29')
    expect(yearsBetween(birth, businessDate('2026-02-28'))).toBe(69)
    expect(yearsBetween(birth, businessDate('2026-03-01'))).toBe(70)
    expect(yearsBetween(birth, birth)).toBe(0)
  })

  it('crosses months and leap years', () => {
    expect(addDays(businessDate('2024-02-28'), 1)).toBe('2024-02-29')
    expect(addDays(businessDate('2026-12-31'), 1)).toBe('2027-01-01')
    expect(addDays(businessDate('2026-03-01'), -1)).toBe('2026-02-28')
  })
})

it('writes an instant as gateways and people in Shanghai read it', () => {
  const instant = instantAt(businessDate('2026-11-21'), '07:30:05')
  expect(instant.toISOString()).toBe('2026-11-20T23:30:05.000Z')
  expect(toShanghaiIso(instant)).toBe('2026-11-21T07:30:05+08:00')
  expect(toShanghaiText(instant)).toBe('2026-11-21 07:30:05')
})
