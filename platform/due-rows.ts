import { type RawBuilder, sql } from 'kysely'

import { eachAtOnce, type Patiently, untilDone } from '../kernel/at-once.ts'
import type { HospitalId, Id } from '../kernel/id.ts'
import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../kernel/time.ts'
import { type Db, inHospital, type Tx } from './db.ts'

/** Tables whose rows wait to be worked off: events to deliver, notices to interpret. */
type DueTable = 'platform.outbox' | 'platform.inbox'

const MAX_ATTEMPTS = 12
const BATCH = 50

/**
 * Works off the hospital's due rows, oldest first and so many at once, and returns how many it tried. A row whose work
 * throws comes again later, two seconds first and then twice as long each time; after the last
 * attempt it stays with its error for a person to see. What `patiently` leaves is written down when it ends.
 */
export async function workOff<Row extends { id: Id<string> }>(
  { db, clock, atOnce = 1, patiently = untilDone }: Worker,
  hospitalId: HospitalId,
  table: DueTable,
  { work, givenUp }: Work<Row>,
): Promise<number> {
  const claimed = await inHospital(db, hospitalId, (tx) =>
    claim<Row>(tx, table, hospitalId, clock.now()),
  )
  if (claimed.length === 0) return 0
  // The rows that end together are written down together; one that was left behind writes itself down.
  const together: Ended<Row> = { done: [], failed: [] }
  let isWritten = false
  const workAlone = async (row: Claimed<Row>): Promise<void> => {
    const error = await errorOf(work(row))
    const ended = isWritten ? { done: [], failed: [] } : together
    if (error === null) ended.done.push(row.id)
    else ended.failed.push({ row, error })
    if (ended !== together) await writeDown(ended)
  }
  await eachAtOnce(claimed, atOnce, (row) => patiently(workAlone(row)))
  isWritten = true
  await writeDown(together)
  return claimed.length

  async function writeDown({ done, failed }: Ended<Row>): Promise<void> {
    if (done.length + failed.length === 0) return
    await inHospital(db, hospitalId, async (tx) => {
      await recordDone(tx, table, hospitalId, done, clock.now())
      for (const failure of failed) {
        const again = await recordFailed(tx, table, hospitalId, failure, clock.now())
        if (!again) await givenUp?.(tx, failure.row, failure.error)
      }
    })
  }
}

/** Whose work it is, how many at once, and how long each is waited for before the next begins. */
export type Worker = { db: Db; clock: Clock; atOnce?: number; patiently?: Patiently }

/** `givenUp` hears of a row after its last attempt, in the transaction that writes that down. */
type Work<Row> = {
  work: (row: Row) => Promise<void>
  givenUp?: (tx: Tx, row: Row, error: string) => Promise<void>
}

/** As a part of a query: the earliest moment at which a row of the hospital is due there; null for none. */
export const earliestDue = (table: string, hospitalId: HospitalId): RawBuilder<Date | null> =>
  sql`(select min(due_at) from ${sql.table(table)}
    where hospital_id = ${hospitalId} and due_at is not null)`

type Claimed<Row> = Row & { attempts: number }
type Failed<Row> = { row: Claimed<Row>; error: string }

type Ended<Row> = { done: Id<string>[]; failed: Failed<Row>[] }

const errorOf = (work: Promise<void>): Promise<string | null> =>
  work.then(
    () => null,
    (failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
  )

// A claim moves due_at on, so that a worker that dies with the row in hand loses it after a minute.
async function claim<Row extends { id: Id<string> }>(
  tx: Tx,
  table: DueTable,
  hospitalId: HospitalId,
  now: Date,
): Promise<Claimed<Row>[]> {
  const { rows } = await sql<Claimed<Row>>`
    update ${sql.table(table)} t set due_at = ${addMs(now, MINUTE_MS)}, attempts = t.attempts + 1
    from (select id from ${sql.table(table)}
          where hospital_id = ${hospitalId} and due_at <= ${now}
          order by id limit ${BATCH} for update skip locked) due
    where t.hospital_id = ${hospitalId} and t.id = due.id
    returning t.*`.execute(tx)
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

async function recordDone(
  tx: Tx,
  table: DueTable,
  hospitalId: HospitalId,
  ids: readonly Id<string>[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return
  await sql`update ${sql.table(table)} set due_at = null, done_at = ${now}, last_error = null
    where hospital_id = ${hospitalId} and id = any(${[...ids]}::uuid[])`.execute(tx)
}

/** False when this was the last attempt. */
async function recordFailed(
  tx: Tx,
  table: DueTable,
  hospitalId: HospitalId,
  { row, error }: Failed<{ id: Id<string> }>,
  now: Date,
): Promise<boolean> {
  const again = row.attempts < MAX_ATTEMPTS
  const retryAt = again ? addMs(now, SECOND_MS * 2 ** row.attempts) : null
  await sql`update ${sql.table(table)} set due_at = ${retryAt}, last_error = ${error}
    where hospital_id = ${hospitalId} and id = ${row.id}`.execute(tx)
  return again
}
