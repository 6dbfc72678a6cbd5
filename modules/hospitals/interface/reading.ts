import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { type Fen, fen } from '../../../kernel/money.ts'
import { isBusinessDate, toShanghaiIso } from '../../../kernel/time.ts'
import { HIS_TENDER_KINDS } from './data.ts'

// Words that several operations share. Source: docs/interface/hospital-standard.md.

// A NUL is a letter to JSON and none to PostgreSQL.
const NO_NUL = '^[^\\u0000]*$'

export const text = (maxLength: number) => Type.String({ maxLength, pattern: NO_NUL })
export const number = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: NO_NUL })

/** A number the hospital or the hub gives to a thing: bill, visit, patient, receipt. */
export const shortText = number(64)
export const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const amountFen = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
export const lineNo = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
})

/** An instant or an amount as the code has it; a schema with these is read by `translatedForm`. */
export const anInstant = Type.Codec(instant).Decode(toInstant).Encode(toShanghaiIso)
export const money = Type.Codec(amountFen)
  .Decode((amount) => fen(amount))
  .Encode((amount) => amount)

export const orNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])

export const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

export const tender = Type.Object({
  kind: Type.Enum([...HIS_TENDER_KINDS]),
  amountFen: Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
})

export const paidTender = Type.Object({
  kind: Type.Enum([...HIS_TENDER_KINDS]),
  amountFen,
  tradeNo: number(64),
})

/** Reads data from outside: what it says, or why it cannot be believed. */
export type Reader<T> = (data: unknown) => { value: T } | { problem: string }

/** Thrown by a translation for data of the right form that contradicts itself or the question. */
class Contradiction extends Error {}

/** A form that data must have. Given a translation of what has it, makes a reader. */
export function form<S extends Type.TSchema>(schema: S) {
  const checked = Compile(schema)
  return <T>(translate: (data: Type.Static<S>) => T): Reader<T> =>
    (data) => {
      if (!checked.Check(data)) {
        const [first] = checked.Errors(data)
        return { problem: `data${first?.instancePath ?? ''} ${first?.message ?? 'is unreadable'}` }
      }
      return translated(() => translate(data as Type.Static<S>))
    }
}

/** The same for a schema that says how its parts are translated; what the schema does not name is left out. */
export function translatedForm<S extends Type.TSchema>(schema: S): Reader<Type.StaticDecode<S>> {
  const checked = Compile(schema)
  return form(schema)(
    (data) => checked.Decode(checked.Clean(structuredClone(data))) as Type.StaticDecode<S>,
  )
}

/** What `work` makes, or the Contradiction it found. */
export function translated<T>(work: () => T): ReturnType<Reader<T>> {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof Contradiction) return { problem: error.message }
    throw error
  }
}

export function agree(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Contradiction(problem)
}

export function toInstant(written: string): Date {
  const at = new Date(written)
  const isDay = isBusinessDate(written.slice(0, 10))
  agree(isDay && !Number.isNaN(at.getTime()), `${written} is not an instant`)
  return at
}

/** The sum, where amounts of any size may be meant to add up to something. */
export function sumFen(amounts: readonly number[]): Fen {
  const sum = amounts.reduce((total, amount) => total + BigInt(amount), 0n)
  agree(
    sum <= BigInt(Number.MAX_SAFE_INTEGER) && sum >= BigInt(Number.MIN_SAFE_INTEGER),
    'amounts add up past what is money',
  )
  return fen(Number(sum))
}

export function agreeUnique(values: readonly (string | number)[], what: string): void {
  agree(new Set(values).size === values.length, `${what} is there twice`)
}
