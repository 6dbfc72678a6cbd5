import Type from 'typebox'

import {
  addDays,
  addMs,
  type BusinessDate,
  DAY_MS,
  instantAt,
  MINUTE_MS,
} from '../../kernel/time.ts'
import type { Period } from './booking.ts'

const clockTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d$' })
const most = (maximum: number) => Type.Integer({ minimum: 1, maximum })
const ONE_DAY_OF_MINUTES = 1_440

/** What holds at a hospital. Wall-clock times are Shanghai's. */
export const BookingRulesSchema = Type.Object(
  {
    origin: Type.Enum(['pool', 'his'], {
      description: 'Who keeps the numbers: the hub, or the system of the hospital',
    }),
    release: Type.Object(
      { daysAhead: Type.Integer({ minimum: 0, maximum: 90 }), at: clockTime },
      { additionalProperties: false },
    ),
    /** From the hold to the money. */
    holdMinutes: most(ONE_DAY_OF_MINUTES),
    cancel: Type.Object(
      { daysBefore: Type.Integer({ minimum: 0, maximum: 30 }), until: clockTime },
      { additionalProperties: false },
    ),
    caps: Type.Object(
      {
        perDay: most(20),
        perWeek: most(50),
        perQuarter: most(500),
        perDeviceADay: most(100_000),
        perPhoneADay: most(100_000),
      },
      { additionalProperties: false },
    ),
    /** For so many days nobody books who missed one, two, three appointments in a year; the last for more, too. */
    noShowDays: Type.Array(Type.Integer({ minimum: 0, maximum: 365 }), { maxItems: 10 }),
    /** What is given back is free again after a time between these, drawn each time. */
    returnMinutes: Type.Object(
      {
        least: Type.Integer({ minimum: 0, maximum: ONE_DAY_OF_MINUTES }),
        most: Type.Integer({ minimum: 0, maximum: ONE_DAY_OF_MINUTES }),
      },
      { additionalProperties: false },
    ),
    /** Who was seen in a department pays no fee there for so many days. */
    freeFollowUpDays: Type.Integer({ minimum: 0, maximum: 90 }),
    /** Bits of work that a hold must show; 0 asks for none. */
    proofBits: Type.Integer({ minimum: 0, maximum: 28 }),
    /** How long a person may choose another slot after a stop; then the money goes back. */
    chooseHours: most(240),
  },
  { additionalProperties: false },
)

export type BookingRules = Type.Static<typeof BookingRulesSchema>

/** As the platform of Beijing (114) publishes them. Source: S-65. */
export const USUAL_BOOKING_RULES: BookingRules = {
  origin: 'his',
  release: { daysAhead: 8, at: '07:00:00' },
  holdMinutes: 30,
  cancel: { daysBefore: 1, until: '15:00:00' },
  caps: { perDay: 2, perWeek: 3, perQuarter: 5, perDeviceADay: 20, perPhoneADay: 20 },
  noShowDays: [30, 60, 90],
  returnMinutes: { least: 1, most: 30 },
  freeFollowUpDays: 3,
  proofBits: 0,
  chooseHours: 24,
}

export const releaseOf = ({ release }: BookingRules, date: BusinessDate): Date =>
  instantAt(addDays(date, -release.daysAhead), release.at)

/** A cancellation counts up to this moment. */
export const cancelUntilOf = ({ cancel }: BookingRules, date: BusinessDate): Date =>
  instantAt(addDays(date, -cancel.daysBefore), cancel.until)

export const holdExpiryOf = ({ holdMinutes }: BookingRules, now: Date): Date =>
  addMs(now, holdMinutes * MINUTE_MS)

export type Standing = {
  /** Of the day of the visit, the hold that is wished left out. */
  onDay: number
  inWeek: number
  inQuarter: number
  /** Missed within a year, and the end of the last that was. */
  missed: number
  lastMissedAt: Date | null
}

export const WEEK_MS = 7 * DAY_MS
export const QUARTER_MS = 92 * DAY_MS
export const YEAR_MS = 366 * DAY_MS

export type Obstacle =
  | { code: 'too_many_a_day' | 'too_many_a_week' | 'too_many_a_quarter'; most: number }
  | { code: 'blocked'; until: Date }

/** Why a person may not book one more; null when they may. */
export function obstacleOf(
  { caps, noShowDays }: BookingRules,
  standing: Standing,
  now: Date,
): Obstacle | null {
  const { missed, lastMissedAt } = standing
  const days = noShowDays[Math.min(missed, noShowDays.length) - 1] ?? 0
  if (lastMissedAt && missed > 0) {
    const until = addMs(lastMissedAt, days * DAY_MS)
    if (now < until) return { code: 'blocked', until }
  }
  if (standing.onDay >= caps.perDay) return { code: 'too_many_a_day', most: caps.perDay }
  if (standing.inWeek >= caps.perWeek) return { code: 'too_many_a_week', most: caps.perWeek }
  if (standing.inQuarter >= caps.perQuarter) {
    return { code: 'too_many_a_quarter', most: caps.perQuarter }
  }
  return null
}

/** When a period of a day is, where the hospital's system does not say. */
export function hoursOf(date: BusinessDate, period: Period): { startsAt: Date; endsAt: Date } {
  const [from, to] = HOURS[period]
  return { startsAt: instantAt(date, from), endsAt: instantAt(date, to) }
}

const HOURS: Record<Period, readonly [string, string]> = {
  morning: ['08:00:00', '12:00:00'],
  noon: ['12:00:00', '14:00:00'],
  afternoon: ['14:00:00', '17:30:00'],
  evening: ['18:00:00', '21:00:00'],
}
