import { addDays, type BusinessDate, businessDate } from '../../kernel/time.ts'
import type { Calendar, Cycle } from './contract.ts'

/** The calendars that are known, by year. A year without one has weekends and no holidays. */
export type Calendars = ReadonlyMap<string, Calendar>

export type PayoutDates = {
  expectedOn: BusinessDate
  /** The last day on which it is not late. */
  lateOn: BusinessDate
  /** False when a day was counted in a year whose holidays nobody has entered. */
  calendarKnown: boolean
}

/** When what was taken on a date is paid out. */
export function payoutDates(
  cycle: Cycle,
  graceWorkingDays: number,
  date: BusinessDate,
  calendars: Calendars,
): PayoutDates {
  const expectedOn = expectedDate(cycle, date, calendars)
  const lateOn = plusWorkingDays(expectedOn, graceWorkingDays, calendars)
  const years = [date, expectedOn, lateOn].map((day) => day.slice(0, 4))
  return { expectedOn, lateOn, calendarKnown: years.every((year) => calendars.has(year)) }
}

function expectedDate(cycle: Cycle, date: BusinessDate, calendars: Calendars): BusinessDate {
  switch (cycle.kind) {
    case 'natural_days':
      return addDays(date, cycle.after)
    case 'working_days':
      return cycle.after === 0
        ? workingDayFrom(date, calendars)
        : plusWorkingDays(date, cycle.after, calendars)
    case 'weekly': {
      const daysAhead = (cycle.weekday - weekdayOf(date) + 7) % 7
      return workingDayFrom(addDays(date, daysAhead === 0 ? 7 : daysAhead), calendars)
    }
    case 'monthly':
      return workingDayFrom(dayOfNextMonth(date, cycle.day), calendars)
  }
}

export function isWorkingDay(date: BusinessDate, calendars: Calendars): boolean {
  const calendar = calendars.get(date.slice(0, 4))
  if (calendar?.workdays.has(date)) return true
  return !calendar?.daysOff.has(date) && weekdayOf(date) <= 5
}

/** The n-th working day after a date; the date itself for none. */
function plusWorkingDays(date: BusinessDate, count: number, calendars: Calendars): BusinessDate {
  let day = date
  for (let left = count; left > 0; left--) day = workingDayFrom(addDays(day, 1), calendars)
  return day
}

function workingDayFrom(date: BusinessDate, calendars: Calendars): BusinessDate {
  let day = date
  while (!isWorkingDay(day, calendars)) day = addDays(day, 1)
  return day
}

/** 1 is Monday, 7 Sunday. */
const weekdayOf = (date: BusinessDate): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7

function dayOfNextMonth(date: BusinessDate, day: number): BusinessDate {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
  return businessDate(`${next}-${String(day).padStart(2, '0')}`)
}
