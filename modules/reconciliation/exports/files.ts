import { BYTE_ORDER_MARK, type CsvCell, csvLine, csvRow } from '../../../platform/csv.ts'
import { workbookBytes } from '../../../platform/workbook.ts'
import { reconciliationErrors } from '../errors.ts'
import type { Table } from './tables.ts'

/** Read before the first byte is sent, so that a list that is too long is said to be. CSV has no limit. */
const MOST_XLSX_ROWS = 50_000

/** A list as it is read, some rows at a time. */
export type Pages<Row> = AsyncIterable<readonly Row[]>

/** As long as it likes: each page is read when the one before has been sent. */
export async function* csvOf<Row>(table: Table<Row>, pages: Pages<Row>): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${csvLine(table.heads)}`
  for await (const rows of pages) yield rows.map((row) => csvRow(table.cellsOf(row))).join('')
}

/**
 * Amounts are numbers, so that they can be summed; everything else is text, so that nothing in it is ever computed.
 *
 * Errors: throws reconciliation.export_too_long.
 */
export async function xlsxOf<Row>(
  { name, heads, widths, cellsOf }: Table<Row>,
  pages: Pages<Row>,
): Promise<AsyncGenerator<Uint8Array>> {
  const read: (readonly Row[])[] = []
  let count = 0
  for await (const rows of pages) {
    count += rows.length
    if (count > MOST_XLSX_ROWS) throw reconciliationErrors.export_too_long({ most: MOST_XLSX_ROWS })
    read.push(rows)
  }
  return workbookBytes({ name, heads, widths, rows: sheetRows() })

  async function* sheetRows() {
    for (const rows of read) for (const row of rows) yield cellsOf(row).map(sheetCell)
  }
}

function sheetCell(cell: CsvCell) {
  if ('fen' in cell) return cell
  const text = 'id' in cell ? (cell.id ?? '') : cell.text
  return text === '' ? null : { text }
}
