import { addMs, DAY_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'

// Dates of FHIR are as exact as they are written: '2026-11' is the whole month. One without a zone is of Shanghai.
// Years are from 1800 to 2999: any other is a slip, and at the ends of the calendar no two programs agree.

/** From the first instant to before the last. */
export type Instants = { from: Date; to: Date }

export const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const
export type Prefix = (typeof PREFIXES)[number]
export type DateWish = { prefix: Prefix } & Instants

const FORM =
  /^((?:1[89]|2\d)\d{2})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/

/** Null for what is no date of FHIR, or not in the calendar. */
export function readInstants(text: string): Instants | null {
  const found = FORM.exec(text)
  if (!found) return null
  const [, year = '', month, day, hour, minute, second, fraction, zone = '+08:00'] = found
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`
  const time = `${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}`
  const from = new Date(`${date}T${time}${zone}`)
  if (Number.isNaN(from.getTime()) || !isInCalendar(date)) return null
  if (fraction !== undefined) return { from, to: addMs(from, 1) }
  if (second !== undefined) return { from, to: addMs(from, SECOND_MS) }
  if (minute !== undefined) return { from, to: addMs(from, MINUTE_MS) }
  if (day !== undefined) return { from, to: addMs(from, DAY_MS) }
  const next = month === undefined ? [Number(year) + 1, 1] : nextMonth(Number(year), Number(month))
  const [toYear = 0, toMonth = 1] = next
  const first = `${String(toYear).padStart(4, '0')}-${String(toMonth).padStart(2, '0')}-01`
  return { from, to: new Date(`${first}T00:00:00+08:00`) }
}

/** 'ge2026-11-23'. Null for what is none. */
export function readDateWish(text: string): DateWish | null {
  const prefix = PREFIXES.find((one) => text.startsWith(one)) ?? null
  const instants = readInstants(prefix === null ? text : text.slice(prefix.length))
  return instants && { prefix: prefix ?? 'eq', ...instants }
}

/** Source: FHIR R4 §3.1.1.4.5, with a value and a wish as ranges. */
export function dateFits(value: Instants, wish: DateWish): boolean {
  const isWithin = value.from >= wish.from && value.to <= wish.to
  switch (wish.prefix) {
    case 'eq':
      return isWithin
    case 'ne':
      return !isWithin
    case 'gt':
      return value.to > wish.to
    case 'lt':
      return value.from < wish.from
    case 'ge':
      return value.to > wish.to || isWithin
    case 'le':
      return value.from < wish.from || isWithin
    case 'sa':
      return value.from >= wish.to
    case 'eb':
      return value.to <= wish.from
  }
}

/** The range outside of which nothing fits all wishes; null for an end that is open. */
export function boundsOf(wishes: readonly DateWish[]): { from: Date | null; to: Date | null } {
  let [from, to]: [Date | null, Date | null] = [null, null]
  for (const wish of wishes) {
    if (FROM.has(wish.prefix) && (from === null || wish.from > from)) from = wish.from
    if (TO.has(wish.prefix) && (to === null || wish.to < to)) to = wish.to
  }
  return { from, to }
}

const FROM: ReadonlySet<Prefix> = new Set(['eq', 'gt', 'ge', 'sa'])
const TO: ReadonlySet<Prefix> = new Set(['eq', 'lt', 'le', 'eb'])

/** Of a resource's own text, which is one. */
export const written = (text: string | undefined): Instants[] => {
  const instants = text === undefined ? null : readInstants(text)
  return instants ? [instants] : []
}

export const spanOf = (period: { start?: string; end?: string }): Instants[] => {
  const [start] = written(period.start)
  const [end] = written(period.end)
  if (!start && !end) return []
  return [{ from: start?.from ?? FIRST, to: end?.to ?? LAST }]
}

const FIRST = new Date('0001-01-01T00:00:00Z')
const LAST = new Date('9999-12-31T23:59:59Z')

const nextMonth = (year: number, month: number) =>
  month === 12 ? [year + 1, 1] : [year, month + 1]

const isInCalendar = (date: string): boolean => {
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)
}
