import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type BusinessDate, toShanghaiText } from '../../../kernel/time.ts'
import { dateOf, momentReader, placeNear, toShanghai, type WallTime } from './moment.ts'

function read(pattern: string, text: string): WallTime | null {
  const time = { year: 0, month: 0, day: 0, seconds: 0 }
  const bytes = Buffer.from(text)
  return momentReader(pattern)?.read(bytes, 0, bytes.length, time) ? time : null
}
const WANTED = { year: 2026, month: 11, day: 20, seconds: 34_200 }

describe('momentReader', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss', '2026-11-20 09:30:00'],
    ['yyyyMMddHHmmss', '20261120093000'],
    ['yyyy年MM月dd日 HH:mm', '2026年11月20日 09:30'],
    ['dd/MM/yyyy HH.mm', '20/11/2026 09.30'],
  ])('reads %s', (pattern, text) => {
    expect(read(pattern, text)).toEqual(WANTED)
  })

  it.each([
    '2026-02-29 00:00:00',
    '2026-11-31 00:00:00',
    '2026-13-01 00:00:00',
    '2026-00-10 00:00:00',
    '2026-11-20 24:00:00',
    '2026-11-20 23:60:00',
    '2026-11-20 23:59:60',
    '2026-11-20T09:30:00',
    '2026-11-20 9:30:00',
    '2026-11-20',
    'x026-11-20 09:30:00',
    '2026-1x-20 09:30:00',
    '2026-11-20 09:3x:00',
  ])('has no moment like %s', (text) => {
    expect(read('yyyy-MM-dd HH:mm:ss', text)).toBeNull()
  })

  it('reads every second of the calendar, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (second) => {
        const text = toShanghaiText(new Date(second * 1_000))
        const time = read('yyyy-MM-dd HH:mm:ss', text)
        expect(time?.year).toBe(Number(text.slice(0, 4)))
        expect(time?.seconds).toBe((second + 8 * 3_600) % 86_400)
      }),
    )
  })

  it('has no reader for what names no day', () => {
    expect(momentReader('yyyy HH:mm')).toBeNull()
  })

  it('places a month and day in the year that is nearest', () => {
    const near = (text: string, date: string) => {
      const time = read('MMddHHmmss', text)
      return time && placeNear(time, date as BusinessDate) ? time.year : null
    }
    expect(near('1231230000', '2027-01-01')).toBe(2026)
    expect(near('0101000000', '2026-12-31')).toBe(2027)
    expect(near('1120093000', '2026-11-20')).toBe(2026)
    expect(near('0229093000', '2028-03-01')).toBe(2028)
    expect(near('0229093000', '2026-03-01')).toBeNull()
  })

  it('moves a moment of UTC to Shanghai, over the end of a year', () => {
    const time = { year: 2026, month: 12, day: 31, seconds: 20 * 3_600 }
    toShanghai(time)
    expect(time).toEqual({ year: 2027, month: 1, day: 1, seconds: 4 * 3_600 })
  })
})

it.each([
  ['20261120', '2026-11-20'],
  ['2026-11-20', '2026-11-20'],
  ['2026年11月20日', '2026-11-20'],
  ['20261131', null],
  ['2026112', null],
])('dateOf reads %s', (text, date) => {
  expect(dateOf(text)).toBe(date)
})
