import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Breaker } from './breaker.ts'
import { BOUNDS_MS, type Counts } from './counts.ts'
import type { Operation } from './operation.ts'
import type { Counted } from './sum-up.ts'
import type { ChannelTables } from './tables.ts'

// How channels fare, by minute, and their breakers: the one place that reads or writes these tables.

const tables = (tx: Tx) => tx.withTables<ChannelTables>()

// One process has a row for each channel and operation of the minute or two since it wrote last.
const MOST_ROWS_AT_ONCE = 500

/** Adds to what all processes have counted. */
export async function addMinutes(
  tx: Tx,
  hospitalId: HospitalId,
  minutes: readonly Counted[],
): Promise<void> {
  for (let i = 0; i < minutes.length; i += MOST_ROWS_AT_ONCE) {
    const rows = minutes
      .slice(i, i + MOST_ROWS_AT_ONCE)
      .map(({ channel, minute, operation, counts }) => {
        const { answered, declined, unknown, failed, latency } = counts
        return sql`(${hospitalId}::int, ${channel}, ${minute}::timestamptz, ${operation}, ${answered}::int,
        ${declined}::int, ${unknown}::int, ${failed}::int, ${latency}::int[])`
      })
    await sql`insert into channels.health_minute as known
        (hospital_id, channel, minute, operation, answered, declined, unknown, failed, latency)
      values ${sql.join(rows)}
      on conflict (hospital_id, channel, minute, operation) do update set
        answered = known.answered + excluded.answered, declined = known.declined + excluded.declined,
        unknown = known.unknown + excluded.unknown, failed = known.failed + excluded.failed,
        latency = array[${sql.join(BUCKETS.map((b) => sql`known.latency[${b}] + excluded.latency[${b}]`))}]
      `.execute(tx)
  }
}

/** PostgreSQL counts from one. */
const BUCKETS = BOUNDS_MS.map((_, i) => sql.lit(i + 1))

/** What was counted from that minute on, minute by minute, of every channel. */
export async function minutesSince(
  tx: Tx,
  hospitalId: HospitalId,
  since: Date,
): Promise<Counted[]> {
  const rows = await tables(tx)
    .selectFrom('channels.health_minute')
    .select([
      'channel',
      'minute',
      'operation',
      'answered',
      'declined',
      'unknown',
      'failed',
      'latency',
    ])
    .where('hospital_id', '=', hospitalId)
    .where('minute', '>=', since)
    .execute()
  return rows.map(({ channel, minute, operation, ...counts }) => ({
    channel,
    minute,
    operation,
    counts,
  }))
}

type Range = { channel: string; from: Date; to: Date }

/**
 * A channel's past in equal steps from the first moment on, an empty step left out: the moment each begins, and how its
 * calls ended. With `operations` only those are counted.
 */
export async function healthHistory(
  tx: Tx,
  hospitalId: HospitalId,
  { channel, from, to }: Range,
  stepMinutes: number,
  operations: readonly Operation[],
): Promise<{ at: Date; counts: Counts }[]> {
  const { rows } = await sql<CountsRow & { at: Date }>`
    select date_bin(make_interval(mins => ${stepMinutes}::int), minute, ${from}::timestamptz) as at, ${SUMS}
    from channels.health_minute
    where hospital_id = ${hospitalId} and channel = ${channel} and minute >= ${from} and minute < ${to}
      and operation = any(${[...operations]}::text[])
    group by 1 order by 1`.execute(tx)
  return rows.map(({ at, ...row }) => ({ at, counts: toCounts(row) }))
}

/** All of it together, for each operation that there was any of. */
export async function healthTotals(
  tx: Tx,
  hospitalId: HospitalId,
  { channel, from, to }: Range,
): Promise<{ operation: Operation; counts: Counts }[]> {
  const { rows } = await sql<CountsRow & { operation: Operation }>`
    select operation, ${SUMS} from channels.health_minute
    where hospital_id = ${hospitalId} and channel = ${channel} and minute >= ${from} and minute < ${to}
    group by operation order by operation`.execute(tx)
  return rows.map(({ operation, ...row }) => ({ operation, counts: toCounts(row) }))
}

/** The newest minute of which anything is known; null for none. */
export async function newestMinute(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const row = await tables(tx)
    .selectFrom('channels.health_minute')
    .select((eb) => eb.fn.max('minute').as('newest'))
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  return row?.newest ?? null
}

/** Forgets what is older, some of it; returns how many rows went. */
export async function forgetMinutes(
  tx: Tx,
  hospitalId: HospitalId,
  before: Date,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ minute: Date }>`
    delete from channels.health_minute where hospital_id = ${hospitalId} and minute < ${before}
      and (channel, minute, operation) in (
        select channel, minute, operation from channels.health_minute
        where hospital_id = ${hospitalId} and minute < ${before} order by minute limit ${most})
    returning minute`.execute(tx)
  return rows.length
}

export type KeptBreaker = { channel: string; breaker: Breaker; version: number }

export async function listBreakers(tx: Tx, hospitalId: HospitalId): Promise<KeptBreaker[]> {
  const rows = await tables(tx)
    .selectFrom('channels.breaker')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .execute()
  return rows.map((row) => ({
    channel: row.channel,
    version: row.version,
    breaker: {
      openedAt: row.opened_at,
      retryAt: row.retry_at,
      openings: row.openings,
      passed: row.passed,
      countedFrom: row.counted_from,
      cause: row.cause,
      silentInARow: 0,
    },
  }))
}

/** Writes the breaker if it still is what it was when it was read; otherwise another process was first, and stands. */
export async function saveBreaker(
  tx: Tx,
  hospitalId: HospitalId,
  { channel, breaker, version }: KeptBreaker,
  now: Date,
): Promise<void> {
  const { openedAt, retryAt, openings, passed, countedFrom, cause } = breaker
  await sql`insert into channels.breaker as known
      (hospital_id, channel, opened_at, retry_at, openings, passed, counted_from, cause, version, updated_at)
    values (${hospitalId}, ${channel}, ${openedAt}, ${retryAt}, ${openings}, ${passed}, ${countedFrom}, ${cause},
      ${version + 1}, ${now})
    on conflict (hospital_id, channel) do update set opened_at = excluded.opened_at, retry_at = excluded.retry_at,
      openings = excluded.openings, passed = excluded.passed, counted_from = excluded.counted_from,
      cause = excluded.cause, version = excluded.version, updated_at = excluded.updated_at
      where known.version = excluded.version - 1`.execute(tx)
}

const SUM_OF_BUCKETS = sql.join(BUCKETS.map((b) => sql`sum(latency[${b}])`))

const SUMS = sql`sum(answered) as answered, sum(declined) as declined, sum(unknown) as unknown, sum(failed) as failed,
  array[${SUM_OF_BUCKETS}] as latency`

/** A list of sums comes as text, as its numbers may be of any size. */
type CountsRow = Omit<Counts, 'latency'> & { latency: (string | number)[] }

const toCounts = ({ latency, ...row }: CountsRow): Counts => ({
  ...row,
  latency: latency.map(Number),
})
