import { assert } from '../../../kernel/assert.ts'
import { addDays, type BusinessDate, businessDate, DAY_MS } from '../../../kernel/time.ts'

/** On which days a lender lets periods end. */
export type DueRule = {
  /** 'same': the day of the month on which the loan began; else that day, 1 to 31. Clipped to the month's last day. */
  dayOfMonth: 'same' | number
  /** 'following': a day on which the lender is closed moves to the next one on which it is open. */
  roll: 'none' | 'following'
}

export type IsOpen = (date: BusinessDate) => boolean

/** Monday to Friday; a lender's holidays and make-up days are laid over it. */
export const isWeekday: IsOpen = (date) => {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * The last days of so many monthly periods. Each is counted from the start, not from the one before: 31 January
 */
export function dueDates(
  start: BusinessDate,
  periods: number,
  rule: DueRule,
  isOpen: IsOpen = isWeekday,
): BusinessDate[] {
  const day = rule.dayOfMonth === 'same' ? Number(start.slice(8)) : rule.dayOfMonth
  assert(Number.isInteger(day) && day >= 1 && day <= 31, `${day} is a day of a month`)
  return Array.from({ length: periods }, (_, i) => {
    const date = inMonth(start, i + 1, day)
    return rule.roll === 'following' ? nextOpen(date, isOpen) : date
  })
}

/** Whole days from one date to another; below zero when it is the earlier one. */
export const daysBetween = (from: BusinessDate, to: BusinessDate): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS

function inMonth(start: BusinessDate, monthsLater: number, day: number): BusinessDate {
  const months = Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + monthsLater
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1]
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const two = (n: number) => String(n).padStart(2, '0')
  return businessDate(
    `${String(year).padStart(4, '0')}-${two(month)}-${two(Math.min(day, lastDay))}`,
  )
}

// The longest closure there is, the National Day together with a weekend, is shorter than this.
const LONGEST_CLOSURE_DAYS = 31

function nextOpen(date: BusinessDate, isOpen: IsOpen): BusinessDate {
  for (let days = 0; days <= LONGEST_CLOSURE_DAYS; days++) {
    const candidate = addDays(date, days)
    if (isOpen(candidate)) return candidate
  }
  return date
}
