import { addDays, type BusinessDate, businessDate } from '../../kernel/time.ts'
import type { HolidayCalendar } from './business-days.ts'

const daysFrom = (first: string, count: number): BusinessDate[] =>
  Array.from({ length: count }, (_, i) => addDays(businessDate(first), i))

/**
 * The holidays of 2026 in mainland China, as announced for the year. Days of years that are not listed count by
 * their weekday; an installation hands in the list of the next year when it is announced.
 */
export const HOLIDAYS_2026: HolidayCalendar = {
  holidays: [
    ...daysFrom('2026-01-01', 3), // 元旦
    ...daysFrom('2026-02-15', 9), // 春节
    ...daysFrom('2026-04-04', 3), // 清明
    ...daysFrom('2026-05-01', 5), // 劳动节
    ...daysFrom('2026-06-19', 3), // 端午
    ...daysFrom('2026-09-25', 3), // 中秋
    ...daysFrom('2026-10-01', 7), // 国庆
  ],
  workdays: [
    '2026-01-04',
    '2026-02-14',
    '2026-02-28',
    '2026-05-09',
    '2026-09-20',
    '2026-10-10',
  ].map(businessDate),
}
