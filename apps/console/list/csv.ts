import { fen, toYuanText } from '../../../kernel/money.ts'

/** What a cell of a CSV file holds: an amount becomes plain yuan, an id stays the text that it is. */
export type CsvCell = { fen: number | null } | { id: string | null } | { text: string | null }

/** One row with its line end, quoted where RFC 4180 asks for it. */
export const csvRow = (cells: readonly CsvCell[]): string => `${cells.map(cellText).join(',')}\r\n`

/** Spreadsheets take a file for UTF-8 by this mark; without it Chinese comes out garbled. */
export const BYTE_ORDER_MARK = '\uFEFF'

function cellText(cell: CsvCell): string {
  if ('fen' in cell) return cell.fen === null ? '' : toYuanText(fen(cell.fen))
  if ('id' in cell) return quoted(keptAsText(withoutFormula(cell.id ?? '')))
  return quoted(withoutFormula(cell.text ?? ''))
}

/** A cell that begins like a formula is run by the spreadsheet that opens it; an apostrophe in front stops that. */
const withoutFormula = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/**
 * A spreadsheet reads 4200002312202611210000000001 as 4.2E+27 and 0231 as 231, and cannot be told not to by the
 * file. A tab in front makes it text, and is not seen.
 */
const keptAsText = (id: string) => (/^\d+([eE.]\d*)?$/.test(id) ? `\t${id}` : id)

const quoted = (text: string) =>
  /[",\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
