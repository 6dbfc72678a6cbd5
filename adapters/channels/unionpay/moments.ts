import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  instantAt,
  isBusinessDate,
  toShanghaiText,
} from '../../../kernel/time.ts'

// UnionPay writes moments as digits of the wall clock in China, and leaves the year out of most.

/** 'yyyyMMddHHmmss'. */
export const toDigits = (instant: Date): string => toShanghaiText(instant).replaceAll(/\D/g, '')

/** Reads 'MMddHHmmss' as the moment of that wall clock nearest to another; null for a moment that is none. */
export function momentNear(digits: string, near: Date): Date | null {
  const match = /^(\d\d)(\d\d)([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(digits)
  if (!match) return null
  const [, month = '', day = '', hour = '', minute = '', second = ''] = match
  const year = Number(businessDateOf(near).slice(0, 4))
  const candidates = [year - 1, year, year + 1]
    .map((candidate) => `${candidate}-${month}-${day}`)
    .filter(isBusinessDate)
    .map((date) => instantAt(date, `${hour}:${minute}:${second}`))
  const distance = (instant: Date) => Math.abs(instant.getTime() - near.getTime())
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
}

/** The settlement date of a moment: from the cut-off of an evening on, it is that of the next day. */
export function settlementDateOf(instant: Date, cutOff: string): BusinessDate {
  const date = businessDateOf(instant)
  return instant < instantAt(date, cutOff) ? date : addDays(date, 1)
}

export const isAfter = (now: Date, moment: Date, marginMs: number): boolean =>
  now > addMs(moment, marginMs)
