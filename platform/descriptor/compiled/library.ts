import { fail, type Run } from './run.ts'
import type { Parameter, Signature } from './signatures.ts'
import * as texts from './texts.ts'
import {
  appended,
  areEqual,
  isList,
  isListOfNumbers,
  isRecord,
  isSequence,
  memberOf,
  sequence,
  textOf,
  truth,
} from './values.ts'

/** A function of the language, called with a value for each of its parameters. */
type BuiltIn = Signature & { call: (values: readonly unknown[], run: Run) => unknown }

const anything: Parameter = { takes: 'asnblom' }
const lookedAt: Parameter = { ...anything, orContext: true }
const text: Parameter = { takes: 'sm' }
const textLookedAt: Parameter = { ...text, orContext: true }
const separator: Parameter = { takes: 'sm', optional: true }
const number: Parameter = { takes: 'nm' }
const limit: Parameter = { ...number, optional: true }
const list: Parameter = { ...anything, asList: true }
const numbers: Parameter = { ...list, items: 'n' }

type OfValue = (value: unknown, run: Run) => unknown
type OfText = (value: string, run: Run) => unknown
type OfNumbers = (value: readonly number[], run: Run) => unknown

const builtIn = (parameters: readonly Parameter[], call: BuiltIn['call']): BuiltIn => ({
  parameters,
  plans: new Map(),
  call,
})

const ofValue = (parameter: Parameter, call: OfValue): BuiltIn =>
  builtIn([parameter], ([value], run) => call(value, run))

/** Nothing comes of nothing. */
const ofText = (parameters: readonly Parameter[], call: BuiltIn['call']): BuiltIn =>
  builtIn(parameters, (values, run) => {
    const [value] = values
    if (typeof value !== 'string') return undefined
    run.spendOn(value)
    return call(values, run)
  })

const ofOneText = (call: OfText): BuiltIn =>
  ofText([textLookedAt], ([value], run) => call(String(value), run))

const ofNumbers = (call: OfNumbers): BuiltIn =>
  builtIn([numbers], ([value], run) => {
    if (value === undefined) return undefined
    const given = value as readonly number[] // as its parameter says, which was looked at
    run.spend(given.length)
    return call(given, run)
  })

export const BUILT_IN: ReadonlyMap<string, BuiltIn> = new Map([
  [
    'string',
    builtIn([lookedAt, { takes: 'bm', optional: true }], ([value, isIndented], run) =>
      value === undefined ? undefined : textOf(value, run, isIndented === true),
    ),
  ],
  ['number', ofValue({ takes: 'nsbm', orContext: true }, texts.numberOf)],
  ['boolean', ofValue(lookedAt, truth)],
  [
    'not',
    ofValue(lookedAt, (value, run) =>
      value === undefined ? undefined : truth(value, run) !== true,
    ),
  ],
  ['exists', ofValue(anything, (value) => value !== undefined)],
  ['count', ofValue(list, (value) => (isList(value) ? value.length : 0))],
  ['sum', ofNumbers((given) => given.reduce((total, each) => total + each, 0))],
  ['max', ofNumbers((given) => (given.length === 0 ? undefined : Math.max(...given)))],
  ['min', ofNumbers((given) => (given.length === 0 ? undefined : Math.min(...given)))],
  ['uppercase', ofOneText((value) => value.toUpperCase())],
  ['lowercase', ofOneText((value) => value.toLowerCase())],
  ['length', ofOneText(texts.lengthOf)],
  ['trim', ofOneText(texts.trimmed)],
  ['substring', ofText([textLookedAt, number, limit], texts.substring)],
  ['substringBefore', ofText([textLookedAt, text], texts.substringBefore)],
  ['substringAfter', ofText([textLookedAt, text], texts.substringAfter)],
  ['contains', ofText([textLookedAt, text], texts.contains)],
  ['replace', ofText([textLookedAt, text, text, limit], texts.replaced)],
  ['split', ofText([textLookedAt, text, limit], texts.split)],
  ['join', builtIn([{ ...list, items: 's' }, separator], texts.joined)],
  ['lookup', builtIn([lookedAt, text], ([value, name], run) => memberOf(value, String(name), run))],
  ['keys', ofValue(lookedAt, keysOf)],
  ['merge', ofValue({ ...list, items: 'o' }, merged)],
  ['append', builtIn([anything, anything], ([one, other], run) => appended(one, other, run))],
  ['distinct', ofValue(anything, distinct)],
  ['sort', ofValue(list, sorted)],
])

function keysOf(value: unknown, run: Run): unknown[] {
  const names = sequence()
  for (const name of Object.keys(isList(value) ? namesOfAll(value, run) : membersOf(value))) {
    run.spend(1)
    names.push(name)
  }
  return names
}

function namesOfAll(values: readonly unknown[], run: Run): Record<string, true> {
  const all = Object.create(null) as Record<string, true>
  for (const each of values) {
    run.spend(1)
    for (const name of keysOf(each, run)) all[String(name)] = true
  }
  return all
}

const membersOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

function merged(value: unknown, run: Run): unknown {
  if (!isList(value)) return undefined
  const made = Object.create(null) as Record<string, unknown>
  for (const each of value) {
    for (const [name, member] of Object.entries(membersOf(each))) {
      run.spend(1)
      made[name] = member
    }
  }
  return made
}

function distinct(value: unknown, run: Run): unknown {
  if (!isList(value) || value.length <= 1) return value
  const kept: unknown[] = isSequence(value) ? sequence() : []
  for (const item of value) {
    if (!kept.some((each) => areEqual(item, each, run))) kept.push(item)
  }
  return kept
}

/** Numbers by size or texts by their UTF-16 code units; what is equal keeps its order. */
function sorted(value: unknown, run: Run): unknown {
  if (!isList(value) || value.length <= 1) return value
  run.spend(value.length * Math.ceil(Math.log2(value.length)))
  if (isListOfNumbers(value)) return value.toSorted((a, b) => a - b)
  if (!value.every((item) => typeof item === 'string')) {
    return fail('$sort takes numbers, or texts, and not both')
  }
  return value.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
