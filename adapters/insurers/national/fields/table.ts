import type { Wire, Yuan } from '../wire.ts'
import { TABLES, TITLES } from './tables.gen.ts'

/**
 * The field tables of the interface, and the types that follow from them.
 *
 * A node's fields are one text, 'psn_no:s30! age:n4.1 clr_type:s6#'. Shapes: s30 a text of at most 30
 * characters, x one of any length, n16.2 a decimal of 16 digits with 2 behind the point, d a day, t a
 * moment, b the bytes of a file, l a list with a table of its own. ! is required, # comes from a
 * dictionary. A node that ends in [] is a list of such records; one without a name is the output itself.
 */
export type Infno = keyof typeof TITLES

/** What a transaction is sent, by node and field: a field misspelt or left out does not compile. */
export type InputOf<N extends Infno> = {
  readonly [
    K in keyof typeof TABLES as K extends `${N} in ${infer Node}` ? BareNode<Node> : never
  ]: K extends `${string}[]`
    ? readonly RecordOf<(typeof TABLES)[K]>[]
    : RecordOf<(typeof TABLES)[K]>
}

type BareNode<Node> = Node extends `${infer Name}[]` ? Name : Node

type RecordOf<Notation> = {
  readonly [
    F in FieldOf<Notation> as F extends `${infer Name}:${string}!${string}` ? Name : never
  ]: ValueOf<F>
} & {
  readonly [
    F in FieldOf<Notation> as F extends `${string}!${string}`
      ? never
      : F extends `${infer Name}:${string}`
        ? Name
        : never
  ]?: ValueOf<F>
}

type FieldOf<Notation> = Notation extends `${infer First} ${infer Rest}`
  ? First | FieldOf<Rest>
  : Notation

type ValueOf<Field> = Field extends `${string}:n${string}`
  ? Yuan | number | string
  : Field extends `${string}:b${string}`
    ? string | readonly number[]
    : Field extends `${string}:l${string}`
      ? readonly Wire[]
      : string

export type FieldRule = {
  name: string
  shape: 'text' | 'decimal' | 'moment' | 'bytes' | 'list'
  /** Characters of a text, digits of a decimal. */
  length: number
  decimals: number
  isRequired: boolean
  isListed: boolean
}

export type NodeRules = {
  name: string
  isList: boolean
  fields: ReadonlyMap<string, FieldRule>
}

export type TransactionRules = { input: NodeRules[]; output: NodeRules[] }

export const titleOf = (infno: Infno): string => TITLES[infno]

/** Read once and kept: a settlement has sixty fields, and every message is checked. */
export function rulesOf(infno: Infno): TransactionRules {
  const kept = cache.get(infno)
  if (kept) return kept
  const rules = { input: nodesOf(`${infno} in `), output: nodesOf(`${infno} out `) }
  cache.set(infno, rules)
  return rules
}

const cache = new Map<Infno, TransactionRules>()

const nodesOf = (head: string): NodeRules[] =>
  Object.entries(TABLES)
    .filter(([key]) => key.startsWith(head))
    .map(([key, notation]) => ({
      name: key.slice(head.length).replace(/\[\]$/, ''),
      isList: key.endsWith('[]'),
      fields: new Map(notation.split(' ').map((field) => [nameOf(field), ruleOf(field)])),
    }))

const nameOf = (notation: string): string => notation.split(':')[0] ?? ''

function ruleOf(notation: string): FieldRule {
  const [name = '', shape = ''] = notation.split(':')
  const [length = '', decimals = '0'] = /[\d.]+/.exec(shape)?.[0].split('.') ?? []
  return {
    name,
    shape: SHAPES[shape.charAt(0)] ?? 'text',
    length: length === '' ? LONGEST_TEXT : Number(length),
    decimals: Number(decimals),
    isRequired: shape.includes('!'),
    isListed: shape.includes('#'),
  }
}

const SHAPES: Readonly<Record<string, FieldRule['shape']>> = {
  n: 'decimal',
  d: 'moment',
  t: 'moment',
  b: 'bytes',
  l: 'list',
}

/** The whole input may have no more. */
const LONGEST_TEXT = 40_000
