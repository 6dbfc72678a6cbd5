import { type Fen, parseYuan } from '../../../kernel/money.ts'
import { type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import { Refusal } from './refusal.ts'
import { isWireObject, JsonNumber, memberOf, type Wire } from './wire-json.ts'

/** Reads one field of a message. Null stands for absent; a field that must be there refuses it. */
export type Field<T> = (raw: Wire, path: string) => T
type Fields = Record<string, Field<unknown>>
export type Read<F extends Fields> = { [Name in keyof F]: ReturnType<F[Name]> }

/**
 * Reads the fields of one node of a message, in the order they are listed.
 *
 * Shape: fields not listed are ignored, as the platform does.
 * Errors: a Refusal that names the first field that is wrong, with its path.
 */
export function readFields<F extends Fields>(node: Wire, fields: F, path = ''): Read<F> {
  if (!isWireObject(node)) throw new Refusal(path === '' ? 'input' : path, '缺少该节点或不是对象')
  const values = Object.entries(fields).map(([name, read]) => {
    const raw = memberOf(node, name)
    // Clients of the platform send an empty string for what they do not have.
    return [name, read(raw === '' ? null : raw, path === '' ? name : `${path}.${name}`)]
  })
  return Object.fromEntries(values) as Read<F>
}

/** Reads every node of a list of 1 to `max`. */
export function readList<F extends Fields>(list: Wire, fields: F, path: string, max: number) {
  if (!Array.isArray(list)) throw new Refusal(path, '缺少该节点或不是数组')
  const nodes = list as readonly Wire[]
  if (nodes.length < 1 || nodes.length > max) throw new Refusal(path, `应为1至${max}条`)
  return nodes.map((node, index) => readFields(node, fields, `${path}[${index}]`))
}

export const optional =
  <T>(field: Field<T>): Field<T | null> =>
  (raw, path) =>
    raw === null ? null : field(raw, path)

/** A text of at most so many characters; the platform counts a Chinese character as one. */
export const text =
  (maxLength: number): Field<string> =>
  (raw, path) => {
    const value = textOf(raw, path)
    if (Array.from(value).length > maxLength) throw new Refusal(path, `长度超过${maxLength}`)
    return value
  }

/** A value of a short list that the platform's dictionary gives. */
export const oneOf =
  <const Values extends readonly string[]>(...values: Values): Field<Values[number]> =>
  (raw, path) => {
    const value = textOf(raw, path)
    const found = values.find((known) => known === value)
    if (found === undefined) throw new Refusal(path, `取值应为${values.join('、')}之一`)
    return found
  }

/** 'yyyy-MM-dd HH:mm:ss' of a day and a time that exist. */
export const dateTime: Field<string> = (raw, path) => {
  const value = textOf(raw, path)
  const [, day = '', time = ''] = /^(.{10}) (.{8})$/.exec(value) ?? []
  if (!isBusinessDate(day) || !/^([01]\d|2[0-3])(:[0-5]\d){2}$/.test(time)) {
    throw new Refusal(path, '应为yyyy-MM-dd HH:mm:ss')
  }
  return value
}

export const date: Field<BusinessDate> = (raw, path) => {
  const value = textOf(raw, path)
  if (!isBusinessDate(value)) throw new Refusal(path, '应为yyyy-MM-dd')
  return value
}

/** Decimal 16,2, exactly: a number or a text, never through a float. May be below zero. */
export const amount: Field<Fen> = (raw, path) => {
  const value = parseYuan(numberTextOf(raw, path))
  if (value === null) throw new Refusal(path, '应为最多14位整数、2位小数的金额')
  return value
}

/** Zero or more, as a whole number of 10^-scale. */
export const decimal =
  (digits: number, scale: number): Field<bigint> =>
  (raw, path) => {
    const match = /^(\d+)(?:\.(\d+))?$/.exec(numberTextOf(raw, path))
    const [, whole = '', decimals = ''] = match ?? []
    const significant = decimals.replace(/0+$/, '')
    if (!match || whole.length > digits - scale || significant.length > scale) {
      throw new Refusal(path, `应为非负数值(${digits},${scale})`)
    }
    return BigInt(whole + significant.padEnd(scale, '0'))
  }

/** As `decimal`, and may be below zero. */
export const signed =
  (digits: number, scale: number): Field<bigint> =>
  (raw, path) => {
    const shown = numberTextOf(raw, path)
    const value = decimal(digits, scale)(shown.replace(/^-/, ''), path)
    return shown.startsWith('-') ? -value : value
  }

function textOf(raw: Wire, path: string): string {
  if (raw === null) throw new Refusal(path, '必填')
  if (typeof raw !== 'string') throw new Refusal(path, '应为字符串')
  return raw
}

function numberTextOf(raw: Wire, path: string): string {
  if (raw === null) throw new Refusal(path, '必填')
  if (raw instanceof JsonNumber) return raw.text
  if (typeof raw !== 'string') throw new Refusal(path, '应为数值')
  return raw
}
