import { assert } from './assert.ts'
import type { Brand } from './brand.ts'

/** Where "now" comes from. Nothing else in the system reads the machine's clock. */
export interface Clock {
  now(): Date
}

/** The day a money fact belongs to in the books, 'YYYY-MM-DD' in Asia/Shanghai. Never a Date. */
export type BusinessDate = Brand<string, 'BusinessDate'>

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

// China has kept one zone without daylight saving since 1991, so a fixed offset is exact.
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS

export const businessDateOf = (instant: Date): BusinessDate =>
  shanghai(instant).toISOString().slice(0, 10) as BusinessDate

/** Reads 'YYYY-MM-DD'. Asserts on anything that is not a day of the calendar. */
export function businessDate(text: string): BusinessDate {
  assert(isBusinessDate(text), `"${text}" is not a day like 2026-11-21`)
  return text
}

export function isBusinessDate(text: string): text is BusinessDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const midnight = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().slice(0, 10) === text
}

export const addDays = (date: BusinessDate, days: number): BusinessDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS)
    .toISOString()
    .slice(0, 10) as BusinessDate

/** Whole years from one date to another: an age. */
export function yearsBetween(from: BusinessDate, to: BusinessDate): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5) < from.slice(5) ? years - 1 : years
}

export const addMs = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms)

/** Of moments some of which are none; null when all are. */
export const earliest = (moments: readonly (Date | null)[]): Date | null =>
  moments.reduce((first, moment) => (moment && (!first || moment < first) ? moment : first), null)

/** The instant of a wall-clock time in Shanghai: instantAt(date, '07:30:00'). */
export const instantAt = (date: BusinessDate, time = '00:00:00'): Date =>
  new Date(`${date}T${time}+08:00`)

/** '2026-11-21T07:30:00+08:00': RFC 3339 with Shanghai's offset, whole seconds, as gateways want it. */
export const toShanghaiIso = (instant: Date): string =>
  `${shanghai(instant).toISOString().slice(0, 19)}+08:00`

/** '2026-11-21 07:30:00', the wall clock in Shanghai. */
export const toShanghaiText = (instant: Date): string =>
  shanghai(instant).toISOString().slice(0, 19).replace('T', ' ')

const shanghai = (instant: Date) => new Date(instant.getTime() + SHANGHAI_OFFSET_MS)
