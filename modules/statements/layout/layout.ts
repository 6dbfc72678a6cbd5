import { Compile } from 'typebox/compile'

import { DIRECTION, KIND } from './codes.ts'
import { momentReader } from './moment.ts'
import { problemOfPattern } from './pattern.ts'
import { type Layout, LayoutSchema } from './schema.ts'

const Checked = Compile(LayoutSchema)

export type LayoutReading =
  | { outcome: 'ok'; layout: Layout }
  | { outcome: 'wrong'; where: string; reason: string }

/** Reads a layout as it stands in JSON: of the right shape, and able to read a file. */
export function readLayout(json: unknown): LayoutReading {
  if (!Checked.Check(json)) {
    const [first] = Checked.Errors(json)
    return wrong(first?.instancePath ?? '', first?.message ?? 'it is no layout')
  }
  return problemOf(json) ?? { outcome: 'ok', layout: json }
}

/** The names a row may be asked for: the file's own, where the layout says them. */
export function fixedColumns({ format }: Layout): readonly string[] | null {
  switch (format.kind) {
    case 'delimited':
      return format.columns ?? null
    case 'fixed':
      return format.columns.map((column) => column.name)
    case 'camt053':
      return CAMT053_COLUMNS
  }
}

/** What is made of an entry of a camt.053, in this order. */
export const CAMT053_COLUMNS = [
  'amount',
  'signed_amount',
  'currency',
  'direction',
  'reversal',
  'status',
  'booking_date',
  'booking_moment',
  'value_date',
  'servicer_ref',
  'entry_ref',
  'end_to_end_id',
  'counterparty',
  'remittance',
  'code',
  'account',
] as const

function problemOf(layout: Layout): LayoutReading | null {
  for (const [where, pattern] of patternsOf(layout)) {
    const reason = problemOfPattern(pattern)
    if (reason) return wrong(where, reason)
  }
  for (const [where, pattern] of [
    ['/occurredAt/pattern', layout.occurredAt?.pattern ?? 'yyyy-MM-dd'],
    ['/businessDate/pattern', layout.businessDate?.pattern ?? 'yyyy-MM-dd'],
  ] as const) {
    if (!momentReader(pattern)) return wrong(where, 'it has no month and day')
  }
  const columns = fixedColumns(layout)
  if (columns) {
    if (new Set(columns).size !== columns.length) return wrong('/format', 'a column stands twice')
    const strange = columnsUsed(layout).find((name) => !columns.includes(name))
    if (strange) return wrong('/format', `there is no column ${strange}`)
  }
  return problemOfAmount(layout)
}

function problemOfAmount({ amount, trailer, kinds }: Layout): LayoutReading | null {
  const ways = [amount.column ?? amount.byKind, amount.debit && amount.credit].filter(Boolean)
  if (ways.length !== 1) return wrong('/amount', 'one column, or a debit and a credit')
  if (amount.byKind && !amount.column) {
    const used = kinds.flatMap((rule) => (rule.is === 'none' ? [] : [rule.is]))
    const lacking = used.find((kind) => amount.byKind?.[kind] === undefined)
    if (lacking) return wrong('/amount/byKind', `it has no column for ${lacking}`)
  }
  for (const check of trailer?.checks ?? []) {
    if (check.of === 'sum' && (check.column === undefined || check.unit === undefined)) {
      return wrong('/trailer/checks', `${check.says} needs a column and a unit`)
    }
  }
  if (trailer?.kind === 'lines' && !trailer.lines) return wrong('/trailer', 'it has no lines')
  return null
}

/** The columns of rows that a layout names, without pseudo columns. */
function columnsUsed(layout: Layout): string[] {
  const { amount, fee, occurredAt, businessDate, balance, rows, kinds, trailer } = layout
  const texts = [layout.ourNo, layout.providerNo, layout.account, layout.memo]
  const names = [
    amount.column,
    amount.debit,
    amount.credit,
    ...(amount.addColumns ?? []),
    ...Object.values(amount.byKind ?? {}),
    ...texts.flatMap((text) => [text?.column, ...Object.values(text?.byKind ?? {})]),
    fee?.column,
    occurredAt?.column,
    businessDate?.column,
    balance?.column,
    layout.settles?.column,
    ...(layout.settles?.unless ?? []),
    ...Object.keys(balance?.in ?? {}),
    ...Object.keys(rows?.constants ?? {}),
    ...kinds.flatMap((rule) => Object.keys(rule.when)),
    ...(trailer?.checks ?? []).flatMap((check) => [
      check.column,
      ...Object.keys(check.where ?? {}),
    ]),
  ]
  const own = names.filter((name) => name !== undefined && name !== DIRECTION && name !== KIND)
  return [...new Set(own as string[])]
}

const patternsOf = ({ container, head, trailer }: Layout): [string, string][] => [
  ...(container.member ? ([['/container/member', container.member]] as [string, string][]) : []),
  ...(head?.until ? ([['/head/until', head.until]] as [string, string][]) : []),
  ...[...(head?.patterns ?? []), ...(trailer?.lines ?? [])].map((line): [string, string] => [
    '/patterns',
    line.pattern,
  ]),
]

const wrong = (where: string, reason: string): LayoutReading => ({
  outcome: 'wrong',
  where,
  reason,
})
