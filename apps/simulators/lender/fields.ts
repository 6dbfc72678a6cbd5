import { createHash } from 'node:crypto'

import { type Fen, fen } from '../../../kernel/money.ts'
import { type BusinessDate, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { Refusal } from './context.ts'

const MAX_FIELDS = 64

/** The form of a request: each name once. Throws the protocol's refusal of anything else. */
export function readForm(body: Buffer): ReadonlyMap<string, string> {
  const pairs = [...new URLSearchParams(body.toString('utf8'))]
  const form = new Map(pairs)
  if (pairs.length === 0 || pairs.length > MAX_FIELDS || form.size !== pairs.length) {
    throw new Refusal('invalid', '报文不是表单，或参数重复')
  }
  return form
}

export type Fields = {
  text(name: string, max?: number): string
  optional(name: string, max?: number): string | null
  match(name: string, pattern: RegExp): string
  /** Whole fen, more than zero. */
  amount(name: string): Fen
  day(name: string): BusinessDate
  /** 'yyyy-MM-dd HH:mm:ss' in Beijing. */
  moment(name: string): Date
  /** The same for the same order, whenever and however often it is sent. */
  digest(): string
  wrong(name: string): Refusal
}

const MAX_AMOUNT_FEN = 10_000_000_000

/** Reads fields, and refuses one that is missing or makes no sense by its name. */
export function fieldsOf(form: ReadonlyMap<string, string>): Fields {
  const wrong = (name: string) => new Refusal('invalid', `参数无效：${name}`)
  const optional = (name: string, max = 64): string | null => {
    const value = form.get(name) ?? ''
    if (value === '') return null
    if (value.length > max || /\p{Cc}/u.test(value)) throw wrong(name)
    return value
  }
  const text = (name: string, max = 64): string => {
    const value = optional(name, max)
    if (value === null) throw wrong(name)
    return value
  }
  const match = (name: string, pattern: RegExp): string => {
    const value = text(name)
    if (!pattern.test(value)) throw wrong(name)
    return value
  }
  return {
    text,
    optional,
    match,
    wrong,
    amount(name: string): Fen {
      const value = Number(match(name, /^[1-9]\d{0,11}$/))
      if (value > MAX_AMOUNT_FEN) throw wrong(name)
      return fen(value)
    },
    day(name: string): BusinessDate {
      const value = text(name)
      if (!isBusinessDate(value)) throw wrong(name)
      return value
    },
    moment(name: string): Date {
      const [day = '', time = ''] = match(name, MOMENT).split(' ')
      if (!isBusinessDate(day)) throw wrong(name)
      return instantAt(day, time)
    },
    digest: () => digestOf(form),
  }
}

const MOMENT = /^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/

/** Fields of the message, not of the order in it. */
const OF_THE_MESSAGE = new Set(['sign', 'sign_type', 'flowId', 'tradeTime', 'operId', 'sourceCode'])

function digestOf(form: ReadonlyMap<string, string>): string {
  const order = [...form]
    .filter(([name, value]) => !OF_THE_MESSAGE.has(name) && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(order)).digest('hex')
}
