import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { strict } from '../../platform/http/schemas.ts'
import { accountingErrors } from './errors.ts'

// The layout of a file for an accounting system, as data.

/** What a column may name in braces, and what stands for it. */
export const FIELDS = [
  'date', // 2026-11-22
  'year',
  'period', // the month, 1 to 12
  'type', // of the voucher: 收
  'no', // of the voucher in its month and type
  'line', // of the entry in the voucher, over both books
  'summary',
  'subject',
  'subjectName',
  'debit', // yuan with two decimals; empty on a credit line
  'credit',
  'amount', // yuan, of whichever side it is
  'side', // the layout's word for debit or credit
  'book', // the layout's word for the financial or the budget book
  'version',
  'department', // auxiliary accounts: empty where a line has none
  'payer',
  'channel',
  'account',
  'part',
] as const

const Column = Type.Object(
  {
    title: Type.String({ maxLength: 60 }),
    value: Type.String({
      maxLength: 100,
      description: 'Text with {fields}; the rest stands as it is',
    }),
    uncertain: Type.Boolean({
      description: 'Not confirmed by the hospital’s own version of its accounting system',
    }),
  },
  strict,
)

const Words = (a: string, b: string) =>
  Type.Object({ [a]: Type.String({ maxLength: 20 }), [b]: Type.String({ maxLength: 20 }) }, strict)

export const LayoutTerms = Type.Object(
  {
    encoding: Type.Enum(['utf-8', 'utf-8-bom', 'gb18030']),
    separator: Type.Enum([',', '\t', '|', ';']),
    lineEnd: Type.Enum(['\r\n', '\n']),
    quoted: Type.Boolean({
      description: 'Texts in quotes that hold the separator; else it is left out',
    }),
    head: Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: 5,
      description: 'Lines before all',
    }),
    withTitles: Type.Boolean(),
    columns: Type.Array(Column, { minItems: 1, maxItems: 80 }),
    books: Type.Array(Type.Enum(['financial', 'budget']), { minItems: 1, maxItems: 2 }),
    side: Words('debit', 'credit'),
    book: Words('financial', 'budget'),
    fileName: Type.String({
      pattern: '^[A-Za-z0-9._{}-]{1,80}$',
      description: 'With {from} and {to}',
    }),
  },
  { $id: 'AccountingLayout', ...strict },
)
export type LayoutTerms = {
  encoding: 'utf-8' | 'utf-8-bom' | 'gb18030'
  separator: string
  lineEnd: string
  quoted: boolean
  head: string[]
  withTitles: boolean
  columns: { title: string; value: string; uncertain: boolean }[]
  books: ('financial' | 'budget')[]
  side: { debit: string; credit: string }
  book: { financial: string; budget: string }
  fileName: string
}

const check = Compile(LayoutTerms)

/** Errors: layout_wrong, with the first thing that is. */
export function readLayout(content: unknown): LayoutTerms {
  const wrong = (reason: string) => accountingErrors.layout_wrong({ reason })
  if (!check.Check(content)) throw wrong('it has another shape')
  const layout = content as LayoutTerms
  for (const { value } of layout.columns) {
    for (const [, name] of value.matchAll(/\{([^}]*)\}/g)) {
      if (!FIELDS.some((field) => field === name)) throw wrong(`nothing is named {${name ?? ''}}`)
    }
  }
  return layout
}
