import { type Selectable, sql, type Updateable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { earliestDue } from '../../platform/due-rows.ts'
import {
  type Delivery,
  type DeliveryId,
  type DeliveryStatus,
  LEASE_MS,
  type PartnerEventId,
} from './delivery.ts'
import type { EndpointId } from './endpoint.ts'
import type { ApplicationId } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// Deliveries and their attempts: the one place that writes these tables.

type DeliveryRow = Selectable<PartnerTables['partners.delivery']>
export type AttemptRow = Selectable<PartnerTables['partners.delivery_attempt']>

const tables = (tx: Tx) => tx.withTables<PartnerTables>()

/** When a delivery of the hospital is due next; null for none. */
export async function nextDeliveryAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { rows } = await sql<{ due: Date | null }>`
    select ${earliestDue('partners.delivery', hospitalId)} as due`.execute(tx)
  return rows[0]?.due ?? null
}

export async function insertDeliveries(tx: Tx, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return
  await tables(tx)
    .insertInto('partners.delivery')
    .values(
      deliveries.map((delivery) => ({
        hospital_id: delivery.hospitalId,
        id: delivery.id,
        endpoint_id: delivery.endpointId,
        event_id: delivery.eventId,
        event_type: delivery.eventType,
        status: delivery.status,
        round: delivery.round,
        attempts: delivery.attempts,
        due_at: delivery.dueAt,
        last_outcome: null,
        last_status: null,
        last_error: null,
        created_at: delivery.createdAt,
        ended_at: null,
      })),
    )
    .execute()
}

/**
 * Takes due deliveries in hand, the longest due first, and so many of one endpoint at most: a slow receiver must not
 * keep all others waiting. Moved on by a lease, so that those a dead worker held come again.
 */
export async function claimDue(
  tx: Tx,
  hospitalId: HospitalId,
  { now, most, mostOfOne, notTo }: Share,
): Promise<Delivery[]> {
  const { rows } = await sql<DeliveryRow>`
    update partners.delivery set due_at = ${addMs(now, LEASE_MS)}, attempts = attempts + 1
    where hospital_id = ${hospitalId} and due_at <= ${now} and id in (
      select id from (
        select id, due_at, row_number() over (partition by endpoint_id order by due_at, id) as place
        from partners.delivery where hospital_id = ${hospitalId} and due_at <= ${now}
          and endpoint_id <> all (${notTo}::uuid[])) due
      where place <= ${mostOfOne} order by due_at, id limit ${most})
    returning *`.execute(tx)
  return rows.map(toDelivery).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

type Share = {
  now: Date
  most: number
  mostOfOne: number
  /** Endpoints that have not answered yet what was sent to them before. */
  notTo: readonly EndpointId[]
}

/** Writes down what came of a try; false when the delivery has gone on meanwhile without it. */
export async function endTry(
  tx: Tx,
  { hospitalId, id, round, attempts }: Delivery,
  changes: Pick<
    Updateable<PartnerTables['partners.delivery']>,
    'status' | 'due_at' | 'last_outcome' | 'last_status' | 'last_error' | 'ended_at' | 'attempts'
  >,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('partners.delivery')
    .set(changes)
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('round', '=', round)
    .where('attempts', '=', attempts)
    .where('status', '=', 'pending')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function insertAttempt(tx: Tx, row: AttemptRow): Promise<void> {
  await tables(tx).insertInto('partners.delivery_attempt').values(row).execute()
}

/** What was to be sent to an endpoint that is switched off waits until it is on again. */
export async function holdPending(
  tx: Tx,
  hospitalId: HospitalId,
  endpointId: EndpointId,
): Promise<void> {
  await tables(tx)
    .updateTable('partners.delivery')
    .set({ status: 'held', due_at: null })
    .where('hospital_id', '=', hospitalId)
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'pending')
    .execute()
}

/** What was held is due now, with all its tries before it: of one endpoint, or of all active ones of an application. */
export async function releaseHeld(
  tx: Tx,
  hospitalId: HospitalId,
  of: { endpointId: EndpointId } | { applicationId: ApplicationId },
  now: Date,
): Promise<void> {
  const endpoints = tables(tx)
    .selectFrom('partners.endpoint')
    .select('id')
    .where('hospital_id', '=', hospitalId)
    .where('status', '=', 'active')
  const own =
    'endpointId' in of
      ? endpoints.where('id', '=', of.endpointId)
      : endpoints.where('application_id', '=', of.applicationId)
  const ids = (await own.execute()).map(({ id }) => id)
  if (ids.length === 0) return
  await tables(tx)
    .updateTable('partners.delivery')
    .set({ status: 'pending', due_at: now, attempts: 0 })
    .where('hospital_id', '=', hospitalId)
    .where('endpoint_id', 'in', ids)
    .where('status', '=', 'held')
    .execute()
}

/** Sends again what has ended or waits, in a round of its own: due now, with all its tries before it. */
export async function startRound(
  tx: Tx,
  { hospitalId, id, round }: Delivery,
  now: Date,
): Promise<Delivery> {
  const row = await tables(tx)
    .updateTable('partners.delivery')
    .set({ status: 'pending', round: round + 1, attempts: 0, due_at: now, ended_at: null })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toDelivery(row)
}

/**
 * The same for all of some endpoints that were made between two moments and stand like this, the oldest first and so
 * many at most; returns how many.
 */
export async function startRounds(
  tx: Tx,
  hospitalId: HospitalId,
  { endpointIds, statuses, since, until, most }: RoundRange,
  now: Date,
): Promise<number> {
  if (endpointIds.length === 0) return 0
  const { numAffectedRows } = await sql`update partners.delivery
    set status = 'pending', round = round + 1, attempts = 0, due_at = ${now}, ended_at = null
    where hospital_id = ${hospitalId} and id in (
      select id from partners.delivery
      where hospital_id = ${hospitalId} and endpoint_id = any (${endpointIds}::uuid[])
        and status = any (${statuses}::text[]) and created_at >= ${since} and created_at < ${until}
      order by id limit ${most})`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

type RoundRange = {
  endpointIds: readonly EndpointId[]
  statuses: readonly DeliveryStatus[]
  since: Date
  until: Date
  most: number
}

export async function deliveriesOfEvent(
  tx: Tx,
  hospitalId: HospitalId,
  eventId: PartnerEventId,
  endpointIds: readonly EndpointId[],
): Promise<Delivery[]> {
  if (endpointIds.length === 0) return []
  const rows = await tables(tx)
    .selectFrom('partners.delivery')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('event_id', '=', eventId)
    .where('endpoint_id', 'in', endpointIds)
    .orderBy('id')
    .execute()
  return rows.map(toDelivery)
}

export type DeliveryFilter = {
  endpointIds: readonly EndpointId[]
  status?: DeliveryStatus | undefined
  before?: DeliveryId | undefined
  limit: number
}

/** Newest first; the cursor is the last id of the page before. */
export async function listDeliveries(
  tx: Tx,
  hospitalId: HospitalId,
  { endpointIds, status, before, limit }: DeliveryFilter,
): Promise<Delivery[]> {
  if (endpointIds.length === 0) return []
  let query = tables(tx)
    .selectFrom('partners.delivery')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('endpoint_id', 'in', endpointIds)
  if (status) query = query.where('status', '=', status)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toDelivery)
}

export async function findDelivery(
  tx: Tx,
  hospitalId: HospitalId,
  id: DeliveryId,
): Promise<Delivery | null> {
  const row = await tables(tx)
    .selectFrom('partners.delivery')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toDelivery(row) : null
}

const MOST_ATTEMPTS_SHOWN = 200

/** Oldest first; the first two hundred. */
export async function attemptsOf(
  tx: Tx,
  hospitalId: HospitalId,
  deliveryId: Id<'Delivery'>,
): Promise<AttemptRow[]> {
  return tables(tx)
    .selectFrom('partners.delivery_attempt')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('delivery_id', '=', deliveryId)
    .orderBy('id')
    .limit(MOST_ATTEMPTS_SHOWN)
    .execute()
}

const toDelivery = (row: DeliveryRow): Delivery => ({
  hospitalId: row.hospital_id,
  id: row.id,
  endpointId: row.endpoint_id,
  eventId: row.event_id,
  eventType: row.event_type,
  status: row.status,
  round: row.round,
  attempts: row.attempts,
  dueAt: row.due_at,
  lastOutcome: row.last_outcome,
  lastStatus: row.last_status,
  lastError: row.last_error,
  createdAt: row.created_at,
  endedAt: row.ended_at,
})
