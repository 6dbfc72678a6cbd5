import { sql } from 'kysely'

import type { HospitalId, Id } from '../kernel/id.ts'
import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../kernel/time.ts'
import { type Db, inHospital, type Tx } from './db.ts'

/** Tables whose rows wait to be worked off: events to deliver, notices to interpret. */
type DueTable = 'platform.outbox' | 'platform.inbox'

const MAX_ATTEMPTS = 12
const BATCH = 50

/**
 * Works off the hospital's due rows, oldest first, and returns how many it tried. A row whose work
 * throws comes again later, two seconds first and then twice as long each time; after the last
 * attempt it stays with its error for a person to see.
 */
export async function workOff<Row extends { id: Id<string> }>(
  { db, clock }: { db: Db; clock: Clock },
  hospitalId: HospitalId,
  table: DueTable,
  work: (row: Row) => Promise<void>,
): Promise<number> {
  const claimed = await inHospital(db, hospitalId, (tx) =>
    claim<Row>(tx, table, hospitalId, clock.now()),
  )
  for (const row of claimed) {
    const error = await work(row).then(
      () => null,
      (failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
    )
    await inHospital(db, hospitalId, (tx) => record(tx, table, hospitalId, row, error, clock.now()))
  }
  return claimed.length
}

/** The earliest moment at which this hospital has a row of either table to work off; null for none. */
export async function nextDueIn(
  tx: Tx,
  hospitalId: HospitalId,
): Promise<{ notices: Date | null; events: Date | null }> {
  const { rows } = await sql<{ notices: Date | null; events: Date | null }>`select
    (select min(due_at) from platform.inbox
      where hospital_id = ${hospitalId} and due_at is not null) as notices,
    (select min(due_at) from platform.outbox
      where hospital_id = ${hospitalId} and due_at is not null) as events`.execute(tx)
  return rows[0] ?? { notices: null, events: null }
}

type Claimed<Row> = Row & { attempts: number }

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

async function record(
  tx: Tx,
  table: DueTable,
  hospitalId: HospitalId,
  row: Claimed<{ id: Id<string> }>,
  error: string | null,
  now: Date,
): Promise<void> {
  const again = error !== null && row.attempts < MAX_ATTEMPTS
  const retryAt = again ? addMs(now, SECOND_MS * 2 ** row.attempts) : null
  await sql`update ${sql.table(table)}
    set due_at = ${retryAt}, done_at = ${error === null ? now : null}, last_error = ${error}
    where hospital_id = ${hospitalId} and id = ${row.id}`.execute(tx)
}
