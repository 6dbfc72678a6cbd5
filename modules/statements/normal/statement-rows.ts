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
  batchesOf(bytes, toRow)

function toRow(row: Row): StatementRow {
  const cell = (name: string): string | null => cellAt(row, COLUMNS.indexOf(name))
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
