import { type Fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { addMs, type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'

// How values stand on the wire: written by `toJson`, read by the functions below. Reading throws
// Unreadable, which the transport turns into 'unknown': nothing half-read is ever believed.

export class Unreadable extends Error {}

export type Wire = string | number | Yuan | readonly Wire[] | { readonly [name: string]: Wire }

const YUAN = Symbol('yuan')
export type Yuan = { readonly [YUAN]: Fen }

/** An amount to be sent, in yuan with exactly two decimals. */
export const yuan = (amountFen: Fen): Yuan => ({ [YUAN]: amountFen })

/** The amount that is to be sent, or null for another value. */
export const fenOfYuan = (value: unknown): Fen | null =>
  typeof value === 'object' && value !== null && YUAN in value ? (value as Yuan)[YUAN] : null

/** JSON in which amounts keep their two decimals also as numbers: {"pric":12.50}. */
export function toJson(value: Wire, amountsAs: 'number' | 'text'): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value)
  if (isList(value)) return `[${value.map((item) => toJson(item, amountsAs)).join(',')}]`
  if (isYuan(value)) {
    const text = toYuanText(value[YUAN])
    return amountsAs === 'number' ? text : `"${text}"`
  }
  const fields = Object.entries(value).map(
    ([name, inside]) => `${JSON.stringify(name)}:${toJson(inside, amountsAs)}`,
  )
  return `{${fields.join(',')}}`
}

const isList = (value: Wire): value is readonly Wire[] => Array.isArray(value)
const isYuan = (value: object): value is Yuan => YUAN in value

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new Unreadable(`${what} is missing`)
}

/** A list; some centres send the only item of one without the brackets. */
export function listOf(value: unknown, what: string): Fields[] {
  if (value === undefined || value === null) return []
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return items.map((item) => fieldsOf(item, what))
}

/** Text that is not empty; a whole number stands for its digits. */
export function textOf(fields: Fields, name: string): string {
  const text = optionalTextOf(fields, name)
  if (text === null) throw new Unreadable(`${name} is missing`)
  return text
}

export function optionalTextOf(fields: Fields, name: string): string | null {
  const value = fields[name]
  if (Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/**
 * An amount, under the first of the spellings that is there.
 *
 * Shape: a JSON number or a text in yuan with at most two decimals. Errors: Unreadable for anything else,
 * and for more than 13 digits before the point, as past 15 digits a JSON number is not exact.
 */
export function amountOf(fields: Fields, ...names: [string, ...string[]]): Fen {
  const amount = optionalAmountOf(fields, ...names)
  if (amount === null) throw new Unreadable(`${names[0]} is missing`)
  return amount
}

export function optionalAmountOf(fields: Fields, ...names: [string, ...string[]]): Fen | null {
  const name = names.find((candidate) => isThere(fields[candidate]))
  if (name === undefined) return null
  const amount = parseAmount(fields[name])
  if (amount === null) throw new Unreadable(`${name} is not an amount`)
  return amount
}

const isThere = (value: unknown) => value !== undefined && value !== null && value !== ''

export function parseAmount(value: unknown): Fen | null {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^-?\d{1,13}(\.\d{1,2})?$/.test(text)) return null
  return parseYuan(text)
}

/** A decimal as its digits; empty where there is none. */
export function decimalTextOf(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'number' ? String(value) : (optionalTextOf(fields, name) ?? '')
}

/** A price of at most six decimals, in millionths of a yuan. */
export function microYuanOf(fields: Fields, name: string): number {
  const match = /^(\d{1,9})(?:\.(\d{1,6})0*)?$/.exec(decimalTextOf(fields, name))
  if (!match) throw new Unreadable(`${name} is not a price`)
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'))
}

/** A ratio between 0 and 1 with at most four decimals, in basis points. */
export function ratioBpOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (!isThere(value)) return 0
  const match = /^(\d)(?:\.(\d{1,4}))?$/.exec(String(value))
  if (!match) throw new Unreadable(`${name} is not a ratio`)
  return Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'))
}

/** The records of a node; none where the centre found none and left the node out. */
export function rowsOf(output: unknown, node: string): Fields[] {
  if (output === undefined || output === null || output === '') return []
  return listOf(fieldsOf(output, 'output')[node], node)
}

export function wholeOf(fields: Fields, name: string): number {
  const text = textOf(fields, name)
  if (!/^\d{1,15}$/.test(text)) throw new Unreadable(`${name} is not a whole number`)
  return Number(text)
}

/** 'yyyy-MM-dd', also where a time of the day follows. */
export function dayOf(fields: Fields, name: string): BusinessDate {
  const day = optionalDayOf(fields, name)
  if (day === null) throw new Unreadable(`${name} is missing`)
  return day
}

export function optionalDayOf(fields: Fields, name: string): BusinessDate | null {
  const text = optionalTextOf(fields, name)
  if (text === null) return null
  const day = text.slice(0, 10)
  if (!isBusinessDate(day)) throw new Unreadable(`${name} is not a day`)
  return day
}

export function momentOf(fields: Fields, name: string): Date {
  const moment = optionalMomentOf(fields, name)
  if (moment === null) throw new Unreadable(`${name} is missing`)
  return moment
}

/** 'yyyy-MM-dd HH:mm:ss' in Shanghai; null when it is not there. */
export function optionalMomentOf(fields: Fields, name: string): Date | null {
  const text = optionalTextOf(fields, name)
  if (text === null) return null
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text)
  return instantOf(match?.[1] ?? '', match?.[2] ?? '', name)
}

/** 'yyyyMMddHHmmssSSS' in Shanghai, as in the envelope. */
export function stampOf(fields: Fields, name: string): Date {
  const text = textOf(fields, name)
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(text)
  const [, year, month, day, hour, minute, second, ms] = match ?? []
  const whole = instantOf(`${year}-${month}-${day}`, `${hour}:${minute}:${second}`, name)
  return addMs(whole, Number(ms))
}

function instantOf(date: string, time: string, name: string): Date {
  const moment = new Date(`${date}T${time}+08:00`)
  if (Number.isNaN(moment.getTime())) throw new Unreadable(`${name} is not a time`)
  return moment
}
