import { assert } from '../../../../kernel/assert.ts'

// The platform's field tables in a short hand. A field is `name:type`, then `!` where it must be there
// and `#dictionary` where its codes are listed. Types: s30 a text of at most 30 characters; n16,4 a
// number of 16 digits, 4 of them decimals, zero or more; m an amount, 16,2, which may be below zero;
// d a date; t a date with time. A node is `name`, `name[100]` for a list of 1 to 100, and ends in `?`
// where it may be absent. An input or output without a node in between is the node ''.

export type Notation = Readonly<Record<string, string>>

/** What goes in and what comes out; null for nothing. */
export type TransactionTable = { in: Notation; out: Notation | null }

export type FieldRule = {
  name: string
  type: 'text' | 'number' | 'amount' | 'date' | 'time'
  digits: number // or characters
  scale: number
  required: boolean
  dictionary: string | null
}

export type NodeRule = {
  name: string
  listMax: number | null // null for a node that is no list
  optional: boolean
  fields: readonly FieldRule[]
}

/** Asserts on a notation that cannot be read. */
export const readNotation = (notation: Notation): NodeRule[] =>
  Object.entries(notation).map(([node, fields]) => {
    const match = /^(\w*)(?:\[(\d+)\])?(\?)?$/.exec(node)
    assert(match, `node ${node} is in the short hand`)
    return {
      name: match[1] ?? '',
      listMax: match[2] === undefined ? null : Number(match[2]),
      optional: match[3] === '?',
      fields: fields.trim().split(/\s+/).map(readField),
    }
  })

function readField(text: string): FieldRule {
  const match = /^(\w+):([snmdt])(\d*)(?:,(\d+))?(!?)(?:#(\w+))?$/.exec(text)
  assert(match, `field ${text} is in the short hand`)
  const [, name = '', letter = '', digits = '', scale = '', required = '', dictionary] = match
  return {
    name,
    type: TYPES[letter as keyof typeof TYPES],
    digits: Number(digits),
    scale: Number(scale),
    required: required === '!',
    dictionary: dictionary ?? null,
  }
}

const TYPES = { s: 'text', n: 'number', m: 'amount', d: 'date', t: 'time' } as const
