import { given, oneOf, type Raw, uuidOf } from '../search/params.ts'
import type { MatchingClass, RowKind } from './model.ts'

// What these pages keep in their URL. The business date is that of every page.

/** `from`: the plan whose terms a new one begins with. */
export type ProposeSearch = { from?: string }

export const readProposeSearch = (raw: Raw): ProposeSearch => given({ from: uuidOf(raw['from']) })

/**
 * `class`: whose differences are listed; `no`: which of them is open; `after`: the number of the last one of the page before.
 * `relation`, `kind`, `number`: what a case is about.
 */
export type RunSearch = {
  plan?: string
  class?: MatchingClass
  no?: number
  after?: number
  relation?: string
  kind?: RowKind
  number?: string
}

export const readRunSearch = (raw: Raw): RunSearch =>
  given({
    plan: textOf(NAME, raw['plan']),
    class: textOf(CLASS, raw['class']) as MatchingClass | undefined,
    no: countOf(raw['no']),
    after: countOf(raw['after']),
    relation: textOf(NAME, raw['relation']),
    kind: oneOf(['charge', 'return', 'fee', 'payout'] as const, raw['kind']),
    number: textOf(NUMBER, raw['number']),
  })

const NAME = /^[a-z][a-z0-9_-]{0,29}$/
const CLASS = /^[a-z_]{2,30}$/
const NUMBER = /^.{1,200}$/

const textOf = (form: RegExp, value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && form.test(text) ? text : undefined
}

const countOf = (value: unknown): number | undefined =>
  /^[1-9]\d{0,8}$/.test(String(value)) ? Number(value) : undefined
