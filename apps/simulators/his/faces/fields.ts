import { fen, toYuanText } from '../../../../kernel/money.ts'
import {
  type BusinessDate,
  instantAt,
  isBusinessDate,
  toShanghaiText,
} from '../../../../kernel/time.ts'

// How the faces read what products send: all of it is text, an empty text is no value, and a field nobody knows
// is refused, so that a misspelt name is found on the first day.

export type Raw = { readonly [name: string]: unknown }

export type Field<T> = {
  /** Undefined for what is not one. */
  read: (value: string | readonly unknown[]) => T | undefined
  /** What it has to be, for whoever sent another thing. */
  what: string
  isOptional: boolean
}

export type Shape = { readonly [name: string]: Field<unknown> }

export type Values<S extends Shape> = {
  [Name in keyof S]: S[Name] extends Field<infer T> ? T : never
}

/** What the fields hold, or the first problem: 'payAmout is not a whole number of fen'. */
export function readFields<S extends Shape>(
  shape: S,
  raw: Raw,
): { values: Values<S> } | { problem: string } {
  const unknown = Object.keys(raw).find((name) => !Object.hasOwn(shape, name))
  if (unknown !== undefined)
    return { problem: `${unknown.slice(0, 64)} is not a field of this service` }
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(shape)) {
    const value = raw[name]
    if (value === undefined || value === null || value === '') {
      if (!field.isOptional) return { problem: `${name} is missing` }
      values[name] = null
      continue
    }
    const isReadable = typeof value === 'string' || Array.isArray(value)
    const read = isReadable ? field.read(value as string | unknown[]) : undefined
    if (read === undefined) return { problem: `${name} is not ${field.what}` }
    values[name] = read
  }
  return { values: values as Values<S> }
}

const fieldOf = <T>(what: string, read: (text: string) => T | undefined): Field<T> => ({
  read: (value) => (typeof value === 'string' ? read(value) : undefined),
  what,
  isOptional: false,
})

/** Null where it is left out or empty. */
export const optional = <T>(field: Field<T>): Field<T | null> => ({ ...field, isOptional: true })

export const text = (maxLength: number): Field<string> =>
  fieldOf(`a text of at most ${maxLength} characters`, (value) =>
    Array.from(value).length <= maxLength ? value : undefined,
  )

export const oneOf = <Code extends string>(...codes: readonly Code[]): Field<Code> =>
  fieldOf(`one of ${codes.join(', ')}`, (value) => codes.find((code) => code === value))

/** Whole fen: '1250'. A point, a sign or a leading zero is refused. */
export const fenAmount: Field<number> = fieldOf('a whole number of fen', (value) =>
  /^(0|[1-9]\d{0,11})$/.test(value) ? Number(value) : undefined,
)

/** Yuan with two decimals: '12.50', in fen. Anything else is refused, '12.5' as well. */
export const yuanAmount: Field<number> = fieldOf('an amount in yuan with two decimals', (value) =>
  /^(0|[1-9]\d{0,9})\.\d{2}$/.test(value) ? Number(value.replace('.', '')) : undefined,
)

export const wholeNumber = (max: number): Field<number> =>
  fieldOf(`a whole number up to ${max}`, (value) =>
    /^\d{1,9}$/.test(value) && Number(value) <= max ? Number(value) : undefined,
  )

export const idCardNo: Field<string> = fieldOf('an identity number of 18 characters', (value) =>
  /^\d{17}[\dX]$/.test(value) ? value : undefined,
)

export const phoneNo: Field<string> = fieldOf('a telephone number', (value) =>
  /^\d{11}$/.test(value) ? value : undefined,
)

/** 'yyyy-MM-dd'. */
export const day: Field<BusinessDate> = fieldOf('a day like 2026-11-23', (value) =>
  isBusinessDate(value) ? value : undefined,
)

/** 'HH:mm'. */
export const timeOfDay: Field<string> = fieldOf('a time like 08:00', (value) =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined,
)

/** 'HH:mm:ss'. */
export const secondOfDay: Field<string> = fieldOf('a time like 08:00:00', (value) =>
  /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(value) ? value : undefined,
)

/** 'yyyy-MM-dd HH:mm:ss', the wall clock of Shanghai. */
export const moment: Field<Date> = fieldOf('a moment like 2026-11-23 08:00:00', (value) => {
  const match = /^(\d{4}-\d{2}-\d{2}) ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/.exec(value)
  const [, date = '', time = ''] = match ?? []
  return isBusinessDate(date) ? instantAt(date, time) : undefined
})

/** A day written as its midnight: '2026-11-23 00:00:00'. */
export const midnight: Field<BusinessDate> = fieldOf('a day like 2026-11-23 00:00:00', (value) => {
  const [, date = ''] = /^(\d{4}-\d{2}-\d{2}) 00:00:00$/.exec(value) ?? []
  return isBusinessDate(date) ? date : undefined
})

/** Groups of fields, each as its shape has it. */
export const list = <S extends Shape>(shape: S, maxItems: number): Field<Values<S>[]> => ({
  what: `a list of at most ${maxItems} groups of ${Object.keys(shape).join(', ')}`,
  isOptional: false,
  read(value) {
    if (typeof value === 'string' || value.length > maxItems) return undefined
    const groups = value.map((item) =>
      typeof item === 'object' && item !== null ? readFields(shape, { ...item }) : null,
    )
    return groups.every((group) => group !== null && 'values' in group)
      ? groups.flatMap((group) => (group && 'values' in group ? [group.values] : []))
      : undefined
  },
})

/** Fen as yuan with two decimals: '12.50'. */
export const yuan = (amountFen: number): string => toYuanText(fen(amountFen))

/** 'yyyy-MM-dd HH:mm:ss' of an instant in the hospital's own words. */
export const wallClock = (instant: string | Date): string =>
  toShanghaiText(typeof instant === 'string' ? new Date(instant) : instant)

/** '08:00' of an instant. */
export const clockTime = (instant: string | Date): string => wallClock(instant).slice(11, 16)
