import { fail, leave, type Run } from './run.ts'

// The values of the language, as its interpreter has them: JSON, where nothing is `undefined`, and lists that know
// whether they are a sequence (a result of many, of which one stands for itself) or an array of the document's.

export type List = unknown[] & {
  sequence?: boolean
  /** A sequence of one that stays a list: `items[]`. */
  keepSingleton?: boolean
  /** Made by `[…]` as a step of a path, and not flattened into it. */
  cons?: boolean
  /** A document that is an array, as one thing. */
  outerWrapper?: boolean
}

export const isList = (value: unknown): value is List => Array.isArray(value)

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isSequence = (value: unknown): boolean => isList(value) && value.sequence === true

export function sequence(): List {
  const made: List = []
  made.sequence = true
  return made
}

export function sequenceOf(value: unknown): List {
  const made = sequence()
  made.push(value)
  return made
}

/** A sequence of one stands for itself, an empty one for nothing. */
export function settled(value: unknown, keepsOne: boolean): unknown {
  if (!isList(value) || value.sequence !== true) return value
  if (keepsOne) value.keepSingleton = true
  if (value.length === 0) return undefined
  return value.length === 1 && value.keepSingleton !== true ? value[0] : value
}

/** False for what is no number; an infinite one cannot be used any further. */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false
  if (!Number.isFinite(value)) fail(`number out of range: ${value}`)
  return true
}

export function isListOfNumbers(value: unknown): value is number[] {
  if (!isList(value)) return false
  let all = true
  for (const item of value) if (!isNumeric(item)) all = false // each is looked at, as one may be infinite
  return all
}

/** What counts as true; undefined counts as nothing. */
export function truth(value: unknown, run: Run): boolean | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined
    case 'boolean':
      return value
    case 'string':
      return value !== ''
    case 'number':
      return isNumeric(value) && value !== 0
    default:
      return isList(value) ? truthOfList(value, run) : hasMembers(value)
  }
}

function truthOfList(list: List, run: Run): boolean | undefined {
  run.spend(list.length)
  if (list.length === 1) return truth(list[0], run)
  let any = false
  for (const item of list) if (truth(item, run) === true) any = true
  return any
}

function hasMembers(value: unknown): boolean {
  if (value === null) return false
  for (const key in value as object) if (Object.hasOwn(value as object, key)) return true
  return false
}

/** Own members only: `constructor` and `__proto__` are names like any other. Of a list, those of all its items. */
export function memberOf(value: unknown, name: string, run: Run): unknown {
  if (!isList(value)) {
    return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
  }
  run.spend(value.length)
  const found = sequence()
  for (const item of value) {
    const member = memberOf(item, name, run)
    if (isList(member)) pushAll(found, member, run)
    else if (member !== undefined) found.push(member)
  }
  return found
}

export function pushAll(list: unknown[], items: readonly unknown[], run: Run): void {
  run.spend(items.length)
  for (const item of items) list.push(item)
}

export function appended(first: unknown, second: unknown, run: Run): unknown {
  if (first === undefined) return second
  if (second === undefined) return first
  const made: unknown[] = []
  for (const each of [first, second]) {
    if (isList(each)) pushAll(made, each, run)
    else made.push(each)
  }
  return made
}

export function areEqual(one: unknown, other: unknown, run: Run): boolean {
  run.spend(1)
  if (typeof one === 'string') run.spendOn(one)
  if (one === other) return true
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((item, i) => areEqual(item, other[i], run))
  }
  if (isRecord(one) && isRecord(other)) {
    const names = Object.keys(one)
    run.spend(names.length)
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name)) &&
      names.every((name) => areEqual(one[name], other[name], run))
    )
  }
  // The interpreter compares an array with an object by the names of their members, its own flags among them.
  if ((isList(one) && isRecord(other)) || (isRecord(one) && isList(other))) leave()
  return false
}

/** As text: numbers with at most 15 digits, documents as JSON. */
export function textOf(value: unknown, run: Run, isIndented = false): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      if (!Number.isFinite(value)) fail('$string cannot write a number that is infinite')
      return String(shortened(value))
    case 'boolean':
      return String(value)
    default: {
      if (value === null) return 'null'
      const document = isList(value) && value.outerWrapper === true ? value[0] : value
      run.spendOnAll(document)
      return JSON.stringify(
        document,
        (_name, each: unknown) => (isNumeric(each) ? shortened(each) : each),
        isIndented ? 2 : 0,
      )
    }
  }
}

const SIGNIFICANT_DIGITS = 15

const shortened = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS))

// What the interpreter takes for marks of its own when it finds them in data, so that data with them is its business.
const MARKS = ['_jsonata_function', '_jsonata_lambda', 'outerWrapper', 'tupleStream']

export const isMark = (name: string): boolean => MARKS.includes(name)

/** Whether a text of JSON may hold a member of such a name. */
export const mayHoldMarks = (json: string): boolean => MARKS.some((mark) => json.includes(mark))
