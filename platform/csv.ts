import { type Fen, toYuanText } from '../kernel/money.ts'

// Lines of CSV for spreadsheets, which compute what looks like a formula and shorten what looks like a number.

/** What a cell holds: an amount becomes plain yuan, an id stays the text that it is, however many digits it has. */
export type CsvCell = { fen: Fen } | { id: string | null } | { text: string }

/** Tells a spreadsheet that the file is UTF-8; without it Chinese comes out garbled. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** One row with its line end, each cell quoted where RFC 4180 asks for it and harmless to a spreadsheet. */
export const csvRow = (cells: readonly CsvCell[]): string => `${cells.map(cellText).join(',')}\r\n`

/** The same of texts, of which some are numbers: those stay numbers. */
export const csvLine = (texts: readonly string[]): string =>
  `${texts.map((text) => quoted(escapeFormula(text))).join(',')}\r\n`

function cellText(cell: CsvCell): string {
  if ('fen' in cell) return toYuanText(cell.fen)
  return quoted('id' in cell ? keptAsText(cell.id ?? '') : withoutFormula(cell.text))
}

/**
 * The text as a spreadsheet shows it and never computes it: an apostrophe before what would be a formula, in full-width
 * signs too. A plain number stays one. Source: OWASP, CSV injection.
 */
export const escapeFormula = (text: string): string =>
  PLAIN_NUMBER.test(text) ? text : withoutFormula(text)

const withoutFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)

const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u
const PLAIN_NUMBER = /^-?\d{1,15}(\.\d{1,8})?$/

/** A spreadsheet reads a long number as 4.2E+27 and 0231 as 231. A tab in front makes it text, and is not seen. */
const keptAsText = (id: string): string =>
  /^\d+([eE.]\d*)?$/.test(id) ? `\t${id}` : withoutFormula(id)

const quoted = (text: string): string =>
  /[",\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
