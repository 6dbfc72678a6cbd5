import { addDays, type BusinessDate, businessDate, isBusinessDate } from '../../../kernel/time.ts'

/** The periods there are to choose from. Words: statement.periods.<name>. */
export const PERIODS = ['this_month', 'last_month', 'this_year', 'own'] as const

export type PeriodName = (typeof PERIODS)[number]

/** What stands in the address. Days belong to a period of one's own, and lack until they are chosen. */
export type PeriodChoice = { period: PeriodName; from?: string; to?: string }

/** The first day and the last, both included. */
export type Days = { from: BusinessDate; to: BusinessDate }

/** Reads the search of an address; what is no choice is this month. */
export function readPeriod(search: Record<string, unknown>): PeriodChoice {
  const period = PERIODS.find((name) => name === search.period) ?? 'this_month'
  const { from, to } = search
  if (period !== 'own' || !isDay(from) || !isDay(to)) return { period }
  return { period, from, to }
}

/** The days of a choice, as seen from today: a month or year that is not over ends today. Null while none are chosen. */
export function daysOf({ period, from, to }: PeriodChoice, today: BusinessDate): Days | null {
  const month = firstOfMonth(today)
  switch (period) {
    case 'this_month':
      return { from: month, to: today }
    case 'last_month': {
      const last = addDays(month, -1)
      return { from: firstOfMonth(last), to: last }
    }
    case 'this_year':
      return { from: businessDate(`${today.slice(0, 4)}-01-01`), to: today }
    case 'own':
      return isDay(from) && isDay(to) ? { from, to } : null
  }
}

const firstOfMonth = (day: BusinessDate) => businessDate(`${day.slice(0, 7)}-01`)

const isDay = (day: unknown): day is BusinessDate => typeof day === 'string' && isBusinessDate(day)
