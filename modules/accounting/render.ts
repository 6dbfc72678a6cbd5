import iconv from 'iconv-lite'

import { type Fen, toYuanText } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Aux, Book } from './assemble.ts'
import type { FIELDS, LayoutTerms } from './layout.ts'

/** A voucher as it is handed over. */
export type WholeVoucher = {
  id: string
  date: BusinessDate
  type: string
  no: number
  version: number
  lines: {
    book: Book
    subject: string
    subjectName: string
    aux: Aux
    summary: string
    debitFen: Fen
    creditFen: Fen
  }[]
}

/** The bytes of a file in a layout: for the same vouchers the same, always. */
export function renderLayout(layout: LayoutTerms, vouchers: readonly WholeVoucher[]): Buffer {
  const rows = [
    ...layout.head,
    ...(layout.withTitles ? [layout.columns.map(({ title }) => cell(layout, title))] : []).map(
      (cells) => cells.join(layout.separator),
    ),
    ...vouchers.flatMap((voucher) => rowsOf(layout, voucher)),
  ]
  const text = rows.map((row) => row + layout.lineEnd).join('')
  const encoding = layout.encoding === 'gb18030' ? 'gb18030' : 'utf8'
  return iconv.encode(text, encoding, { addBOM: layout.encoding === 'utf-8-bom' })
}

export const renderJson = (
  range: { from: BusinessDate; to: BusinessDate },
  vouchers: readonly WholeVoucher[],
): Buffer => Buffer.from(`${JSON.stringify({ ...range, vouchers }, null, 1)}\n`, 'utf8')

function rowsOf(layout: LayoutTerms, voucher: WholeVoucher): string[] {
  const lines = voucher.lines.filter(({ book }) => layout.books.includes(book))
  return lines.map((line, i) => {
    const fields = fieldsOf(layout, voucher, line, i + 1)
    const cells = layout.columns.map(({ value }) =>
      cell(
        layout,
        value.replaceAll(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
          name in fields ? (fields[name as keyof typeof fields] ?? '') : whole,
        ),
      ),
    )
    return cells.join(layout.separator)
  })
}

function fieldsOf(
  layout: LayoutTerms,
  { date, type, no, version }: WholeVoucher,
  line: WholeVoucher['lines'][number],
  lineNo: number,
): Partial<Record<(typeof FIELDS)[number], string>> {
  const isDebit = line.debitFen > 0
  const amount = toYuanText(isDebit ? line.debitFen : line.creditFen)
  return {
    department: '',
    payer: '',
    channel: '',
    account: '',
    part: '',
    ...line.aux,
    date,
    year: date.slice(0, 4),
    period: String(Number(date.slice(5, 7))),
    type,
    no: String(no),
    version: String(version),
    line: String(lineNo),
    summary: line.summary,
    subject: line.subject,
    subjectName: line.subjectName,
    amount,
    debit: isDebit ? amount : '',
    credit: isDebit ? '' : amount,
    side: isDebit ? layout.side.debit : layout.side.credit,
    book: layout.book[line.book],
  }
}

// What a table program would take for a formula at the beginning of a cell, and what looks like it and is none.
const FORMULA: Readonly<Record<string, string>> = { '=': '＝', '+': '＋', '@': '＠', '-': '－' }
const NUMBER = /^-?\d+(\.\d+)?$/

/** A text that stays one cell of one row, whoever reads it. */
function cell({ separator, quoted }: LayoutTerms, value: string): string {
  const plain = value.replaceAll(/[\r\n\t\0]/g, ' ')
  const first = FORMULA[plain.charAt(0)]
  const safe = first && !NUMBER.test(plain) ? first + plain.slice(1) : plain
  if (!quoted) return safe.replaceAll(separator, ' ')
  return safe.includes(separator) || safe.includes('"') ? `"${safe.replaceAll('"', '""')}"` : safe
}
