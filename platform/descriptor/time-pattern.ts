import { HOUR_MS, instantAt, isBusinessDate, SECOND_MS } from '../../kernel/time.ts'

// Providers write moments in many ways. A pattern holds yyyy MM dd HH mm ss and SSS, all else stands for itself;
// it is the wall clock of Shanghai.

const FIELDS = /yyyy|MM|dd|HH|mm|ss|SSS/g

/** An instant by a pattern: 'seconds' and 'millis' since 1970, or Shanghai's wall clock. */
export function formatInstant(instant: Date, pattern: string): string {
  if (pattern === 'seconds') return String(Math.floor(instant.getTime() / SECOND_MS))
  if (pattern === 'millis') return String(instant.getTime())
  const wall = new Date(instant.getTime() + 8 * HOUR_MS).toISOString()
  const values: Record<string, string> = {
    yyyy: wall.slice(0, 4),
    MM: wall.slice(5, 7),
    dd: wall.slice(8, 10),
    HH: wall.slice(11, 13),
    mm: wall.slice(14, 16),
    ss: wall.slice(17, 19),
    SSS: wall.slice(20, 23),
  }
  return pattern.replace(FIELDS, (field) => values[field] ?? field)
}

/** Reads what formatInstant writes; null for any other text, and for a day or an hour that does not exist. */
export function parseInstant(text: string, pattern: string): Date | null {
  if (pattern === 'seconds' || pattern === 'millis') {
    if (!/^\d{1,15}$/.test(text)) return null
    return validOrNull(new Date(Number(text) * (pattern === 'seconds' ? SECOND_MS : 1)))
  }
  const values = fieldsOf(text, pattern)
  if (values === null) return null
  const { yyyy = '', MM = '', dd = '', HH = '00', mm = '00', ss = '00', SSS = '000' } = values
  const date = `${yyyy}-${MM}-${dd}`
  if (!isBusinessDate(date) || HH > '23' || mm > '59' || ss > '59') return null
  return validOrNull(instantAt(date, `${HH}:${mm}:${ss}.${SSS}`))
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/

/** RFC 3339 with an offset; null for any other text. */
export const parseRfc3339 = (text: string): Date | null =>
  RFC_3339.test(text) && isBusinessDate(text.slice(0, 10)) ? validOrNull(new Date(text)) : null

function fieldsOf(text: string, pattern: string): Record<string, string> | null {
  const values: Record<string, string> = {}
  let at = 0
  let end = 0
  for (const match of pattern.matchAll(FIELDS)) {
    const [field] = match
    const literal = pattern.slice(end, match.index)
    end = match.index + field.length
    if (!text.startsWith(literal, at)) return null
    at += literal.length
    const digits = text.slice(at, at + field.length)
    if (digits.length !== field.length || !/^\d+$/.test(digits)) return null
    values[field] = digits
    at += field.length
  }
  return text.slice(at) === pattern.slice(end) ? values : null
}

const validOrNull = (instant: Date): Date | null =>
  Number.isNaN(instant.getTime()) ? null : instant
