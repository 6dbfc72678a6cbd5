import { cellText } from '../scan/cells.ts'
import { batchesOf } from './read-rows.ts'

/** What makes a spreadsheet compute a cell, in the narrow and the wide form. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/u
const PLAIN_NUMBER = /^-?\d{1,15}(\.\d{1,8})?$/

/**
 * The text as a spreadsheet shows it and never computes it: an apostrophe before what would be a formula. A plain number
 * stays one. Source: OWASP, CSV injection.
 */
export const escapeFormula = (text: string): string =>
  FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text

/** One line of CSV, each cell quoted where it must be and harmless to a spreadsheet. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(escapeFormula(cell))).join(',')}\r\n`

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** A normalised file for people: with a mark that tells spreadsheets it is UTF-8, and no formula in it. */
export async function* exportRows(
  bytes: AsyncIterable<Uint8Array>,
  header: readonly string[],
): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(header)}`
  for await (const lines of batchesOf(bytes, (row) =>
    csvLine(Array.from({ length: row.cells }, (_, i) => cellText(row, i, 'utf-8'))),
  )) {
    yield lines.join('')
  }
}
