import { createHash } from 'node:crypto'

import { type Fen, parseYuan } from '../../../kernel/money.ts'
import { instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'

/** The content of a request: what biz_content holds. */
export type Content = Readonly<Record<string, unknown>>

/**
 * Reads the fields of a content. Every method throws the protocol's refusal of a field that is missing or makes no
 * sense; `code` is how this product words it.
 */
export function fieldsOf(content: Content, code = 'ACQ.INVALID_PARAMETER') {
  const wrong = (name: string) => new ApiError(code, `参数无效：${name}`)
  const optional = (name: string, max = 64): string => {
    const value = content[name] ?? ''
    if (typeof value !== 'string') throw wrong(name)
    if (Array.from(value).length > max || /[\p{Cc}\p{Cs}]/u.test(value)) throw wrong(name)
    return value
  }
  const text = (name: string, max = 64): string => {
    const value = optional(name, max)
    if (value === '') throw wrong(name)
    return value
  }
  return {
    text,
    optional,
    /** A number of the merchant's: letters, digits and underscores. */
    number: (name: string): string => match(name, /^[0-9A-Za-z_-]{1,64}$/),
    match,
    amount(name: string): Fen {
      const value = optional(name)
      const amount = /^\d+(\.\d{1,2})?$/.test(value) ? parseYuan(value) : null
      if (amount === null || amount < 1 || amount > MAX_AMOUNT_FEN) throw wrong(name)
      return amount
    },
    /** 'yyyy-MM-dd HH:mm:ss' in Beijing; null when it is not there. */
    moment(name: string): Date | null {
      const value = optional(name)
      if (value === '') return null
      const [, date = '', time = ''] =
        /^(\S{10}) ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/.exec(value) ?? []
      if (!isBusinessDate(date)) throw wrong(name)
      return instantAt(date, time)
    },
    options(name: string): string[] {
      const value = content[name] ?? []
      const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
      if (!isList) throw wrong(name)
      return value
    },
    wrong,
  }

  function match(name: string, pattern: RegExp): string {
    const value = text(name, 512)
    if (!pattern.test(value)) throw wrong(name)
    return value
  }
}

export type Fields = ReturnType<typeof fieldsOf>

const MAX_AMOUNT_FEN = 10_000_000_000

/** The same for the same content, whatever the order of its fields. */
export const digestOf = (content: unknown): string =>
  createHash('sha256').update(canonicalJson(content)).digest('hex')

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([name, held]) => `${JSON.stringify(name)}:${canonicalJson(held)}`).join(',')}}`
}
