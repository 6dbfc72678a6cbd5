import Type from 'typebox'

import { object, optional, text } from '../../../platform/descriptor/schema-parts.ts'

// How a descriptor describes the file of a statement: how it is packed, where its rows and sums are.

const LineFields = object({
  ourNo: text(60),
  providerNo: text(60),
  amount: text(60),
  at: text(60),
})

const Check = object({
  /** The column of the totals, or the {name} in the pattern of a comment line. */
  total: text(60),
  /** count: the rows. sum: a column of amounts. fee: a column with up to five decimals. */
  equals: Type.Enum(['count', 'sum', 'fee']),
  of: Type.Enum(['all', 'charge', 'return']),
  column: optional(text(60)),
})

const Totals = object({
  /**
   * footer: a second header and one row of values, at the end. comments: lines that begin with the comment mark.
   * object: an object of a JSON file.
   */
  kind: Type.Enum(['footer', 'comments', 'object']),
  at: optional(Type.String({ pattern: '^/' })),
  /** Of comments: text with {name} where a number stands, and {} for one that is not looked at. */
  patterns: optional(Type.Array(text(300), { minItems: 1, maxItems: 8 })),
  checks: Type.Array(Check, { minItems: 1, maxItems: 24 }),
})

export const StatementFile = object({
  kind: Type.Enum(['delimited', 'json']),
  compression: optional(Type.Enum(['gzip', 'zip'])),
  /** Which file of a zip: what its name must hold, and what it must not. */
  entryContains: optional(text(100)),
  entryExcludes: optional(text(100)),
  encoding: Type.Enum(['utf-8', 'gbk']),
  hash: optional(
    object({
      algorithm: Type.Enum(['sha1', 'sha256', 'md5', 'sm3']),
      /** download: of the bytes as they came. content: of the file within. */
      of: Type.Enum(['download', 'content']),
    }),
  ),
  delimiter: optional(text(2)),
  /** Stands before every value of a row, and not before the names: a backtick. */
  rowPrefix: optional(text(2)),
  commentPrefix: optional(text(4)),
  /** Spaces and tabs around values are dropped. */
  trim: optional(Type.Boolean()),
  /** A comment line that must stand behind the rows. */
  endMark: optional(text(200)),
  rowsAt: optional(Type.String({ pattern: '^/' })),
  kindColumn: text(60),
  kinds: object({
    charge: Type.Array(text(60), { minItems: 1, maxItems: 16 }),
    return: Type.Array(text(60), { minItems: 1, maxItems: 16 }),
    ignore: optional(Type.Array(text(60), { maxItems: 16 })),
  }),
  /** Rows with one of these values moved no money: counted, and no line. */
  skip: optional(
    Type.Array(object({ column: text(60), values: Type.Array(text(60), { minItems: 1 }) }), {
      maxItems: 8,
    }),
  ),
  /** What every row must say, as a template of parameters. */
  require: optional(Type.Array(object({ column: text(60), equals: text(200) }), { maxItems: 8 })),
  charge: LineFields,
  return: LineFields,
  amountUnit: Type.Enum(['yuan', 'fen']),
  returnSign: Type.Enum(['positive', 'negative']),
  timePattern: text(40),
  fee: optional(object({ column: text(60), sign: Type.Enum(['positive', 'negative']) })),
  totals: Totals,
})

export type StatementFile = Type.Static<typeof StatementFile>
