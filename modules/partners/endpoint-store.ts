import type { Selectable, Updateable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Endpoint, EndpointId } from './endpoint.ts'
import { partnerErrors } from './errors.ts'
import type { ApplicationId } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// Endpoints and alerts: the one place that writes these tables.

type EndpointRow = Selectable<PartnerTables['partners.endpoint']>
export type AlertRow = Selectable<PartnerTables['partners.alert']>

const tables = (tx: Tx) => tx.withTables<PartnerTables>()

export async function insertEndpoint(tx: Tx, endpoint: Endpoint): Promise<void> {
  await tables(tx)
    .insertInto('partners.endpoint')
    .values({
      hospital_id: endpoint.hospitalId,
      id: endpoint.id,
      application_id: endpoint.applicationId,
      url: endpoint.url,
      event_types: [...endpoint.eventTypes],
      extra_signature: endpoint.extraSignature,
      secret_sealed: endpoint.secretSealed,
      earlier_secret_sealed: null,
      earlier_secret_until: null,
      status: endpoint.status,
      disabled_reason: null,
      failing_since: null,
      created_at: endpoint.createdAt,
      updated_at: endpoint.createdAt,
    })
    .execute()
}

/** The application's own that were not removed, oldest first. */
export async function endpointsOf(
  tx: Tx,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
): Promise<Endpoint[]> {
  const rows = await tables(tx)
    .selectFrom('partners.endpoint')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('application_id', '=', applicationId)
    .where('status', '<>', 'removed')
    .orderBy('id')
    .execute()
  return rows.map(toEndpoint)
}

/** All of the hospital's that were not removed. */
export async function endpointsAt(tx: Tx, hospitalId: HospitalId): Promise<Endpoint[]> {
  const rows = await tables(tx)
    .selectFrom('partners.endpoint')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('status', '<>', 'removed')
    .orderBy('id')
    .execute()
  return rows.map(toEndpoint)
}

/** Locks the endpoint until the transaction ends; null for one that is not there or was removed. */
export async function lockEndpoint(
  tx: Tx,
  hospitalId: HospitalId,
  id: EndpointId,
): Promise<Endpoint | null> {
  const row = await tables(tx)
    .selectFrom('partners.endpoint')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('status', '<>', 'removed')
    .forUpdate()
    .executeTakeFirst()
  return row ? toEndpoint(row) : null
}

/** Its own application's alone: any other's is not there. Errors: throws partners.endpoint_not_found. */
export async function lockOwnEndpoint(
  tx: Tx,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
  id: EndpointId,
): Promise<Endpoint> {
  const endpoint = await lockEndpoint(tx, hospitalId, id)
  if (endpoint?.applicationId !== applicationId) throw partnerErrors.endpoint_not_found()
  return endpoint
}

export async function updateEndpoint(
  tx: Tx,
  { hospitalId, id }: Endpoint,
  changes: Updateable<PartnerTables['partners.endpoint']>,
  now: Date,
): Promise<Endpoint> {
  const row = await tables(tx)
    .updateTable('partners.endpoint')
    .set({ ...changes, updated_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toEndpoint(row)
}

export async function insertAlert(tx: Tx, row: AlertRow): Promise<void> {
  await tables(tx).insertInto('partners.alert').values(row).execute()
}

/** Newest first; the cursor is the last id of the page before. */
export async function listAlerts(
  tx: Tx,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<AlertRow[]> {
  let query = tables(tx)
    .selectFrom('partners.alert')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('application_id', '=', applicationId)
  if (before) query = query.where('id', '<', before as Id<'PartnerAlert'>)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

const toEndpoint = (row: EndpointRow): Endpoint => ({
  hospitalId: row.hospital_id,
  id: row.id,
  applicationId: row.application_id,
  url: row.url,
  eventTypes: row.event_types,
  extraSignature: row.extra_signature,
  secretSealed: row.secret_sealed,
  earlierSecretSealed: row.earlier_secret_sealed,
  earlierSecretUntil: row.earlier_secret_until,
  status: row.status,
  disabledReason: row.disabled_reason,
  failingSince: row.failing_since,
  createdAt: row.created_at,
})
