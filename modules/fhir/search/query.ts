import { fhirErrors } from '../errors.ts'
import { isFhirId } from '../ids.ts'
import { type DateWish, readDateWish } from './dates.ts'
import type { Parameter } from './parameter.ts'

/** What was asked of a parameter: any of these fits. */
export type Wish =
  | { type: 'token'; any: readonly TokenWish[] }
  | { type: 'date'; any: readonly DateWish[] }
  | { type: 'reference'; any: readonly string[] }

export type TokenWish = { system: string | null; code: string | null }

export type SearchQuery = {
  /** By parameter; each of several wishes has to fit. */
  wishes: ReadonlyMap<string, readonly Wish[]>
  ids: readonly string[] | null
  count: number
  cursor: string | null
  /** As they were used, for the link to itself; without what names a person. */
  used: readonly (readonly [string, string])[]
  ignored: readonly string[]
}

const USUAL_COUNT = 20
const MOST_COUNT = 100
const MOST_VALUES = 50
const MOST_CHARACTERS = 500

/** Taken everywhere, beside the parameters of a type. */
const CONTROLS: ReadonlySet<string> = new Set(['_count', '_cursor', '_format', '_id'])

export type AskedBy = {
  /** The body of a POST is in no log, and may name a person. */
  isPost: boolean
  /** Prefer: handling=strict. */
  isStrict: boolean
}

/**
 * Pure: what is asked for of a type with these parameters. Errors: throws fhir.parameter_wrong, parameter_unknown,
 * parameter_secret, parameter_missing, modifier_unknown.
 */
export function readQuery(
  parameters: readonly Parameter[],
  asked: readonly (readonly [string, string])[],
  { isPost, isStrict }: AskedBy,
): SearchQuery {
  const wishes = new Map<string, Wish[]>()
  const used: [string, string][] = []
  const ignored: string[] = []
  if (asked.length > MOST_VALUES) throw wrong('_', 'count')
  for (const [name, value] of asked) {
    if (value.length > MOST_CHARACTERS) throw wrong(name, 'length')
    if (value.includes('\0')) throw wrong(name, 'nul')
    if (CONTROLS.has(name)) {
      if (name !== '_cursor' && name !== '_format') used.push([name, value])
      continue
    }
    const [plain = '', modifier] = name.split(':')
    const parameter = parameters.find((one) => one.name === plain)
    if (!parameter) {
      if (isStrict) throw fhirErrors.parameter_unknown({ parameter: name.slice(0, 60) })
      ignored.push(name)
      continue
    }
    if (modifier !== undefined) throw fhirErrors.modifier_unknown({ parameter: name.slice(0, 60) })
    if (parameter.isSecret && !isPost) throw fhirErrors.parameter_secret({ parameter: plain })
    wishes.set(plain, [...(wishes.get(plain) ?? []), wishOf(parameter, value)])
    if (!parameter.isSecret) used.push([name, value])
  }
  const last = (name: string) => asked.findLast(([one]) => one === name)?.[1]
  const ids = idsOf(last('_id'))
  checkNeeded(parameters, wishes, ids)
  return {
    wishes,
    ids,
    count: countOf(last('_count')),
    cursor: cursorOf(last('_cursor')),
    used,
    ignored,
  }
}

function checkNeeded(
  parameters: readonly Parameter[],
  wishes: ReadonlyMap<string, unknown>,
  ids: readonly string[] | null,
): void {
  if (ids !== null) return
  const missing = parameters.find(({ isNeeded, name }) => isNeeded && !wishes.has(name))
  if (missing) throw fhirErrors.parameter_missing({ parameter: missing.name })
}

function wishOf({ name, type }: Parameter, value: string): Wish {
  const parts = value.split(',')
  switch (type) {
    case 'token':
      return { type, any: parts.map((part) => tokenOf(name, part)) }
    case 'date':
      return { type, any: parts.map((part) => dateOf(name, part)) }
    case 'reference':
      if (parts.includes('')) throw wrong(name, 'reference')
      return { type, any: parts }
  }
}

function tokenOf(name: string, text: string): TokenWish {
  const bar = text.indexOf('|')
  const [system, code] = bar < 0 ? [null, text] : [text.slice(0, bar), text.slice(bar + 1)]
  if ((system ?? '') === '' && code === '') throw wrong(name, 'token')
  return { system, code: code === '' ? null : code }
}

function dateOf(name: string, text: string): DateWish {
  const wish = readDateWish(text)
  if (!wish) throw wrong(name, 'date')
  return wish
}

/** More than the most is given in pages of the most; 0 and nonsense are refused. */
function countOf(text: string | undefined): number {
  if (text === undefined) return USUAL_COUNT
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrong('_count', 'count')
  return Math.min(Number(text), MOST_COUNT)
}

function idsOf(text: string | undefined): string[] | null {
  if (text === undefined) return null
  const ids = [...new Set(text.split(','))]
  if (ids.length > MOST_VALUES || !ids.every(isFhirId)) throw wrong('_id', 'id')
  return ids
}

function cursorOf(text: string | undefined): string | null {
  if (text === undefined) return null
  if (!/^[A-Za-z0-9.~-]{1,150}$/.test(text)) throw wrong('_cursor', 'cursor')
  return text
}

const wrong = (parameter: string, rule: string) =>
  fhirErrors.parameter_wrong({ parameter: parameter.slice(0, 60), rule })

/** The one text of a token parameter, where a source looks by one; null for none, or for several. */
export function codeOf({ wishes }: Pick<SearchQuery, 'wishes'>, name: string): string | null {
  const [first, ...others] = wishes.get(name) ?? []
  if (first?.type !== 'token' || others.length > 0 || first.any.length !== 1) return null
  return first.any[0]?.code ?? null
}

/** The id of the one resource of a type that is referred to: 'Patient/<id>', a URL of it, or the id alone. */
export function referredId(
  { wishes }: Pick<SearchQuery, 'wishes'>,
  name: string,
  type: string,
): string | null {
  const [first] = wishes.get(name) ?? []
  if (first?.type !== 'reference') return null
  if (first.any.length !== 1) throw wrong(name, 'one')
  return idInReference(first.any[0] ?? '', type)
}

export function idInReference(text: string, type: string): string | null {
  const id = /^[A-Za-z0-9.-]{1,64}$/.test(text)
    ? text
    : new RegExp(`(?:^|/)${type}/([A-Za-z0-9.-]{1,64})$`).exec(text)?.[1]
  return id ?? null
}

/** All wishes of a date parameter that are alone: several that any may fit bound nothing. */
export const datesOf = ({ wishes }: Pick<SearchQuery, 'wishes'>, name: string): DateWish[] =>
  (wishes.get(name) ?? []).flatMap((wish) =>
    wish.type === 'date' && wish.any.length === 1 ? wish.any : [],
  )
