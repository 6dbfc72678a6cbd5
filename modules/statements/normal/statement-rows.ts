import { type Fen, fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Row } from '../scan/cutter.ts'
import { batchesOf } from './read-rows.ts'
import { NORMAL_HEADER } from './writer.ts'

/** A row of a list as it was understood. What the list does not say is null. */
export type StatementRow = {
  kind: 'charge' | 'return' | 'fee' | 'payout'
  ourNo: string | null
  providerNo: string | null
  amountFen: Fen
  feeFen: Fen | null
  occurredAt: Date | null
  businessDate: BusinessDate | null
  account: string | null
  memo: string | null
}

const COLUMNS = NORMAL_HEADER.split(',')

/** A normalised file, in pieces as they are read. */
export const statementRows = (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StatementRow[]> =>
  batchesOf(bytes, (row) => toRow(row))

/** A row with its place: `no` counts the rows from 1, `lineNo` leads back to the file as it came. */
export type PlacedRow = StatementRow & { no: number; lineNo: number; change: RowChange | null }

/** What a version says otherwise: a row that is new, one that is gone, or one before and after. */
export type RowChange = 'added' | 'removed' | 'before' | 'after'

type Page = { after: number; limit: number; hasChange: boolean }

/** The rows from the one after `after` on. Reads the file from its beginning, and no further than it must. */
export async function pageOfRows(
  bytes: AsyncIterable<Uint8Array>,
  { after, limit, hasChange }: Page,
): Promise<PlacedRow[]> {
  const page: PlacedRow[] = []
  let no = 0
  const read = (row: Row): PlacedRow | null => {
    no++
    return no > after && no <= after + limit ? placedRow(row, no, hasChange) : null
  }
  for await (const batch of batchesOf(bytes, read)) {
    page.push(...batch.filter((row) => row !== null))
    if (page.length === limit) break
  }
  return page
}

function placedRow(row: Row, no: number, hasChange: boolean): PlacedRow {
  const first = hasChange ? 1 : 0
  return {
    ...toRow(row, first),
    no,
    lineNo: Number(cellAt(row, first)),
    change: hasChange ? (cellAt(row, 0) as RowChange) : null,
  }
}

/** `first`: the column at which the normalised row begins. */
function toRow(row: Row, first = 0): StatementRow {
  const cell = (name: string): string | null => cellAt(row, first + COLUMNS.indexOf(name))
  const amountOf = (text: string | null) => (text === null ? null : fen(Number(text)))
  const occurredAt = cell('occurred_at')
  return {
    kind: cell('kind') as StatementRow['kind'],
    ourNo: cell('our_no'),
    providerNo: cell('provider_no'),
    amountFen: amountOf(cell('amount_fen')) ?? fen(0),
    feeFen: amountOf(cell('fee_fen')),
    occurredAt: occurredAt === null ? null : new Date(occurredAt),
    businessDate: cell('business_date') as BusinessDate | null,
    account: cell('account'),
    memo: cell('memo'),
  }
}

function cellAt({ bytes, starts, ends, escaped }: Row, column: number): string | null {
  const text = bytes.toString('utf8', starts[column], ends[column])
  if (text === '') return null
  return escaped[column] ? text.replaceAll('""', '"') : text
}
