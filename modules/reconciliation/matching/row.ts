import type { Fen } from '../../../kernel/money.ts'

/** The header of a normalised file, in this order. Empty is unknown. */
export const NORMALISED_COLUMNS = [
  'line_no',
  'kind',
  'our_no',
  'provider_no',
  'amount_fen',
  'fee_fen',
  'occurred_at',
  'business_date',
  'account',
  'memo',
] as const

export type NormalisedColumn = (typeof NORMALISED_COLUMNS)[number]

/** In this order the engine numbers them, from 1. */
export const ROW_KINDS = ['charge', 'return', 'fee', 'payout'] as const

export type RowKind = (typeof ROW_KINDS)[number]

/** A line of a normalised file. */
export type NormalisedRow = {
  lineNo: number
  kind: RowKind
  ourNo: string | null
  providerNo: string | null
  amountFen: Fen
  feeFen: Fen | null
  occurredAt: string | null
  businessDate: string | null
  account: string | null
  memo: string | null
}

/**
 * A line that did not agree at once. `lines` above 1: the last of very many lines of one number on one side, folded
 * into one so that a number repeated a million times costs no more than one repeated twenty times.
 */
export type SideRow = NormalisedRow & { side: string; key: string | null; lines: number }

/** The same order for the same rows, whatever order they came in. */
export const compareRows = (a: SideRow, b: SideRow): number =>
  compareText(a.side, b.side) ||
  compareText(a.kind, b.kind) ||
  compareText(a.key ?? '', b.key ?? '') ||
  a.amountFen - b.amountFen ||
  compareText(a.providerNo ?? '', b.providerNo ?? '') ||
  compareText(a.ourNo ?? '', b.ourNo ?? '') ||
  compareText(a.occurredAt ?? '', b.occurredAt ?? '') ||
  compareText(a.businessDate ?? '', b.businessDate ?? '') ||
  compareText(a.account ?? '', b.account ?? '') ||
  (a.feeFen ?? 0) - (b.feeFen ?? 0) ||
  compareText(a.memo ?? '', b.memo ?? '') ||
  a.lines - b.lines ||
  a.lineNo - b.lineNo

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The line of a normalised file for a row, as the scanner writes it. */
export function csvLineOf(row: NormalisedRow): string {
  const cells = [
    row.lineNo,
    row.kind,
    row.ourNo,
    row.providerNo,
    row.amountFen,
    row.feeFen,
    row.occurredAt,
    row.businessDate,
    row.account,
    row.memo,
  ]
  return `${cells.map(csvCell).join(',')}\n`
}

export const CSV_HEADER = `${NORMALISED_COLUMNS.join(',')}\n`

function csvCell(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
