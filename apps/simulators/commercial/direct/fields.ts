import { createHash } from 'node:crypto'

import { type Fen, fen } from '../../../../kernel/money.ts'
import { type BusinessDate, isBusinessDate } from '../../../../kernel/time.ts'
import { Refusal } from '../core/context.ts'

/** The body of a request: a JSON object. Throws the protocol's refusal of anything else. */
export function readBody(body: Buffer): Fields {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (isObject(value)) return fieldsOf(value, '')
  } catch {
    // Said below.
  }
  throw new Refusal('invalid', '报文不是JSON对象')
}

export type Fields = {
  text(name: string, max?: number): string
  optional(name: string, max?: number): string | null
  match(name: string, pattern: RegExp, max?: number): string
  /** Whole fen, zero or more. */
  amount(name: string): Fen
  day(name: string): BusinessDate
  list(name: string, min: number, max: number): Fields[]
  /** Base64. */
  bytes(name: string, maxBytes: number): Buffer
  /** The same for the same content, whatever the order of its fields. */
  digest(): string
  wrong(name: string): Refusal
}

const MAX_AMOUNT_FEN = 10_000_000_000

/** Reads fields, and refuses one that is missing or makes no sense by its name. */
function fieldsOf(content: Readonly<Record<string, unknown>>, path: string): Fields {
  const wrong = (name: string) => new Refusal('invalid', `参数无效：${path}${name}`)
  const optional = (name: string, max = 64): string | null => {
    const value = content[name] ?? null
    if (value === null) return null
    const isText = typeof value === 'string' && value.length >= 1 && value.length <= max
    if (!isText || /\p{Cc}/u.test(value)) throw wrong(name)
    return value
  }
  const text = (name: string, max = 64): string => {
    const value = optional(name, max)
    if (value === null) throw wrong(name)
    return value
  }
  const match = (name: string, pattern: RegExp, max = 64): string => {
    const value = text(name, max)
    if (!pattern.test(value)) throw wrong(name)
    return value
  }
  return {
    text,
    optional,
    match,
    wrong,
    amount(name: string): Fen {
      const value = content[name]
      const isAmount = Number.isSafeInteger(value) && Number(value) >= 0
      if (!isAmount || Number(value) > MAX_AMOUNT_FEN) throw wrong(name)
      return fen(Number(value))
    },
    day(name: string): BusinessDate {
      const value = text(name)
      if (!isBusinessDate(value)) throw wrong(name)
      return value
    },
    list(name: string, min: number, max: number): Fields[] {
      const value = content[name] ?? []
      if (!Array.isArray(value) || value.length < min || value.length > max) throw wrong(name)
      return value.map((item: unknown, index) => {
        if (!isObject(item)) throw wrong(`${name}[${index}]`)
        return fieldsOf(item, `${path}${name}[${index}].`)
      })
    },
    bytes(name: string, maxBytes: number): Buffer {
      const value = content[name]
      const isBase64 = typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
      if (!isBase64 || value.length > Math.ceil(maxBytes / 3) * 4) throw wrong(name)
      return Buffer.from(value, 'base64')
    },
    digest: (): string => createHash('sha256').update(canonicalJson(content)).digest('hex'),
  }
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([name, held]) => `${JSON.stringify(name)}:${canonicalJson(held)}`).join(',')}}`
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
