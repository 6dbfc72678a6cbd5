import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs, type BusinessDate, DAY_MS } from '../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import {
  findTerminal,
  findTrace,
  insertTrace,
  isTraceUsedSince,
  lockTerminal,
  moveTrace,
  type NewTrace,
  sumBatch,
  type TerminalKey,
  type TerminalRow,
  type TraceColumns,
  type TraceOwner,
  type TraceRow,
  tracesBetween,
  type TraceState,
  updateTerminal,
} from './trace-numbers-store.ts'

const LAST_TRACE = 999_999

export type TraceNumbers = ReturnType<typeof createTraceNumbers>

/**
 * The memory of channels whose provider knows a transaction by six digits of a terminal. Each call is a transaction of
 * its own, committed before it returns: a number that was given out is never given again within a day.
 */
export function createTraceNumbers({ db }: { db: Db }) {
  return {
    terminal: (key: TerminalKey): Promise<TerminalState> =>
      inHospital(db, key.hospitalId, async (tx) =>
        toTerminal((await findTerminal(tx, key)) ?? (await lockTerminal(tx, key))),
      ),

    /** Keeps what a sign-in brought; the version counts up. */
    signedIn: (
      key: TerminalKey,
      { batch, workingKeys }: { batch: string; workingKeys: string },
    ): Promise<TerminalState> =>
      inHospital(db, key.hospitalId, async (tx) => {
        const row = await lockTerminal(tx, key)
        const keys_version = row.keys_version + 1
        const changes = { batch, working_keys: workingKeys, keys_version }
        await updateTerminal(tx, key, changes)
        return toTerminal({ ...row, ...changes })
      }),

    /**
     * Gives our number a trace number, or the one it has: `first` is true for exactly one caller. Null when all
     * 999,999 of the terminal were given out within a day.
     */
    take: (request: NewTrace): Promise<{ record: TraceRecord; first: boolean } | null> =>
      inHospital(db, request.hospitalId, (tx) => take(tx, request)),

    find: (owner: TraceOwner): Promise<TraceRecord | null> =>
      inHospital(db, owner.hospitalId, async (tx) => {
        const row = await findTrace(tx, owner)
        return row && toRecord(row)
      }),

    /** Changes the record if its state is one of `from`, and gives it as it then stands. */
    move: (owner: TraceOwner, from: readonly TraceState[], to: TraceChange): Promise<TraceRecord> =>
      inHospital(db, owner.hospitalId, async (tx) => {
        const row =
          (await moveTrace(tx, owner, from, toColumns(to))) ?? (await findTrace(tx, owner))
        assert(row, 'only a number that was taken is changed')
        return toRecord(row)
      }),

    /** All that were taken or sent again on these days, both included. */
    usedBetween: (
      at: { hospitalId: HospitalId; provider: string },
      from: BusinessDate,
      to: BusinessDate,
    ): Promise<TraceRecord[]> =>
      inHospital(db, at.hospitalId, async (tx) =>
        (await tracesBetween(tx, at, from, to)).map(toRecord),
      ),

    /** What the terminal did in a batch: approved amounts. */
    batchTotals: (key: TerminalKey, batch: string) =>
      inHospital(db, key.hospitalId, async (tx) => {
        const sums = await sumBatch(tx, key, batch)
        return { charges: sums.charge, returns: sums.return }
      }),
  }
}

export type TerminalState = { batch: string; workingKeys: string | null; version: number }

export type TraceRecord = NewTrace & {
  /** '000001' to '999999'. */
  trace: string
  batch: string
  state: TraceState
  providerNo: string | null
  authorisation: string | null
  approvedFen: Fen | null
  approvedAt: Date | null
  code: string | null
  reason: string | null
  reversalTries: number
  sentAgainAt: Date | null
}

export type TraceChange = { state: TraceState } & Partial<
  Pick<
    TraceRecord,
    | 'providerNo'
    | 'authorisation'
    | 'approvedFen'
    | 'approvedAt'
    | 'code'
    | 'reason'
    | 'reversalTries'
    | 'sentAgainAt'
  >
>

async function take(tx: Tx, request: NewTrace) {
  const known = await findTrace(tx, request)
  if (known) return { record: toRecord(known), first: false }
  // Whoever comes next at this terminal waits here, and then sees what this one took.
  const { last_trace, batch } = await lockTerminal(tx, request)
  // Counted round and round, the next number is the one whose last use is longest ago.
  const trace = (last_trace % LAST_TRACE) + 1
  if (await isTraceUsedSince(tx, request, trace, addMs(request.at, -DAY_MS))) return null
  const first = await insertTrace(tx, request, { trace, batch })
  if (first) await updateTerminal(tx, request, { last_trace: trace })
  const row = await findTrace(tx, request)
  assert(row, 'our number has a trace number by now')
  return { record: toRecord(row), first }
}

const toTerminal = ({ batch, working_keys, keys_version }: TerminalRow): TerminalState => ({
  batch,
  workingKeys: working_keys,
  version: keys_version,
})

const toRecord = (row: TraceRow): TraceRecord => ({
  hospitalId: row.hospital_id,
  provider: row.provider,
  ourNo: row.our_no,
  kind: row.kind,
  terminal: row.terminal,
  operation: row.operation,
  amountFen: row.amount_fen,
  at: row.taken_at,
  trace: String(row.trace).padStart(6, '0'),
  batch: row.batch,
  state: row.state,
  providerNo: row.provider_no,
  authorisation: row.authorisation,
  approvedFen: row.approved_fen,
  approvedAt: row.approved_at,
  code: row.code,
  reason: row.reason,
  reversalTries: row.reversal_tries,
  sentAgainAt: row.sent_again_at,
})

/** Only what is to change: a column that is left out keeps its value. */
function toColumns(change: TraceChange): TraceColumns {
  const columns: TraceColumns = { state: change.state }
  if (change.providerNo !== undefined) columns.provider_no = change.providerNo
  if (change.authorisation !== undefined) columns.authorisation = change.authorisation
  if (change.approvedFen !== undefined) columns.approved_fen = change.approvedFen
  if (change.approvedAt !== undefined) columns.approved_at = change.approvedAt
  if (change.code !== undefined) columns.code = change.code
  if (change.reason !== undefined) columns.reason = change.reason
  if (change.reversalTries !== undefined) columns.reversal_tries = change.reversalTries
  if (change.sentAgainAt !== undefined) columns.sent_again_at = change.sentAgainAt
  return columns
}
