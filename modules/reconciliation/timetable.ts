import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  DAY_MS,
  HOUR_MS,
  instantAt,
  MINUTE_MS,
} from '../../kernel/time.ts'
import { HIS } from './day.ts'

// When what is looked at. All times of day are of the day after the business date, in Shanghai.

/** A hospital's system lists a day from 00:05 on, WeChat from 10:00: docs/interface/hospital-standard.md. */
const HIS_FIRST_LOOK = '00:10:00'
const PROVIDER_FIRST_LOOK = '10:10:00'
const LIST_DEADLINE = '15:00:00'
const REVIEW = '10:40:00'

export const RETRY_MS = 10 * MINUTE_MS
/** After the deadline every hour; once these days have passed, once a day, as long as WeChat keeps its bills. */
const HOURLY_DAYS = 3
const LIST_KEPT_DAYS = 90
/** A list that is only read again is given up sooner: the one before still stands. */
const MOST_SILENCES_OF_A_SECOND_READING = 6
/** Lists in a row that cannot be trusted before a person is told. */
export const MOST_REFUSALS = 3
/** A closed day is read and compared anew each morning, for lists given out again and rows that came late. */
const REVIEW_DAYS = 7

export const firstLookAt = (date: BusinessDate, source: string): Date =>
  instantAt(addDays(date, 1), source === HIS ? HIS_FIRST_LOOK : PROVIDER_FIRST_LOOK)

/** When the day itself is first looked at: its row exists from then on. */
export const dayBeginsAt = (date: BusinessDate): Date => firstLookAt(date, HIS)

/** The last business date whose lists may be asked for. */
export function lastFinishedDate(now: Date): BusinessDate {
  const yesterday = addDays(businessDateOf(now), -1)
  return now >= dayBeginsAt(yesterday) ? yesterday : addDays(yesterday, -1)
}

/** A list that is not there by then is missing, and a person is told. */
export const listDeadline = (date: BusinessDate): Date => instantAt(addDays(date, 1), LIST_DEADLINE)

/** When to ask again for a list that did not come; null to give up. */
export function nextTryAt(
  date: BusinessDate,
  now: Date,
  { hasList, silences }: { hasList: boolean; silences: number },
): Date | null {
  if (hasList) {
    return silences < MOST_SILENCES_OF_A_SECOND_READING ? addMs(now, RETRY_MS) : null
  }
  const deadline = listDeadline(date)
  const soon = addMs(now, RETRY_MS)
  if (now < deadline) return soon < deadline ? soon : deadline
  if (now < addMs(deadline, HOURLY_DAYS * DAY_MS)) return addMs(now, HOUR_MS)
  return now < addMs(deadline, LIST_KEPT_DAYS * DAY_MS) ? addMs(now, DAY_MS) : null
}

/** From when on the list of the next day may hold what is missing in this one; and when it is waited for no longer. */
export const nextDayLookAt = (date: BusinessDate, source: string): Date =>
  addMs(firstLookAt(addDays(date, 1), source), RETRY_MS)

export const nextDayDeadline = (date: BusinessDate): Date => listDeadline(addDays(date, 1))

/** The next review of a closed day after `now`; null when it was reviewed often enough. */
export function nextReviewAt(date: BusinessDate, now: Date): Date | null {
  for (let days = 2; days <= REVIEW_DAYS + 1; days++) {
    const at = instantAt(addDays(date, days), REVIEW)
    if (at > now) return at
  }
  return null
}

const OPENS = '08:00:00'
const CLOSES = '18:00:00'
const CASE_MS = 2 * HOUR_MS

/** A case is to be resolved within two hours in which the finance office is open, every day of the week. */
export function caseDeadline(openedAt: Date): Date {
  const date = businessDateOf(openedAt)
  const closes = instantAt(date, CLOSES)
  const nextMorning = instantAt(addDays(date, 1), OPENS)
  if (openedAt >= closes) return addMs(nextMorning, CASE_MS)
  const opens = instantAt(date, OPENS)
  const from = openedAt < opens ? opens : openedAt
  const leftMs = closes.getTime() - from.getTime()
  return leftMs >= CASE_MS ? addMs(from, CASE_MS) : addMs(nextMorning, CASE_MS - leftMs)
}
