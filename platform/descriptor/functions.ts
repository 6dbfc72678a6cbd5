import { createHash } from 'node:crypto'

import { fen, parseYuan, toYuanText } from '../../kernel/money.ts'
import { parse } from './formats.ts'
import { formatInstant, parseInstant, parseRfc3339 } from './time-pattern.ts'

/**
 * What an expression of a descriptor may call besides JSONata's own functions. Each takes and gives plain values, and
 * throws a sentence for an argument it cannot be sure of: an amount or a moment is never guessed.
 */
export const FUNCTIONS: Readonly<Record<string, (...values: unknown[]) => unknown>> = {
  /** Fen to a gateway's yuan, by string arithmetic: 123456 is "1234.56". */
  yuan: (amount) => toYuanText(fen(wholeNumber('$yuan', amount))),
  /** A gateway's yuan to fen: "1234.5" is 123450; a number is taken by its text. */
  fen(amount) {
    const text = typeof amount === 'number' ? String(amount) : textOf('$fen', amount)
    const read = parseYuan(text)
    if (read === null) throw new Error('$fen wants an amount in yuan with at most two decimals')
    return read
  },
  /** A whole number from digits: "100" is 100. */
  integer(digits) {
    if (typeof digits === 'number') return wholeNumber('$integer', digits)
    const text = textOf('$integer', digits)
    if (!/^-?\d{1,16}$/.test(text)) throw new Error('$integer wants digits')
    return wholeNumber('$integer', Number(text))
  },
  /** An instant (RFC 3339) as Shanghai's wall clock: $shanghai(order.expiresAt, "yyyyMMddHHmmss"). */
  shanghai: (instant, pattern) =>
    formatInstant(instantOf('$shanghai', instant), textOf('$shanghai', pattern)),
  /** A provider's moment as an instant, by a pattern of Shanghai's wall clock, or RFC 3339 without one. */
  instant(moment, pattern) {
    const text = typeof moment === 'number' ? String(moment) : textOf('$instant', moment)
    const read = pattern === undefined || pattern === null ? parseRfc3339(text) : null
    const instant = read ?? parseInstant(text, typeof pattern === 'string' ? pattern : 'none')
    if (instant === null) throw new Error('$instant wants a moment that fits its pattern')
    return instant.toISOString()
  },
  /** The beginning of a text that fits into so many bytes of UTF-8, cut between characters. */
  cut(text, maxBytes) {
    const whole = textOf('$cut', text)
    const most = wholeNumber('$cut', maxBytes)
    let size = 0
    let end = 0
    for (const character of whole) {
      size += Buffer.byteLength(character)
      if (size > most) break
      end += character.length
    }
    return whole.slice(0, end)
  },
  /** Exactly what JSON.stringify gives; JSONata's own $string rounds long numbers. */
  json: (value) => JSON.stringify(value ?? null),
  parseJson(text) {
    return JSON.parse(textOf('$parseJson', text)) as unknown
  },
  sha256: (text) => createHash('sha256').update(textOf('$sha256', text)).digest('hex'),
  md5: (text) => createHash('md5').update(textOf('$md5', text)).digest('hex'),
  /** A whole number above zero that is another for another value: for a version where none is given. */
  fingerprint: (value) =>
    (createHash('sha256')
      .update(JSON.stringify(value ?? null))
      .digest()
      .readUInt32BE(0) %
      2_147_483_646) +
    1,
  parseXml(text) {
    const read = parse('xml', textOf('$parseXml', text))
    if (read === undefined) throw new Error('$parseXml wants an XML without entities of its own')
    return read
  },
  urlencode: (text) => encodeURIComponent(textOf('$urlencode', text)),
}

function wholeNumber(name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new Error(`${name} wants a whole number`)
  }
  return value
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${name} wants a text`)
  return value
}

function instantOf(name: string, value: unknown): Date {
  const instant = parseRfc3339(textOf(name, value))
  if (instant === null) throw new Error(`${name} wants an instant like 2026-11-21T10:00:00+08:00`)
  return instant
}
