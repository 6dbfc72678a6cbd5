import { assert } from '../../../../kernel/assert.ts'
import { toYuanText } from '../../../../kernel/money.ts'
import { isBusinessDate } from '../../../../kernel/time.ts'
import { type Fields, fenOfYuan, Unreadable, type Wire } from '../wire.ts'
import { CODES } from './codes.ts'
import { type FieldRule, type Infno, type NodeRules, rulesOf } from './table.ts'

// One rule book for both directions. What we are about to send is a hospital's data: if it does not fit,
// nothing is sent and the field is named. What comes back and does not fit is not believed.

export type CheckOptions = {
  /** Codes of the province's own, by field. */
  codes: Readonly<Record<string, readonly string[]>>
  /** Lengths that the province has widened, by field. */
  lengths: Readonly<Record<string, number>>
  /** Fields that the province is known to send out of shape, and that nothing here reads. */
  unchecked: readonly string[]
  /** The right name of a field by the one that the province writes. */
  aliases: Readonly<Record<string, string>>
}

/**
 * Why a message may not be sent, with the field at fault; null when it may.
 *
 * Errors: asserts on a node or field that is in no table, or of another type: no data brings that about.
 */
export function brokenInput(
  infno: Infno,
  input: { readonly [node: string]: Wire | undefined },
  options: CheckOptions,
): string | null {
  const { input: nodes } = rulesOf(infno)
  for (const name of Object.keys(input)) {
    assert(
      nodes.some((node) => node.name === name),
      `${infno} has no node ${name}`,
    )
  }
  for (const node of nodes) {
    const value = input[node.name]
    assert(value !== undefined, `${infno} wants its node ${node.name}`)
    assert(Array.isArray(value) === node.isList, `${node.name} of ${infno} is a list or is none`)
    for (const [at, record] of recordsOf(node, value)) {
      assert(isRecord(record), `${at} of ${infno} is a record`)
      const broken = brokenRecord(node, record, options)
      if (broken) return `${at}.${broken}`
    }
  }
  return null
}

function brokenRecord(
  { name: node, fields }: NodeRules,
  record: Readonly<Record<string, unknown>>,
  options: CheckOptions,
): string | null {
  for (const name of Object.keys(record)) assert(fields.has(name), `${node} has no field ${name}`)
  for (const rule of fields.values()) {
    const value = record[rule.name]
    if (value === undefined || value === '') {
      assert(value === '' || !rule.isRequired, `${node}.${rule.name} is always sent`)
      if (rule.isRequired) return `${rule.name} is required`
      continue
    }
    assert(hasOwnType(rule, value), `${node}.${rule.name} is a ${rule.shape}`)
    const broken = brokenValue(rule, value, options)
    if (broken) return `${rule.name} ${broken}`
    if (!isInList(rule, value, options)) return `${rule.name} is not in its dictionary`
  }
  return null
}

function hasOwnType({ shape }: FieldRule, value: unknown): boolean {
  if (shape === 'list') return Array.isArray(value)
  if (shape === 'bytes') return typeof value === 'string' || Array.isArray(value)
  if (typeof value === 'string') return true
  return shape === 'decimal' && (typeof value === 'number' || fenOfYuan(value) !== null)
}

/**
 * The output with the right names of its nodes and fields.
 *
 * Shape: `unlisted` names each code that its dictionary does not have, as 'setlinfo.clr_type=9902'; they
 * are kept. Errors: Unreadable, with the field, for any that is out of shape. That one is missing is for
 * the reader to say, who alone knows what is needed.
 */
export function checkedOutput(
  infno: Infno,
  output: unknown,
  options: CheckOptions,
): { output: unknown; unlisted: string[] } {
  const { output: nodes } = rulesOf(infno)
  const named = rightNames(nodeNames(nodes, output), options.aliases)
  const unlisted: string[] = []
  if (!isRecord(named)) return { output: named, unlisted }
  for (const node of nodes) {
    const value = node.name === '' ? named : named[node.name]
    if (value === undefined || value === null || value === '') continue
    for (const [at, record] of recordsOf(node, value)) {
      if (!isRecord(record)) throw new Unreadable(`${at} is not a record`)
      checkRecord(at, node, record, options, unlisted)
    }
  }
  return { output: named, unlisted }
}

function checkRecord(
  at: string,
  { fields }: NodeRules,
  record: Fields,
  options: CheckOptions,
  unlisted: string[],
): void {
  for (const [name, value] of Object.entries(record)) {
    const rule = fields.get(name)
    if (!rule || value === undefined || value === null || options.unchecked.includes(name)) continue
    const text = typeof value === 'string' ? value.trim() : value
    if (text === '') continue
    const broken = brokenValue(rule, text, options)
    if (broken) throw new Unreadable(`${at}.${name} ${broken}`)
    if (!isInList(rule, text, options))
      unlisted.push(`${at}.${name}=${typeof text === 'string' ? text : JSON.stringify(text)}`)
  }
}

/** Where a transaction has one node, some centres name it otherwise, or not at all. */
function nodeNames(nodes: readonly NodeRules[], output: unknown): unknown {
  const [only, ...others] = nodes
  if (!only || others.length > 0) return output
  if (Array.isArray(output)) return { [only.name]: output }
  if (!isRecord(output) || only.name in output) return output
  const name = OTHER_NODES.find((candidate) => isNode(output[candidate]))
  if (name === undefined) return output
  return only.name === '' ? output[name] : { ...output, [only.name]: output[name] }
}

const OTHER_NODES = ['data', 'result', 'output', 'list']
const isNode = (value: unknown) => typeof value === 'object' && value !== null

function rightNames(value: unknown, aliases: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => rightNames(item, aliases))
  if (!isRecord(value)) return value
  const entries = Object.entries(value).map(([name, inside]): [string, unknown] => {
    const right = aliases[name]
    // Under both names the right one stands.
    const isFree = right !== undefined && (value[right] === undefined || value[right] === null)
    return [isFree ? right : name, rightNames(inside, aliases)]
  })
  return Object.fromEntries(entries)
}

function recordsOf({ name, isList }: NodeRules, value: unknown): [string, unknown][] {
  if (Array.isArray(value)) {
    return value.map((item, i): [string, unknown] => [isList ? `${name}[${i}]` : name, item])
  }
  return [[name, value]]
}

/** What is wrong with one value, whichever way it goes. */
function brokenValue(rule: FieldRule, value: unknown, options: CheckOptions): string | null {
  const length = Math.max(rule.length, options.lengths[rule.name] ?? 0)
  switch (rule.shape) {
    case 'decimal':
      return isDecimal(value, length, rule.decimals)
        ? null
        : `is not a decimal of ${length},${rule.decimals}`
    case 'moment':
      return typeof value === 'string' && isMoment(value) ? null : 'is not a time'
    case 'text': {
      const text = Number.isSafeInteger(value) ? String(value) : value
      if (typeof text !== 'string') return 'is not a text'
      return Array.from(text).length > length ? `is longer than ${length}` : null
    }
    case 'bytes':
    case 'list':
      return null
  }
}

function isDecimal(value: unknown, digits: number, decimals: number): boolean {
  const amount = fenOfYuan(value)
  const text = amount === null ? String(value) : toYuanText(amount)
  const [, whole = '', behind = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === '') return false
  return (
    whole.replace(/^0+(?=\d)/, '').length <= digits - decimals &&
    behind.replace(/0+$/, '').length <= decimals
  )
}

function isMoment(text: string): boolean {
  const [, day = '', time] =
    /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/.exec(text) ?? []
  if (!isBusinessDate(day)) return false
  return time === undefined || /^([01]\d|2[0-3])(:[0-5]\d){1,2}(\.\d+)?$/.test(time)
}

function isInList({ name, isListed }: FieldRule, value: unknown, { codes }: CheckOptions): boolean {
  const list = CODES[name]
  if (!isListed || !list) return true
  const code = String(value)
  return list.includes(code) || (codes[name] ?? []).includes(code)
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
