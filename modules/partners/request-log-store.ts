import { type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Db } from '../../platform/db.ts'
import type { ApplicationId } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// What applications asked of us: the one place that writes this table.

export type RequestRow = Selectable<PartnerTables['partners.request_log']>

const tables = (db: Db) => db.withTables<PartnerTables>()

export async function insertRequest(db: Db, row: RequestRow): Promise<void> {
  await tables(db).insertInto('partners.request_log').values(row).execute()
}

export type RequestFilter = {
  /** Of one hospital; null for all of the application's. */
  hospitalId: HospitalId | null
  failed?: boolean | undefined
  before?: string | undefined
  limit: number
}

const FIRST_FAILURE = 400

/** Newest first; the cursor is the last id of the page before. */
export async function listRequests(
  db: Db,
  applicationId: ApplicationId,
  { hospitalId, failed, before, limit }: RequestFilter,
): Promise<RequestRow[]> {
  let query = tables(db)
    .selectFrom('partners.request_log')
    .selectAll()
    .where('application_id', '=', applicationId)
  if (hospitalId !== null) query = query.where('hospital_id', '=', hospitalId)
  if (failed) query = query.where('status', '>=', FIRST_FAILURE)
  if (before) query = query.where('id', '<', before as Id<'RequestLog'>)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** Forgets the oldest before a moment, up to `most`; returns how many. */
export async function deleteOldRequests(db: Db, before: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from partners.request_log where at < ${before}
    and (application_id, id) in (select application_id, id from partners.request_log
      where at < ${before} order by at limit ${most})`.execute(db)
  return Number(numAffectedRows ?? 0)
}
