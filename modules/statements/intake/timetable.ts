import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  DAY_MS,
  HOUR_MS,
  instantAt,
  MINUTE_MS,
} from '../../../kernel/time.ts'
import type { Arrival, ArrivalState, Schedule } from '../statement-file.ts'

// When which list is expected: pure.

export type Moments = { expectedAt: Date; lateAt: Date; missingAt: Date }

export function momentsOf(schedule: Schedule, date: BusinessDate): Moments {
  const day = addDays(date, schedule.dayOffset)
  const at = (time: string) => instantAt(day, `${time.slice(0, 5)}:00`)
  return {
    expectedAt: at(schedule.expectedAt),
    lateAt: at(schedule.lateAt),
    missingAt: at(schedule.missingAt),
  }
}

/** Whether the source gives a list for that date. */
export function isExpected(schedule: Schedule, date: BusinessDate): boolean {
  if (date < schedule.firstDate || schedule.daysOff.includes(date)) return false
  if (schedule.calendar === 'every_day' || schedule.daysOn.includes(date)) return true
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

const MOST_DATES_AT_ONCE = 400

/**
 * The dates whose lists are expected by now and that are not yet on the calendar: each once, however long nobody looked.
 * Shape: in order, from behind `last` on, at most 400 days.
 */
export function newDates(schedule: Schedule, last: BusinessDate | null, now: Date): BusinessDate[] {
  const dates: BusinessDate[] = []
  const today = businessDateOf(now)
  let date = last === null ? schedule.firstDate : addDays(last, 1)
  for (let i = 0; i < MOST_DATES_AT_ONCE && date <= today; i++, date = addDays(date, 1)) {
    if (isExpected(schedule, date) && momentsOf(schedule, date).expectedAt <= now) dates.push(date)
  }
  return dates
}

const DISTANCES_MS = [5, 10, 20, 40, 60].map((minutes) => minutes * MINUTE_MS)
const LAST_TRY_BEFORE_MS = 5 * MINUTE_MS
/** After it is missing every hour; once these days have passed once a day, and then not any more. */
const HOURLY_DAYS = 3
const KEPT_DAYS = 30

/**
 * When a list that did not come is asked for again: at growing distances, once more shortly before it is missing, and
 * slowly from then on. Null to give up. `tries`: those before this one.
 */
export function nextTryAt(
  { tries, missingAt }: { tries: number; missingAt: Date },
  now: Date,
): Date | null {
  if (now >= addMs(missingAt, KEPT_DAYS * DAY_MS)) return null
  if (now >= addMs(missingAt, HOURLY_DAYS * DAY_MS)) return addMs(now, DAY_MS)
  const next = addMs(now, DISTANCES_MS[tries] ?? HOUR_MS)
  const last = addMs(missingAt, -LAST_TRY_BEFORE_MS)
  return now < last && next > last ? last : next
}

/** How a list that is not there stands at a moment, and which alarm that raises. */
export function standingAt(
  { state, alarm, ...moments }: Pick<Arrival, 'state' | 'alarm'> & Moments,
  now: Date,
): { state: ArrivalState; alarm: Arrival['alarm']; isNewAlarm: boolean; dueAt: Date | null } {
  if (state === 'arrived' || state === 'reissued') {
    return { state, alarm, isNewAlarm: false, dueAt: null }
  }
  const reached = now >= moments.missingAt ? 'missing' : now >= moments.lateAt ? 'late' : 'none'
  const isNewAlarm = reached !== 'none' && reached !== alarm
  const asTimeGoes = reached === 'none' ? 'waiting' : reached
  return {
    // A list that came and was refused stays refused: that says more than that it is late.
    state: state === 'refused' ? 'refused' : asTimeGoes,
    alarm: isNewAlarm ? reached : alarm,
    isNewAlarm,
    dueAt: reached === 'missing' ? null : reached === 'late' ? moments.missingAt : moments.lateAt,
  }
}
