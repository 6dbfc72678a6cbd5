import { type BusinessDate, businessDateOf, instantAt } from '../../../kernel/time.ts'

/** A date and time as digits; without a time of day it is midnight. */
export type WallTime = { year: number; month: number; day: number; seconds: number }

export type MomentReader = {
  hasYear: boolean
  /** Reads into `into`; false for what is no moment of the calendar. */
  read: (bytes: Uint8Array, start: number, end: number, into: WallTime) => boolean
}

const FIELDS = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss'] as const
type Field = (typeof FIELDS)[number]

/** A pattern of fields with fixed widths: where each stands is known once for all rows. Null when it has no day. */
export function momentReader(pattern: string): MomentReader | null {
  const parts = pattern.split(/(yyyy|MM|dd|HH|mm|ss)/).filter((part) => part !== '')
  const places: { at: number; field: Field }[] = []
  const literals: { at: number; byte: number }[] = []
  let at = 0
  for (const part of parts) {
    const field = FIELDS.find((one) => one === part)
    if (field) places.push({ at, field })
    else for (const [i, byte] of Buffer.from(part).entries()) literals.push({ at: at + i, byte })
    at += Buffer.byteLength(part)
  }
  const place = (field: Field) => places.find((one) => one.field === field)?.at ?? -1
  const [year, month, day, hour, minute, second] = FIELDS.map(place)
  const length = at
  if (month === -1 || day === -1) return null
  return { hasYear: year !== -1, read }

  function read(bytes: Uint8Array, start: number, end: number, into: WallTime): boolean {
    if (end - start !== length) return false
    for (const literal of literals) if (bytes[start + literal.at] !== literal.byte) return false
    into.year = numberAt(bytes, start, year ?? -1, 4)
    into.month = numberAt(bytes, start, month ?? -1, 2)
    into.day = numberAt(bytes, start, day ?? -1, 2)
    const [h, m, s] = [
      numberAt(bytes, start, hour ?? -1, 2),
      numberAt(bytes, start, minute ?? -1, 2),
      numberAt(bytes, start, second ?? -1, 2),
    ]
    into.seconds = h * 3_600 + m * 60 + s
    // A field that is no number is NaN, which no comparison lets through.
    return h < 24 && m < 60 && s < 60 && isDay(into)
  }
}

/** The digits there; 0 for a field the pattern does not have. */
function numberAt(bytes: Uint8Array, start: number, at: number, width: number): number {
  if (at < 0) return 0
  let value = 0
  for (let i = 0; i < width; i++) {
    const digit = (bytes[start + at + i] as number) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function isDay({ year, month, day }: WallTime): boolean {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return false
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day <= last
}

const HALF_A_YEAR_MS = 183 * 86_400_000

/** The year in which a month and day lie nearest to a date. False when none makes a day of it: 29 February. */
export function placeNear(time: WallTime, date: BusinessDate): boolean {
  const middle = instantAt(date, '12:00:00').getTime()
  const around = Number(date.slice(0, 4))
  for (const year of [around, around - 1, around + 1]) {
    time.year = year
    if (!isDay(time)) continue
    const at = Date.UTC(year, time.month - 1, time.day) + time.seconds * 1_000 - 8 * 3_600_000
    if (Math.abs(at - middle) <= HALF_A_YEAR_MS) return true
  }
  return false
}

/** A wall clock in UTC as the one in Shanghai. */
export function toShanghai(time: WallTime): void {
  const at = new Date(
    Date.UTC(time.year, time.month - 1, time.day) + time.seconds * 1_000 + SHIFT_MS,
  )
  time.year = at.getUTCFullYear()
  time.month = at.getUTCMonth() + 1
  time.day = at.getUTCDate()
  time.seconds = at.getUTCHours() * 3_600 + at.getUTCMinutes() * 60 + at.getUTCSeconds()
}

const SHIFT_MS = 8 * 3_600_000

const two = (value: number) => (value < 10 ? `0${value}` : String(value))

const dateText = ({ year, month, day }: WallTime): string =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`

/** A day as heads and file names write it: 20261120, 2026-11-20, 2026年11月20日; null for anything else. */
export function dateOf(text: string): BusinessDate | null {
  const match = /^(\d{4})[-/年]?(\d{2})[-/月]?(\d{2})日?$/.exec(text)
  if (!match) return null
  const [, year = '', month = '', day = ''] = match
  const time = { year: Number(year), month: Number(month), day: Number(day), seconds: 0 }
  return isDay(time) ? businessDateOf(instantAt(dateText(time) as BusinessDate)) : null
}
