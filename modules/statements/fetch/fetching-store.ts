import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { StatementTables } from '../tables.ts'

// How lists are fetched, and which are to be fetched now: the one place that reads and writes statements.fetching.

export type FetchingRow = Selectable<StatementTables['statements.fetching']>

export async function saveFetching(tx: Tx, row: FetchingRow): Promise<void> {
  const { hospital_id, source, plan, ...rest } = row
  const values = { ...rest, plan: JSON.stringify(plan) }
  await tx
    .withTables<StatementTables>()
    .insertInto('statements.fetching')
    .values({ hospital_id, source, ...values })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'source']).doUpdateSet(values))
    .execute()
}

export async function findFetching(
  tx: Tx,
  hospitalId: HospitalId,
  source: string,
): Promise<FetchingRow | null> {
  const row = await tx
    .withTables<StatementTables>()
    .selectFrom('statements.fetching')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('source', '=', source)
    .executeTakeFirst()
  return row ?? null
}

export type ListToFetch = {
  source: string
  businessDate: BusinessDate
  account: string | null
  tries: number
  missingAt: Date
}

const LISTS_AT_ONCE = 50

/** Lists that are not there and may be asked for by now, the longest due first. */
export async function listsToFetch(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
): Promise<ListToFetch[]> {
  const { rows } = await sql<ListToFetch>`
    select a.source, a.business_date as "businessDate", s.account, a.tries,
      a.missing_at as "missingAt"
    from statements.arrival a
    join statements.fetching f on f.hospital_id = a.hospital_id and f.source = a.source
    join statements.schedule s on s.hospital_id = a.hospital_id and s.source = a.source
    where a.hospital_id = ${hospitalId} and f.hospital_id = ${hospitalId}
      and s.hospital_id = ${hospitalId} and f.is_active and s.is_active
      and a.file_id is null and a.next_try_at <= ${now}
    order by a.next_try_at, a.source, a.business_date
    limit ${LISTS_AT_ONCE}`.execute(tx)
  return rows
}

/** Null when nothing is to be fetched. */
export async function nextFetchAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(a.next_try_at) as at
    from statements.arrival a
    join statements.fetching f on f.hospital_id = a.hospital_id and f.source = a.source
    join statements.schedule s on s.hospital_id = a.hospital_id and s.source = a.source
    where a.hospital_id = ${hospitalId} and f.hospital_id = ${hospitalId}
      and s.hospital_id = ${hospitalId} and f.is_active and s.is_active
      and a.file_id is null`.execute(tx)
  return rows[0]?.at ?? null
}

/** Writes the next try down before this one is made; false when somebody else makes it. */
export async function claimTry(
  tx: Tx,
  hospitalId: HospitalId,
  { source, businessDate }: Pick<ListToFetch, 'source' | 'businessDate'>,
  { now, nextTryAt }: { now: Date; nextTryAt: Date | null },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<StatementTables>()
    .updateTable('statements.arrival')
    .set((eb) => ({
      tries: eb('tries', '+', 1),
      next_try_at: nextTryAt,
      changed_at: now,
    }))
    .where('hospital_id', '=', hospitalId)
    .where('source', '=', source)
    .where('business_date', '=', businessDate)
    .where('file_id', 'is', null)
    .where('next_try_at', '<=', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
