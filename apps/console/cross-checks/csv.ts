import type { CsvCell } from '../list/csv.ts'
import type { Difference, Plan } from './model.ts'
import { columnsOf, type SideColumn } from './side-by-side.ts'

// Differences as a file: a line for each row of each side, and one for each side that lacks it.

export type CsvRow = { difference: Difference; column: SideColumn }

/** Words of the namespace of these pages, in the order of the cells. */
export const CSV_HEADS = [
  'differences.no',
  'differences.class',
  'differences.kind',
  'differences.key',
  'differences.atStake',
  'differences.rule',
  'differences.sideColumn',
  'differences.lineNo',
  'columns.our_no',
  'columns.provider_no',
  'columns.amount_fen',
  'columns.fee_fen',
  'columns.occurred_at',
  'columns.business_date',
  'columns.account',
  'columns.memo',
] as const

export async function* csvRowsOf(
  differences: AsyncIterable<Difference>,
  plan: Plan | undefined,
): AsyncGenerator<CsvRow> {
  for await (const difference of differences) {
    for (const column of columnsOf(difference, plan)) yield { difference, column }
  }
}

export type CsvWords = {
  className: string
  kindName: (kind: string) => string
  sideName: (side: string) => string
  ruleName: (rule: Difference) => string
  lacking: string
}

/** Pure: the cells of a line, in the order of the heads. */
export function csvCellsOf({ difference, column }: CsvRow, words: CsvWords): CsvCell[] {
  const { row } = column
  const lineNo = row === null ? words.lacking : String(row.lineNo)
  return [
    { text: String(difference.no) },
    { text: words.className },
    { text: words.kindName(difference.kind) },
    { id: difference.key },
    { fen: difference.atStakeFen },
    { text: words.ruleName(difference) },
    { text: words.sideName(column.side) },
    { text: lineNo },
    { id: row?.ourNo ?? null },
    { id: row?.providerNo ?? null },
    { fen: row?.amountFen ?? null },
    { fen: row?.feeFen ?? null },
    { text: row?.occurredAt ?? null },
    { text: row?.businessDate ?? null },
    { id: row?.account ?? null },
    { text: row?.memo ?? null },
  ]
}
