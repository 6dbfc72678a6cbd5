import { describe, expect, it } from 'vitest'

import { businessDate } from '../../kernel/time.ts'
import { isWorkingDay, payoutDates } from './calendar.ts'
import { CHINA_HOLIDAYS } from './china-holidays.ts'
import { type Cycle, readCalendar } from './contract.ts'

const calendars = new Map([['2026', readCalendar('2026', CHINA_HOLIDAYS['2026'])]])
const T1: Cycle = { kind: 'working_days', after: 1 }
const D1: Cycle = { kind: 'natural_days', after: 1 }
const T0: Cycle = { kind: 'working_days', after: 0 }
const WEEKLY: Cycle = { kind: 'weekly', weekday: 3 }
const MONTHLY: Cycle = { kind: 'monthly', day: 1 }

// Written by hand beside a wall calendar of 2026.
const TABLE: [Cycle, grace: number, date: string, expectedOn: string, lateOn: string][] = [
  [T1, 1, '2026-03-02', '2026-03-03', '2026-03-04'], // a Monday
  [T1, 1, '2026-03-06', '2026-03-09', '2026-03-10'], // a Friday
  [T1, 1, '2026-03-07', '2026-03-09', '2026-03-10'], // a Saturday
  [T1, 0, '2026-02-12', '2026-02-13', '2026-02-13'], // the last working days before the Spring Festival
  [T1, 1, '2026-02-13', '2026-02-14', '2026-02-24'], // the Saturday is worked, and then nine days are not
  [T1, 1, '2026-02-14', '2026-02-24', '2026-02-25'],
  [T1, 1, '2026-02-20', '2026-02-24', '2026-02-25'],
  [T1, 1, '2026-02-27', '2026-02-28', '2026-03-02'], // a worked Saturday
  [T1, 2, '2026-09-30', '2026-10-08', '2026-10-10'], // Thursday after the National Day, and a worked Saturday
  [T1, 1, '2026-09-18', '2026-09-20', '2026-09-21'], // a worked Sunday
  [D1, 0, '2026-02-14', '2026-02-15', '2026-02-15'],
  [D1, 1, '2026-10-03', '2026-10-04', '2026-10-08'],
  [T0, 0, '2026-05-01', '2026-05-06', '2026-05-06'],
  [T0, 0, '2026-05-09', '2026-05-09', '2026-05-09'],
  [WEEKLY, 0, '2026-03-03', '2026-03-04', '2026-03-04'],
  [WEEKLY, 0, '2026-03-04', '2026-03-11', '2026-03-11'], // of the day itself, a week later
  [WEEKLY, 0, '2026-02-12', '2026-02-24', '2026-02-24'], // Wednesday the 18th is off
  [MONTHLY, 0, '2026-03-31', '2026-04-01', '2026-04-01'],
  [MONTHLY, 0, '2026-04-01', '2026-05-06', '2026-05-06'],
]

describe('[B4] payoutDates', () => {
  it.each(TABLE)('%j with %i days of grace: %s is paid on %s, late after %s', (...row) => {
    const [cycle, grace, date, expectedOn, lateOn] = row
    expect(payoutDates(cycle, grace, businessDate(date), calendars)).toEqual({
      expectedOn,
      lateOn,
      calendarKnown: true,
    })
  })

  it('of a year that nobody entered knows the weekends, and says so', () => {
    expect(payoutDates(T1, 0, businessDate('2027-10-01'), calendars)).toEqual({
      expectedOn: '2027-10-04',
      lateOn: '2027-10-04',
      calendarKnown: false,
    })
    expect(isWorkingDay(businessDate('2027-10-02'), calendars)).toBe(false)
    const overNewYear = payoutDates(MONTHLY, 0, businessDate('2026-12-10'), calendars)
    expect(overNewYear).toMatchObject({ expectedOn: '2027-01-01', calendarKnown: false })
  })
})

describe('readCalendar', () => {
  it.each([
    [{ daysOff: ['2027-01-01'], workdays: [] }],
    [{ daysOff: ['2026-02-30'], workdays: [] }],
    [{ daysOff: ['2026-01-04'], workdays: ['2026-01-04'] }],
    [{ daysOff: [] }],
  ])('refuses %j', (content) => {
    expect(() => readCalendar('2026', content)).toThrow('settlement.calendar_wrong')
  })
})
