import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  HOUR_MS,
  instantAt,
} from '../../kernel/time.ts'

/** Days that are not what their weekday says. Data: the State Council announces them a year at a time. */
export type HolidayCalendar = {
  /** Weekdays on which nobody works. */
  holidays: readonly BusinessDate[]
  /** Saturdays and Sundays that are worked instead 调休. */
  workdays: readonly BusinessDate[]
}

export function isBusinessDay(date: BusinessDate, calendar: HolidayCalendar): boolean {
  if (calendar.workdays.includes(date)) return true
  return !calendar.holidays.includes(date) && !isWeekend(date)
}

function nextBusinessDay(date: BusinessDate, calendar: HolidayCalendar): BusinessDate {
  let next = addDays(date, 1)
  while (!isBusinessDay(next, calendar)) next = addDays(next, 1)
  return next
}

/**
 * One business day after an instant: the same hour of the next business day, or the end of it for what happened on
 * a day without business, which begins to count with the next day's opening.
 */
export function oneBusinessDayAfter(at: Date, calendar: HolidayCalendar): Date {
  const date = businessDateOf(at)
  const next = nextBusinessDay(date, calendar)
  if (!isBusinessDay(date, calendar)) return instantAt(addDays(next, 1))
  return addMs(instantAt(next), at.getTime() - instantAt(date).getTime())
}

/** How long before the deadline papers are sent although some are still missing. */
export const LAST_CALL_MS = 2 * HOUR_MS

const isWeekend = (date: BusinessDate): boolean => [0, 6].includes(weekdayOf(date))

const weekdayOf = (date: BusinessDate): number => new Date(`${date}T00:00:00Z`).getUTCDay()
