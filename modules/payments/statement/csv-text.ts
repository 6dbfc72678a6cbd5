import { type Fen, toYuanText } from '../../../kernel/money.ts'

/** What a cell holds: an amount becomes plain yuan, an id stays the text that it is. */
export type CsvCell = { fen: Fen } | { id: string | null } | { text: string }

/**
 * The rows as a file that spreadsheets open rightly: UTF-8 with its mark, lines that end in CRLF, quotes where RFC
 * 4180 asks for them.
 */
export const csvText = (rows: readonly (readonly CsvCell[])[]): string =>
  BYTE_ORDER_MARK + rows.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('')

/** Spreadsheets take a file for UTF-8 by this mark; without it Chinese comes out garbled. */
const BYTE_ORDER_MARK = '\uFEFF'

function cellText(cell: CsvCell): string {
  if ('fen' in cell) return toYuanText(cell.fen)
  if ('id' in cell) return quoted(keptAsText(withoutFormula(cell.id ?? '')))
  return quoted(withoutFormula(cell.text))
}

/**
 * A cell that begins like a formula is run by the spreadsheet that opens it, in full-width signs by some; an
 * apostrophe in front stops that. Titles and reasons are texts of others.
 */
const withoutFormula = (text: string) =>
  /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text

/** A spreadsheet reads a long number as 4.2E+27 and 0231 as 231. A tab in front makes it text, and is not seen. */
const keptAsText = (id: string) => (/^\d+([eE.]\d*)?$/.test(id) ? `\t${id}` : id)

const quoted = (text: string) =>
  /[",\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
