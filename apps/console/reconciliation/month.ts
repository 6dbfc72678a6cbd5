import { addDays, type BusinessDate } from '../../../kernel/time.ts'

/** The first and the last day of the month that holds the date. */
export function monthOf(date: BusinessDate): { first: BusinessDate; last: BusinessDate } {
  const first = `${date.slice(0, 7)}-01` as BusinessDate
  const intoNext = addDays(first, 31)
  return { first, last: addDays(`${intoNext.slice(0, 7)}-01` as BusinessDate, -1) }
}

/** The weeks of the month, Monday first; days of the months around it are null. */
export function weeksOf(date: BusinessDate): (BusinessDate | null)[][] {
  const { first, last } = monthOf(date)
  const blanks = (weekdayOf(first) + 6) % 7
  const cells: (BusinessDate | null)[] = Array.from({ length: blanks }, () => null)
  for (let day = first; day <= last; day = addDays(day, 1)) cells.push(day)
  while (cells.length % 7 > 0) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}

/** 0 is Sunday. */
const weekdayOf = (date: BusinessDate) => new Date(`${date}T00:00:00Z`).getUTCDay()
