import { CompiledQuery, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { type BusinessDate, HOUR_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { batchStatement } from './batch-statement.ts'
import type { AccountKind, EntryId, HoldId } from './entry.ts'
import type { LedgerTables } from './tables.ts'

/** Arrays of one length, a place for each request; `null` where a kind of request has no such thing. */
export type RequestColumns = {
  kind: string[]
  id: string[]
  cause: string[]
  subject: (string | null)[]
  memo: string[]
  businessDate: (BusinessDate | null)[]
  onNextOpen: boolean[]
  holdId: (HoldId | null)[]
  amountFen: (Fen | null)[]
  keepsRest: boolean[]
  debit: (string | null)[]
  credit: (string | null)[]
  expiresAt: (Date | null)[]
}

export type LineColumns = {
  no: number[]
  lineNo: number[]
  debit: string[]
  credit: string[]
  amountFen: Fen[]
}

export type Batch = {
  hospitalId: HospitalId
  now: Date
  requests: RequestColumns
  lines: LineColumns
  accounts: { codes: string[]; kinds: AccountKind[] }
  /** What this and the statements after it may touch: locked by the first, so that two batches meet in one order. */
  reach: { codes: string[]; promised: string[]; holdIds: HoldId[] }
  /** Promise without looking at what is there: a bug that can be planted. */
  oversell: boolean
}

export type BatchRow = {
  no: number
  verdict:
    | 'clear'
    | 'known'
    | 'exists'
    | 'exists_with_different'
    | 'hold_not_found'
    | 'already_posted'
    | 'already_voided'
    | 'already_expired'
    | 'expired'
    | 'not_expired'
    | 'exceeds_held'
    | 'closed_date'
    | 'insufficient'
    | 'exceeds_limit'
    | 'stale'
  knownId: string | null
  knownMoves: [string, string, Fen][] | null
  entryId: EntryId | null
  bookedOn: BusinessDate | null
  isWritten: boolean
  availableFen: Fen
  isAuthorised: boolean
}

/** Posts what may be posted, in one statement. Errors: those of the database, and nothing is written then. */
export async function writeBatch(tx: Tx, batch: Batch): Promise<BatchRow[]> {
  const { hospitalId, now, requests, lines, accounts, reach, oversell } = batch
  const columns = [
    ...REQUEST_COLUMNS.map((column) => requests[column]),
    ...LINE_COLUMNS.map((column) => lines[column]),
  ]
  const arrays = [accounts.codes, accounts.kinds, reach.codes, reach.promised, reach.holdIds]
  const values = [hospitalId, now, startOfHour(now), oversell, ...columns, ...arrays]
  const text = batchStatement(tx, requests.kind.length)
  const query = CompiledQuery.raw(text, values) as CompiledQuery<BatchRow>
  const { rows } = await tx.executeQuery(query)
  return rows
}

const REQUEST_COLUMNS = [
  ...(['kind', 'id', 'cause', 'subject', 'memo', 'businessDate', 'onNextOpen'] as const),
  ...(['holdId', 'amountFen', 'keepsRest', 'debit', 'credit', 'expiresAt'] as const),
] as const
const LINE_COLUMNS = ['no', 'lineNo', 'debit', 'credit', 'amountFen'] as const

const startOfHour = (now: Date): Date => new Date(now.getTime() - (now.getTime() % HOUR_MS))

/** Makes the row that posters share, and the accounts that something is to be promised out of. */
export async function prepare(tx: Tx, { hospitalId, requests, accounts }: Batch): Promise<void> {
  await openBooks(tx, hospitalId)
  await sql`
    insert into ledger.account (hospital_id, code, kind, debit_fen, credit_fen, held_fen)
    select ${hospitalId}::int, n.code, n.kind, 0, 0, 0
    from unnest(${accounts.codes}::text[], ${accounts.kinds}::text[]) n (code, kind)
    where n.code = any (${requests.credit}::text[]) order by n.code
    on conflict (hospital_id, code) do nothing`.execute(tx)
}

/** The row that posters share and who closes a date has alone. */
export async function openBooks(tx: Tx, hospitalId: HospitalId): Promise<void> {
  await tx
    .withTables<LedgerTables>()
    .insertInto('ledger.books')
    .values({ hospital_id: hospitalId, version: 0 })
    .onConflict((conflict) => conflict.columns(['hospital_id']).doNothing())
    .execute()
}
