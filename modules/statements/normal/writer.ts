import type { ReadRow } from '../layout/row-reader.ts'
import type { RowKind } from '../layout/schema.ts'
import { decodeGb18030, isAscii, trimmedEnd, trimmedStart } from '../scan/cells.ts'
import type { Row } from '../scan/cutter.ts'
import { createByteLine } from './byte-line.ts'

// A list as all lists are kept: UTF-8, one header, whole fen, the same columns whoever wrote it.

export const NORMAL_HEADER =
  'line_no,kind,our_no,provider_no,amount_fen,fee_fen,occurred_at,business_date,account,memo'

export type NormalTotals = {
  rows: number
  chargeCount: number
  chargeFen: number
  returnCount: number
  returnFen: number
  /** Of the fee column of all rows and of rows of kind fee. */
  feeFen: number
  payoutCount: number
  payoutFen: number
}

export type NormalWriter = {
  add: (read: ReadRow, row: Row) => void
  /** What was written since the last time; null when it is little, or at the end nothing. */
  take: (isLast: boolean) => Buffer | null
}

/** What is written is counted in `totals`. */
type WriterOptions = {
  encoding: 'utf-8' | 'gb18030'
  totals: NormalTotals
  /** Of the parts of the file that were read before: lines are counted through all of them. */
  linesBefore: number
}

const FLUSH_BYTES = 262_144
/** What stands in a row besides its texts: numbers, moments, commas. */
const FIXED_BYTES = 256

export function createNormalWriter(options: WriterOptions): NormalWriter {
  const { encoding, totals, linesBefore } = options
  const out = createByteLine(2 * FLUSH_BYTES)
  return { add, take: (isLast) => out.take(isLast ? 1 : FLUSH_BYTES) }

  function add(read: ReadRow, row: Row): void {
    // Twice for quotes, three times for characters that are longer in UTF-8.
    out.reserve(FIXED_BYTES + 6 * (row.end - row.start))
    out.number(linesBefore + row.lineNo)
    out.comma()
    out.text(read.kind)
    out.comma()
    cell(row, read.ourNo)
    out.comma()
    cell(row, read.providerNo)
    out.comma()
    out.number(read.amountFen)
    out.comma()
    if (read.feeFen !== null) out.number(read.feeFen)
    out.comma()
    if (read.occurredAt) out.moment(read.occurredAt)
    out.comma()
    if (read.businessDate) out.date(read.businessDate)
    out.comma()
    cell(row, read.account)
    out.comma()
    cell(row, read.memo)
    out.lineEnd()
    count(totals, read.kind, read.amountFen, read.feeFen)
  }

  /** The text of a column as it stands, in UTF-8. */
  function cell(row: Row, column: number): void {
    if (column < 0) return
    const { bytes } = row
    const isEscaped = row.escaped[column] === 1
    const start = trimmedStart(bytes, row.starts[column] ?? 0, row.ends[column] ?? 0)
    const end = trimmedEnd(bytes, start, row.ends[column] ?? 0)
    if (encoding === 'utf-8' || isAscii(bytes, start, end)) {
      out.cell(bytes, start, end, isEscaped)
      return
    }
    const decoded = Buffer.from(decodeGb18030(bytes.subarray(start, end), row.lineNo))
    out.cell(decoded, 0, decoded.length, isEscaped)
  }
}

export const noTotals = (): NormalTotals => ({
  rows: 0,
  chargeCount: 0,
  chargeFen: 0,
  returnCount: 0,
  returnFen: 0,
  feeFen: 0,
  payoutCount: 0,
  payoutFen: 0,
})

function count(
  totals: NormalTotals,
  kind: RowKind,
  amountFen: number,
  feeFen: number | null,
): void {
  totals.rows++
  totals.feeFen += feeFen ?? 0
  if (kind === 'charge') {
    totals.chargeCount++
    totals.chargeFen += amountFen
  } else if (kind === 'return') {
    totals.returnCount++
    totals.returnFen += amountFen
  } else if (kind === 'fee') totals.feeFen += amountFen
  else {
    totals.payoutCount++
    totals.payoutFen += amountFen
  }
}
