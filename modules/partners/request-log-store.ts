import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db.ts'
import type { ApplicationId } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// What applications asked of us: the one place that writes this table.

export type RequestRow = Selectable<PartnerTables['partners.request_log']>

const tables = (db: Db) => db.withTables<PartnerTables>()

export async function insertRequest(db: Db, row: RequestRow): Promise<void> {
  await tables(db).insertInto('partners.request_log').values(row).execute()
}

export const STATUS_CLASSES = ['2xx', '4xx', '5xx'] as const

export type RequestFilter = {
  status?: (typeof STATUS_CLASSES)[number] | undefined
  /** Both 4xx and 5xx. */
  failed?: boolean | undefined
  requestId?: string | undefined
  since?: Date | undefined
  /** Not included. */
  until?: Date | undefined
  before?: string | undefined
  limit: number
}

/** Of which applications, and which of their requests: of one hospital, null for all; `homeOf` also those of none. */
export type RequestsOf = {
  applicationIds: readonly ApplicationId[]
  hospitalId: HospitalId | null
  homeOf?: readonly ApplicationId[]
}

const FIRST_FAILURE = 400
const CLASS_SIZE = 100

/** Newest first; the cursor is the last id of the page before. */
export async function listRequests(
  db: Db,
  of: RequestsOf,
  { status, failed, requestId, since, until, before, limit }: RequestFilter,
): Promise<RequestRow[]> {
  if (of.applicationIds.length === 0) return []
  let query = requestsOf(db, of)
  if (failed) query = query.where('status', '>=', FIRST_FAILURE)
  if (status) {
    const from = Number(status[0]) * CLASS_SIZE
    query = query.where('status', '>=', from).where('status', '<', from + CLASS_SIZE)
  }
  if (requestId !== undefined) query = query.where('request_id', '=', requestId)
  if (since) query = query.where('id', '>=', firstIdAt(since))
  if (until) query = query.where('id', '<', firstIdAt(until))
  if (before) query = query.where('id', '<', before as RequestRow['id'])
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export async function findRequest(db: Db, of: RequestsOf, id: string): Promise<RequestRow | null> {
  if (of.applicationIds.length === 0) return null
  const row = await requestsOf(db, of)
    .where('id', '=', id as RequestRow['id'])
    .executeTakeFirst()
  return row ?? null
}

function requestsOf(db: Db, { applicationIds, hospitalId, homeOf = [] }: RequestsOf) {
  const query = tables(db)
    .selectFrom('partners.request_log')
    .selectAll()
    .where('application_id', 'in', applicationIds)
  if (hospitalId === null) return query
  if (homeOf.length === 0) return query.where('hospital_id', '=', hospitalId)
  return query.where((eb) =>
    eb.or([
      eb('hospital_id', '=', hospitalId),
      eb.and([eb('hospital_id', 'is', null), eb('application_id', 'in', homeOf)]),
    ]),
  )
}

const MS_DIGITS = 12

/** The lowest id of a moment: ids begin with their milliseconds, so that a time is a range of the key itself. */
function firstIdAt(moment: Date): RequestRow['id'] {
  const ms = moment.getTime().toString(16).padStart(MS_DIGITS, '0')
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000` as RequestRow['id']
}

/** Forgets the oldest before a moment, up to `most`; returns how many. */
export async function deleteOldRequests(db: Db, before: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from partners.request_log where at < ${before}
    and (application_id, id) in (select application_id, id from partners.request_log
      where at < ${before} order by at limit ${most})`.execute(db)
  return Number(numAffectedRows ?? 0)
}
