import { type Fen, toYuanText } from '../../kernel/money.ts'

/** What a resource is made of. Fields that are undefined are left out. */
export type Json =
  | string
  | number
  | boolean
  | null
  | Decimal
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }

/** A number by its digits, as a float would lose the last zero of 10.50 and more of large amounts. */
export class Decimal {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** For whoever builds JSON of it without `writeJson`. */
  toJSON(): number {
    return Number(this.text)
  }
}

/** Plain digits that FHIR takes for a decimal: no exponent, at most 18 digits. */
export const readDecimal = (text: string): Decimal | null =>
  /^-?(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/.test(text) ? new Decimal(text) : null

/** FHIR Money: yuan with two decimals, made of whole fen without any division. */
export const moneyOf = (amount: Fen): Money => ({
  value: new Decimal(toYuanText(amount)),
  currency: 'CNY',
})

export type Money = { value: Decimal; currency: 'CNY' }

/** As JSON.stringify, but that decimals keep their digits. */
export function writeJson(value: Json): string {
  if (value instanceof Decimal) return value.text
  if (Array.isArray(value)) return `[${value.map((one: Json) => writeJson(one)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).flatMap(([name, inner]: [string, Json | undefined]) =>
    inner === undefined ? [] : [`${JSON.stringify(name)}:${writeJson(inner)}`],
  )
  return `{${fields.join(',')}}`
}
