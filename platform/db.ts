import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'

import { assert } from '../kernel/assert.ts'
import type { HospitalId } from '../kernel/id.ts'
import { sqlStateOf } from './sql-state.ts'
import { isPlanOutdated, thriftyPool } from './statements.ts'

export { sqlStateOf }

/** The database with no table in sight: a module adds its own with withTables, and no other's. */
export type Db = Kysely<NoTables>
export type Tx = Transaction<NoTables>
type NoTables = Record<never, never>

export type DbOptions = {
  url: string
  /** The role to act in; without one, the role that signs in. */
  role?: string
  maxConnections?: number
  statementTimeoutMs?: number
}

export function openDb(options: DbOptions): Db {
  return new Kysely<NoTables>({
    dialect: new PostgresDialect({ pool: thriftyPool(openPool(options)) }),
  })
}

// A process that died without closing its connection keeps its rows locked no longer than this.
const IDLE_IN_TRANSACTION_MS = 60_000
const CONNECTION_WAIT_MS = 30_000

export function openPool({
  url,
  role,
  maxConnections = 10,
  statementTimeoutMs,
}: DbOptions): pg.Pool {
  const settings = [
    `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
    ...(role ? [`-c role=${role}`] : []),
    ...(statementTimeoutMs ? [`-c statement_timeout=${statementTimeoutMs}`] : []),
    // No statement of ours runs so long that compiling it pays; on big tables the planner would think so.
    '-c jit=off',
    '-c timezone=UTC',
  ]
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    pipeline: true,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    types,
    options: settings.join(' '),
    application_name: 'yiqiao',
  })
  // A server that restarts cuts idle connections. The pool replaces them: nothing else to do.
  pool.on('error', () => undefined)
  // One that is cut while it is lent out fails the statement of whoever holds it, who hears of it there.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/**
 * One business transaction of one hospital. Row-level security shows only that hospital's rows,
 * whatever the statements say.
 */
export function inHospital<T>(
  db: Db,
  hospitalId: HospitalId,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  assert(Number.isSafeInteger(hospitalId) && hospitalId > 0, `${hospitalId} is a hospital's number`)
  return withRetry(async () => {
    const afterwards: (() => void)[] = []
    const result = await db.transaction().execute(async (tx) => {
      onceCommitted.set(tx, afterwards)
      // A literal, since SET takes no parameters; it was checked above to be a whole number.
      await sql.raw(`set local app.hospital_id = '${hospitalId}'`).execute(tx)
      return work(tx)
    })
    for (const then of afterwards) then()
    return result
  })
}

const onceCommitted = new WeakMap<Tx, (() => void)[]>()

/**
 * Has something done when a transaction of `inHospital` has committed, and never when it has not. It may be lost with
 * the process: for what is only a speed-up. It must not throw.
 */
export function afterCommit(tx: Tx, work: () => void): void {
  const works = onceCommitted.get(tx)
  assert(works, 'the transaction is one of inHospital')
  works.push(work)
}

const MAX_TRIES = 5
const RETRYABLE = new Set(['40001', '40P01', '55P03'])

const isRetryable = (error: unknown) =>
  RETRYABLE.has(sqlStateOf(error) ?? '') || isPlanOutdated(error)

/** Runs a transaction again that lost against another one: nothing of it has happened. */
async function withRetry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= MAX_TRIES || !isRetryable(error)) throw error
    }
  }
}

// A distributed server names the constraint of its shard: the name, and a number of at least six digits.
const SHARD_SUFFIX = /_\d{6,}$/

/** The constraint an error names, read from the message too, as a distributed server may leave the field out. */
export function violatedConstraint(error: unknown): string | null {
  if (!(error instanceof Error) || !sqlStateOf(error)?.startsWith('23')) return null
  const field = 'constraint' in error && typeof error.constraint === 'string' && error.constraint
  const name = field || /constraint "([^"]+)"/.exec(error.message)?.[1]
  return name?.replace(SHARD_SUFFIX, '') ?? null
}

// How columns reach us. Left alone, pg reads bigint as text, and a date as midnight of whatever
// zone the server happens to run in: one day off, for a business date.
const { INT8, DATE, NUMERIC } = pg.types.builtins
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === INT8 || oid === NUMERIC) return toSafeInteger
    if (oid === DATE) return String
    return pg.types.getTypeParser(oid, format)
  },
}

/** Every bigint of ours is a count or an amount in fen, and sum() of them comes as numeric. */
function toSafeInteger(text: string): number {
  const value = Number(text)
  assert(Number.isSafeInteger(value), `the number ${text} is whole and within 2^53`)
  return value
}

/** Errors: throws when the database does not answer. */
export async function pingDb(db: Db): Promise<void> {
  await sql`select 1`.execute(db)
}
