import { type Fen, toYuanText } from '../../../kernel/money.ts'

/** A JSON number kept as the text it was written with, so that no amount passes through a float. */
export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Wire = string | boolean | null | JsonNumber | readonly Wire[] | WireObject
export type WireObject = { readonly [name: string]: Wire }

/**
 * Reads JSON and keeps every number as its source text.
 *
 * Errors: throws SyntaxError on anything that is not JSON.
 */
export function parseWire(text: string): Wire {
  JSON.parse(text) // the grammar is checked on the text as it came, before numbers are marked
  const marked = text.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') ? token : JSON.stringify(NUMBER_MARK + token),
  )
  return JSON.parse(marked, (_name, value: unknown) =>
    typeof value === 'string' && value.startsWith(NUMBER_MARK)
      ? new JsonNumber(value.slice(NUMBER_MARK.length))
      : value,
  ) as Wire
}

// Strings are matched only to be stepped over: a digit inside of one is no number.
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

// A sender could put this mark into a string. It would pass for a number, and every field that
// takes a number takes a string with the same digits as well, so nothing is gained by it.
const NUMBER_MARK = '\u0001number:'

export function writeWire(value: Wire): string {
  if (value instanceof JsonNumber) return value.text
  if (Array.isArray(value)) return `[${(value as readonly Wire[]).map(writeWire).join(',')}]`
  if (isWireObject(value)) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}:${writeWire(member)}`)
      .join(',')}}`
  }
  return JSON.stringify(value)
}

/** The same value always as the same text, whatever the order of its fields. */
export function canonicalWire(value: Wire): string {
  return writeWire(sortFields(value))
}

export const isWireObject = (value: Wire | undefined): value is WireObject =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof JsonNumber)

/** A member by its own name; null where there is none. Inherited names are no members. */
export const memberOf = (value: Wire, name: string): Wire =>
  isWireObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null

/** 1234 fen is the number 12.34, always with two decimals. */
export const yuan = (amount: Fen): JsonNumber => new JsonNumber(toYuanText(amount))

/** A whole number of 10^-scale: (700n, 3) is 0.700. */
export function scaled(value: bigint, scale: number): JsonNumber {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  const sign = value < 0n ? '-' : ''
  return new JsonNumber(`${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`)
}

/** Parts per million as the platform's 5,4: 700,000 is 0.7000. */
export const ratio = (partsPerMillion: number): JsonNumber =>
  scaled(BigInt(Math.round(partsPerMillion / 100)), 4)

function sortFields(value: Wire): Wire {
  if (Array.isArray(value)) return (value as readonly Wire[]).map(sortFields)
  if (!isWireObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sortFields(memberOf(value, name))]))
}
