import { CompiledQuery, type QueryResult, sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
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
  const { text, isOfMany } = batchStatement(tx, requests.kind.length)
  const query = CompiledQuery.raw(text, values) as CompiledQuery<BatchRow>
  const first = isOfMany ? [lockStatement(batch).compile(tx)] : []
  const results = await sentTogether(tx, [...first, query])
  return rowsOfAll(requests, (results.at(-1) as QueryResult<BatchRow>).rows)
}

/**
 * What went as it was asked to, which is nearly all, comes as a count: who has locked an account keeps it for as long
 * as the answer takes to read. The row with the number 0 has the count, or says that nothing was done.
 */
function rowsOfAll({ kind, businessDate }: RequestColumns, told: readonly BatchRow[]): BatchRow[] {
  const byNo = new Map(told.map((row) => [row.no, row]))
  const all = byNo.get(0)
  assert(all, 'the statement says how many went as asked')
  const isStale = all.verdict === 'stale'
  const toldOfAll = told.length - 1 + all.availableFen
  assert(isStale || toldOfAll === kind.length, 'each request has its row, or is counted')
  return kind.map((_, i) => {
    const no = i + 1
    const bookedOn = isStale ? null : (businessDate[i] ?? null)
    return byNo.get(no) ?? { ...all, no, bookedOn, isWritten: !isStale, availableFen: ZERO }
  })
}

/**
 * Locks what the statement is going to lock, so that it begins when nobody else has it any more, and sees all of it as
 * it is. Else who waited within the statement would have done all of it for nothing. It is only there for speed.
 */
const lockStatement = ({ hospitalId, reach }: Batch) => sql`
  with target as materialized (
    select h.debit_account as debit, h.credit_account as credit
    from unnest(${reach.holdIds}::uuid[]) r (hold_id)
    cross join lateral (select * from ledger.hold h
      where h.hospital_id = ${hospitalId} and h.id = r.hold_id limit 1) h
  ), locked as materialized (
    select from ledger.account a
    where a.hospital_id = ${hospitalId} and a.code = any (array(
      select s.code from ledger.account s
      where s.hospital_id = ${hospitalId} and (s.floor_fen is not null or s.ceiling_fen is not null)
        and s.code = any (${reach.codes}::text[]
          || array(select debit from target) || array(select credit from target))
      union select unnest(${reach.promised}::text[])
      union select credit from target))
    order by a.code for no key update
  )
  select count(*) as locked from locked`

/** Of statements that follow one another without waiting for the answer to the one before. The results are in order. */
async function sentTogether(
  tx: Tx,
  queries: readonly CompiledQuery[],
): Promise<QueryResult<unknown>[]> {
  const sent = await tx
    .getExecutor()
    .provideConnection((connection) =>
      Promise.allSettled(queries.map((query) => connection.executeQuery(query))),
    )
  // Where one fails, those after it say only that the transaction has failed.
  return sent.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

const REQUEST_COLUMNS = [
  ...(['kind', 'id', 'cause', 'subject', 'memo', 'businessDate', 'onNextOpen'] as const),
  ...(['holdId', 'amountFen', 'keepsRest', 'debit', 'credit', 'expiresAt'] as const),
] as const
const LINE_COLUMNS = ['no', 'lineNo', 'debit', 'credit', 'amountFen'] as const

const startOfHour = (now: Date): Date => new Date(now.getTime() - (now.getTime() % HOUR_MS))

/**
 * Has the statement planned once a connection, and not five times before the plan is kept: to plan it takes several
 * times as long as to post one entry. Travels with the beginning of the transaction, in which nothing else is asked.
 */
export async function planOnce(tx: Tx): Promise<void> {
  await sql`set local plan_cache_mode = force_generic_plan`.execute(tx)
}

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
