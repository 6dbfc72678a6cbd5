import {
  addDays,
  type BusinessDate,
  businessDateOf,
  instantAt,
  isBusinessDate,
  toShanghaiText,
} from '../../../kernel/time.ts'

/** A settlement day ends at 23:00 in China. */
const CUT_OFF = '23:00:00'

/** 'yyyyMMddHHmmss' of the wall clock in China. */
export const digitsOf = (ms: number): string => toShanghaiText(new Date(ms)).replaceAll(/\D/g, '')

/** Reads 'yyyyMMddHHmmss'; null for a moment that is none. */
export function msOfDigits(digits: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(digits)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const date = `${year}-${month}-${day}`
  return isBusinessDate(date) ? instantAt(date, `${hour}:${minute}:${second}`).getTime() : null
}

export function settleDateOf(ms: number): BusinessDate {
  const date = businessDateOf(new Date(ms))
  return ms < instantAt(date, CUT_OFF).getTime() ? date : addDays(date, 1)
}

/** 'MMdd'. */
export const shortDate = (date: string): string => date.slice(5).replace('-', '')
