import { BYTE_ORDER_MARK, csvLine } from '../../../platform/csv.ts'
import { cellText } from '../scan/cells.ts'
import { batchesOf } from './read-rows.ts'

/** A normalised file for people: with a mark that tells spreadsheets it is UTF-8, and no formula in it. */
export async function* exportRows(
  bytes: AsyncIterable<Uint8Array>,
  header: readonly string[],
): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${csvLine(header)}`
  for await (const lines of batchesOf(bytes, (row) =>
    csvLine(Array.from({ length: row.cells }, (_, i) => cellText(row, i, 'utf-8'))),
  )) {
    yield lines.join('')
  }
}
