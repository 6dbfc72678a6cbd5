import { createHash } from 'node:crypto'

import { type Fen, fen } from '../../../kernel/money.ts'
import { Refusal } from './context.ts'

// Reading of fields: each throws a Refusal that names the field.

export function textField(
  fields: Record<string, unknown>,
  name: string,
  { most, pattern }: { most: number; pattern?: RegExp },
): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '') throw new Refusal('invalid', `${name} is missing`)
  if (Array.from(value).length > most)
    throw new Refusal('invalid', `${name} is over ${most} characters`)
  if (pattern && !pattern.test(value)) throw new Refusal('invalid', `${name} has a wrong form`)
  return value
}

export const numberField = (fields: Record<string, unknown>, name: string): string =>
  textField(fields, name, { most: 32, pattern: /^[0-9A-Za-z]{6,32}$/ })

export function addressField(fields: Record<string, unknown>, name: string): string {
  const value = textField(fields, name, { most: 300 })
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
    throw new Refusal('invalid', `${name} is no address`)
  }
  return value
}

/** Whole fen above zero, at most a million yuan. */
export function amountOf(value: unknown, name: string): Fen {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 100_000_000) {
    throw new Refusal('invalid', `${name} is no amount`)
  }
  return fen(value)
}

/** The same for the same content, in whatever order its fields stand. */
export const digestOf = (fields: Record<string, unknown>): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')

export function onlyFields(fields: Record<string, unknown>, names: readonly string[]): void {
  const strange = Object.keys(fields).find((name) => !names.includes(name))
  if (strange !== undefined) throw new Refusal('invalid', `${strange.slice(0, 40)} is not known`)
}
