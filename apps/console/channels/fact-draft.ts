import type { Rule } from './model.ts'

type Facts = NonNullable<Rule['when']['payer']>
type Fact = Facts[string]
export type FactValue = string | number | boolean

/** What a rule asks of a payer, as it is typed: a range, or values with commas between them. */
export type FactDraft = {
  name: string
  kind: 'range' | 'in'
  from: string
  below: string
  values: string
}

export const NO_FACT: FactDraft = { name: '', kind: 'range', from: '', below: '', values: '' }

/** Facts that the hub knows of payers today; others can be typed. */
export const KNOWN_FACTS = ['ageYears'] as const

const NAME = /^[a-zA-Z][a-zA-Z0-9]{0,39}$/
const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/

export const isFactName = (name: string): boolean => NAME.test(name)

const NEEDS_QUOTES = /[,，、"]/

/** Text that would be read as something else stands in quotes: "310" is a text, 310 a number, true a yes. */
export function valueText(value: FactValue): string {
  if (typeof value !== 'string') return String(value)
  return value === parseValue(value) && !NEEDS_QUOTES.test(value) ? value : JSON.stringify(value)
}

export function parseValue(text: string): FactValue {
  const trimmed = text.trim()
  if (QUOTED.test(trimmed)) return readQuoted(trimmed)
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  return NUMBER.test(trimmed) ? Number(trimmed) : trimmed
}

const QUOTED = /^".*"$/s
const VALUES = /\s*"(?:[^"\\]|\\.)*"|[^,，、]+/g

/** As JSON writes a text; what is none in quotes stays as it was typed. */
function readQuoted(text: string): string {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'string' ? read : text
  } catch {
    return text
  }
}

/** Both commas, as a Chinese keyboard gives one and an English the other. */
export const valuesIn = (text: string): FactValue[] =>
  text
    .match(VALUES)
    ?.filter((value) => value.trim() !== '')
    .map(parseValue) ?? []

export const factDraftsOf = (facts: Facts | undefined): FactDraft[] =>
  Object.entries(facts ?? {}).map(([name, fact]) =>
    'in' in fact
      ? { ...NO_FACT, name, kind: 'in', values: fact.in.map(valueText).join(', ') }
      : { ...NO_FACT, name, from: String(fact.from ?? ''), below: String(fact.below ?? '') },
  )

/** Null where one of them cannot be read; undefined for none. */
export function readFacts(drafts: readonly FactDraft[]): Facts | undefined | null {
  const facts: Facts = {}
  for (const draft of drafts) {
    const fact = readFact(draft)
    const name = draft.name.trim()
    if (fact === null || !isFactName(name) || Object.hasOwn(facts, name)) return null
    facts[name] = fact
  }
  return drafts.length === 0 ? undefined : facts
}

function readFact({ kind, from, below, values }: FactDraft): Fact | null {
  if (kind === 'in') {
    const wanted = valuesIn(values)
    return wanted.length === 0 ? null : { in: wanted }
  }
  const ends = { from: from.trim(), below: below.trim() }
  const isReadable = (text: string) => text === '' || NUMBER.test(text)
  if (!isReadable(ends.from) || !isReadable(ends.below)) return null
  if (ends.from === '' && ends.below === '') return null
  return {
    ...(ends.from === '' ? {} : { from: Number(ends.from) }),
    ...(ends.below === '' ? {} : { below: Number(ends.below) }),
  }
}
