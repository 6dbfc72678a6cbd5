// How both kinds of bill are written: plain header lines, data fields behind back-ticks, CRLF.

/** The instants a bill covers, and when it was made: later changes do not show in it. */
export type BillDay = { from: Date; until: Date; madeAt: Date }

/** A bill: its columns and rows, then the columns of its summary and their one row. */
export const billText = (bill: {
  columns: readonly string[]
  rows: string[][]
  summaryColumns: readonly string[]
  summary: string[]
}): string =>
  [
    bill.columns.join(','),
    ...bill.rows.map(dataLine),
    bill.summaryColumns.join(','),
    dataLine(bill.summary),
    '',
  ].join('\r\n')

const dataLine = (fields: string[]) => fields.map((field) => `\`${cleanField(field)}`).join(',')

/** What would break the lines apart is replaced, as the real bills do with commas. */
const cleanField = (text: string) => text.replace(/[,`\p{Cc}]/gu, ' ')
