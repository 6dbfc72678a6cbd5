import { type ColumnType, type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
import { addDays, type BusinessDate, businessDateOf, instantAt } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'

// The one place that reads or writes terminals and their trace numbers.

/** Rows of these two tables of the schema "channels". */
export type TraceNumberTables = {
  'channels.terminal': {
    hospital_id: HospitalId
    provider: string
    terminal: string
    last_trace: number
    batch: string
    working_keys: string | null
    keys_version: number
  }
  'channels.trace_number': {
    hospital_id: HospitalId
    provider: string
    our_no: string
    kind: TraceKind
    terminal: string
    trace: number
    batch: string
    operation: string
    amount_fen: Fen
    taken_at: ColumnType<Date, Date, never>
    business_date: BusinessDate
    state: TraceState
    provider_no: string | null
    authorisation: string | null
    approved_fen: Fen | null
    approved_at: Date | null
    code: string | null
    reason: string | null
    reversal_tries: number
    sent_again_at: Date | null
  }
}

export type TraceKind = 'charge' | 'return' | 'question'

export type TraceState = 'open' | 'approved' | 'declined' | 'not_sent' | 'reversing' | 'reversed'

export type TerminalKey = { hospitalId: HospitalId; provider: string; terminal: string }
export type TraceOwner = {
  hospitalId: HospitalId
  provider: string
  ourNo: string
  kind: TraceKind
}
export type NewTrace = TraceOwner & {
  terminal: string
  operation: string
  amountFen: Fen
  at: Date
}
export type TraceRow = Selectable<TraceNumberTables['channels.trace_number']>
export type TerminalRow = Selectable<TraceNumberTables['channels.terminal']>

const tables = (tx: Tx) => tx.withTables<TraceNumberTables>()

const FIRST_BATCH = '000001'

/** The terminal's row, locked until the transaction ends; made when the terminal is new. */
export async function lockTerminal(tx: Tx, key: TerminalKey): Promise<TerminalRow> {
  await tables(tx)
    .insertInto('channels.terminal')
    .values({
      hospital_id: key.hospitalId,
      provider: key.provider,
      terminal: key.terminal,
      last_trace: 0,
      batch: FIRST_BATCH,
      working_keys: null,
      keys_version: 0,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'provider', 'terminal']).doNothing())
    .execute()
  return terminalQuery(tx, key).forUpdate().executeTakeFirstOrThrow()
}

export const findTerminal = async (tx: Tx, key: TerminalKey): Promise<TerminalRow | null> =>
  (await terminalQuery(tx, key).executeTakeFirst()) ?? null

const terminalQuery = (tx: Tx, { hospitalId, provider, terminal }: TerminalKey) =>
  tables(tx)
    .selectFrom('channels.terminal')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('terminal', '=', terminal)

export async function updateTerminal(
  tx: Tx,
  { hospitalId, provider, terminal }: TerminalKey,
  changes: Partial<Pick<TerminalRow, 'last_trace' | 'batch' | 'working_keys' | 'keys_version'>>,
): Promise<void> {
  await tables(tx)
    .updateTable('channels.terminal')
    .set(changes)
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('terminal', '=', terminal)
    .execute()
}

/** Was the number given out at the terminal since then, which is at most a day ago? */
export async function isTraceUsedSince(
  tx: Tx,
  { hospitalId, provider, terminal }: TerminalKey,
  trace: number,
  since: Date,
): Promise<boolean> {
  const row = await tables(tx)
    .selectFrom('channels.trace_number')
    .select('trace')
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('terminal', '=', terminal)
    .where('business_date', '>=', businessDateOf(since))
    .where('trace', '=', trace)
    .where('taken_at', '>', since)
    .executeTakeFirst()
  return row !== undefined
}

/** False when our number has one already, from somebody who was faster at another terminal. */
export async function insertTrace(
  tx: Tx,
  { hospitalId, provider, ourNo, kind, terminal, operation, amountFen, at }: NewTrace,
  { trace, batch }: { trace: number; batch: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('channels.trace_number')
    .values({
      hospital_id: hospitalId,
      provider,
      our_no: ourNo,
      kind,
      terminal,
      trace,
      batch,
      operation,
      amount_fen: amountFen,
      taken_at: at,
      business_date: businessDateOf(at),
      state: 'open',
      reversal_tries: 0,
    })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'provider', 'our_no', 'kind']).doNothing(),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function findTrace(
  tx: Tx,
  { hospitalId, provider, ourNo, kind }: TraceOwner,
): Promise<TraceRow | null> {
  const row = await tables(tx)
    .selectFrom('channels.trace_number')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('our_no', '=', ourNo)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row ?? null
}

export type TraceColumns = Partial<
  Pick<
    TraceRow,
    | 'state'
    | 'provider_no'
    | 'authorisation'
    | 'approved_fen'
    | 'approved_at'
    | 'code'
    | 'reason'
    | 'reversal_tries'
    | 'sent_again_at'
  >
>

/** Null when its state is none of `from`: then nothing was written. */
export async function moveTrace(
  tx: Tx,
  { hospitalId, provider, ourNo, kind }: TraceOwner,
  from: readonly TraceState[],
  to: TraceColumns,
): Promise<TraceRow | null> {
  const row = await tables(tx)
    .updateTable('channels.trace_number')
    .set(to)
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('our_no', '=', ourNo)
    .where('kind', '=', kind)
    .where('state', 'in', from)
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}

/** Taken or sent again on these days, both included. */
export async function tracesBetween(
  tx: Tx,
  { hospitalId, provider }: { hospitalId: HospitalId; provider: string },
  from: BusinessDate,
  to: BusinessDate,
): Promise<TraceRow[]> {
  const after = addDays(to, 1)
  return tables(tx)
    .selectFrom('channels.trace_number')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where((eb) =>
      eb.or([
        eb.and([eb('business_date', '>=', from), eb('business_date', '<', after)]),
        eb.and([
          eb('sent_again_at', '>=', instantAt(from, '00:00:00')),
          eb('sent_again_at', '<', instantAt(after, '00:00:00')),
        ]),
      ]),
    )
    .orderBy('business_date')
    .orderBy('terminal')
    .orderBy('trace')
    .execute()
}

/** Approved amounts of a batch, by kind. */
export async function sumBatch(
  tx: Tx,
  { hospitalId, provider, terminal }: TerminalKey,
  batch: string,
): Promise<Record<'charge' | 'return', { count: number; amountFen: Fen }>> {
  const rows = await tables(tx)
    .selectFrom('channels.trace_number')
    .select(['kind', sql<Fen>`sum(approved_fen)`.as('sum'), sql<number>`count(*)`.as('count')])
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('terminal', '=', terminal)
    .where('batch', '=', batch)
    .where('state', '=', 'approved')
    .groupBy('kind')
    .execute()
  const of = (kind: TraceKind) => {
    const row = rows.find((candidate) => candidate.kind === kind)
    return { count: row?.count ?? 0, amountFen: row?.sum ?? ZERO }
  }
  return { charge: of('charge'), return: of('return') }
}
