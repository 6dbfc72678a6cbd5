import { addDays, type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import { runsOf } from './contract-facts.ts'
import type { Calendar, NewCalendar } from './model.ts'

// A calendar as it is typed: a line or a word for each day, or for a run of days.

export type CalendarDraft = { year: string; daysOff: string; workdays: string }

export const EMPTY_CALENDAR: CalendarDraft = { year: '', daysOff: '', workdays: '' }

export type ReadCalendar =
  | { problems: readonly (keyof CalendarDraft)[]; calendar: null }
  | { problems: readonly []; calendar: NewCalendar }

/** Pure: the calendar that was typed, or what keeps it from being one. It is in force from the first day of its year. */
export function readCalendarDraft({ year, daysOff, workdays }: CalendarDraft): ReadCalendar {
  const isYear = /^2\d{3}$/.test(year.trim())
  const [off, worked] = [daysIn(daysOff, year.trim()), daysIn(workdays, year.trim())]
  const both = off?.some((day) => worked?.includes(day)) === true
  const problems = [
    ...(isYear ? [] : ['year' as const]),
    ...(off !== null && off.length > 0 ? [] : ['daysOff' as const]),
    ...(worked !== null && !both ? [] : ['workdays' as const]),
  ]
  if (problems.length > 0 || off === null || worked === null) return { problems, calendar: null }
  const name = year.trim()
  const content = { daysOff: off, workdays: worked }
  return {
    problems: [],
    calendar: { kind: 'calendar', name, validFrom: `${name}-01-01`, content },
  }
}

const MOST_DAYS = 366

/** Days of the year, each once and in order: "2026-10-01~10-07" is seven of them. Null for anything else. */
function daysIn(typed: string, year: string): string[] | null {
  const words = typed
    .replaceAll(/\s*(~|～|至|到)\s*/g, '~')
    .split(/[\s,，、;；]+/)
    .filter((word) => word !== '')
  const days = new Set<string>()
  for (const word of words) {
    const [first, last] = rangeOf(word, year) ?? []
    if (!first || !last || last < first) return null
    for (let day = first; day <= last && days.size <= MOST_DAYS; day = addDays(day, 1))
      days.add(day)
  }
  return [...days].toSorted()
}

/** The year may be left out: it is that of the calendar. */
function rangeOf(word: string, year: string): [BusinessDate, BusinessDate] | null {
  const [from = '', to = from, ...rest] = word.split('~')
  const dates = [from, to].map((text) => (/^\d\d-\d\d$/.test(text) ? `${year}-${text}` : text))
  const [first = '', last = ''] = dates
  if (rest.length > 0 || !first.startsWith(year) || !last.startsWith(year)) return null
  return isBusinessDate(first) && isBusinessDate(last) ? [first, last] : null
}

/** Pure: what another calendar says, to begin a new one with. */
export const calendarDraftOf = (year: string, { daysOff, workdays }: Calendar): CalendarDraft => ({
  year,
  daysOff: runsOf(daysOff)
    .map((run) => run.replaceAll(' ', ''))
    .join('\n'),
  workdays: runsOf(workdays)
    .map((run) => run.replaceAll(' ', ''))
    .join('\n'),
})
