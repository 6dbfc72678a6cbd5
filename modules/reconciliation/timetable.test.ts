import { describe, expect, it } from 'vitest'

import { businessDate, instantAt, toShanghaiText } from '../../kernel/time.ts'
import {
  caseDeadline,
  dayBeginsAt,
  firstLookAt,
  lastFinishedDate,
  nextReviewAt,
  nextTryAt,
} from './timetable.ts'

const DATE = businessDate('2026-11-20')
const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const text = (instant: Date | null) => instant && toShanghaiText(instant).slice(0, 16)

describe('the timetable', () => {
  it('looks at the hospital’s list soon after midnight and at a provider’s in the morning', () => {
    expect(text(firstLookAt(DATE, 'his'))).toBe('2026-11-21 00:10')
    expect(text(firstLookAt(DATE, 'wechat'))).toBe('2026-11-21 10:10')
    expect(dayBeginsAt(DATE)).toEqual(firstLookAt(DATE, 'his'))
  })

  it.each([
    ['2026-11-21 00:09', '2026-11-19'],
    ['2026-11-21 00:10', '2026-11-20'],
    ['2026-11-21 23:59', '2026-11-20'],
    ['2026-03-01 09:00', '2026-02-28'],
    ['2028-03-01 09:00', '2028-02-29'],
    ['2027-01-01 09:00', '2026-12-31'],
  ])('at %s the last finished date is %s', (now, date) => {
    expect(lastFinishedDate(at(now))).toBe(date)
  })

  it.each([
    ['2026-11-21 10:10', '2026-11-21 10:20'],
    ['2026-11-21 14:55', '2026-11-21 15:00'],
    ['2026-11-21 15:00', '2026-11-21 16:00'],
    ['2026-11-24 14:59', '2026-11-24 15:59'],
    ['2026-11-24 15:00', '2026-11-25 15:00'],
    ['2027-02-19 15:00', null],
  ])('asks at %s for a list that is not there, then at %s', (now, next) => {
    expect(text(nextTryAt(DATE, at(now), { hasList: false, silences: 100 }))).toBe(next)
  })

  it('gives a second reading up sooner, as the list before it stands', () => {
    const now = at('2026-11-22 11:00')
    expect(text(nextTryAt(DATE, now, { hasList: true, silences: 5 }))).toBe('2026-11-22 11:10')
    expect(nextTryAt(DATE, now, { hasList: true, silences: 6 })).toBeNull()
  })

  it('reviews a closed day each morning for a week', () => {
    const reviews: (string | null)[] = []
    for (let now: Date | null = instantAt(businessDate('2026-11-21'), '11:00:00'); now;) {
      now = nextReviewAt(DATE, now)
      reviews.push(text(now))
    }
    expect(reviews).toHaveLength(8)
    expect([reviews[0], reviews[6], reviews[7]]).toEqual([
      '2026-11-22 10:40',
      '2026-11-28 10:40',
      null,
    ])
  })

  it.each([
    ['2026-11-21 10:12', '2026-11-21 12:12'],
    ['2026-11-21 00:12', '2026-11-21 10:00'],
    ['2026-11-21 16:00', '2026-11-21 18:00'],
    ['2026-11-21 17:30', '2026-11-22 09:30'],
    ['2026-11-21 18:00', '2026-11-22 10:00'],
    ['2026-11-21 23:59', '2026-11-22 10:00'],
  ])('a case opened at %s is due at %s', (opened, due) => {
    expect(text(caseDeadline(at(opened)))).toBe(due)
  })
})
