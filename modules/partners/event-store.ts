import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { PartnerEvent, PartnerEventId } from './delivery.ts'
import type { EventType } from './event-type.ts'
import type { PartnerTables } from './tables.ts'

// Events and their counter: the one place that writes these tables.

type EventRow = Selectable<PartnerTables['partners.event']>

const tables = (tx: Tx) => tx.withTables<PartnerTables>()

export async function isKnownEvent(
  tx: Tx,
  hospitalId: HospitalId,
  dedupeKey: string,
): Promise<boolean> {
  const row = await tables(tx)
    .selectFrom('partners.event')
    .select('id')
    .where('hospital_id', '=', hospitalId)
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * The number of the hospital's newest event, 0 before the first. Its row stays locked until the transaction ends, so
 * that two who are told the same take turns, and a reader who has seen a number has seen all before it.
 */
export async function lockCounter(tx: Tx, hospitalId: HospitalId): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into partners.event_counter as counter (hospital_id, last_sequence)
    values (${hospitalId}, 0)
    on conflict (hospital_id) do update set last_sequence = counter.last_sequence
    returning last_sequence as last`.execute(tx)
  return rows[0]?.last ?? 0
}

export async function setCounter(tx: Tx, hospitalId: HospitalId, last: number): Promise<void> {
  await tables(tx)
    .updateTable('partners.event_counter')
    .set({ last_sequence: last })
    .where('hospital_id', '=', hospitalId)
    .execute()
}

export async function insertEvent(tx: Tx, event: PartnerEvent, dedupeKey: string): Promise<void> {
  await tables(tx)
    .insertInto('partners.event')
    .values({
      hospital_id: event.hospitalId,
      id: event.id,
      sequence: event.sequence,
      type: event.type,
      dedupe_key: dedupeKey,
      data: JSON.stringify(event.data) as never,
      occurred_at: event.occurredAt,
    })
    .execute()
}

export async function findEvent(
  tx: Tx,
  hospitalId: HospitalId,
  id: PartnerEventId,
): Promise<PartnerEvent | null> {
  const row = await tables(tx)
    .selectFrom('partners.event')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toEvent(row) : null
}

export async function eventsById(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly PartnerEventId[],
): Promise<ReadonlyMap<PartnerEventId, PartnerEvent>> {
  if (ids.length === 0) return new Map()
  const rows = await tables(tx)
    .selectFrom('partners.event')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, toEvent(row)]))
}

/** Those after a number, in order. */
export async function eventsAfter(
  tx: Tx,
  hospitalId: HospitalId,
  { types, after, limit }: { types: readonly EventType[]; after: number; limit: number },
): Promise<PartnerEvent[]> {
  if (types.length === 0) return []
  const rows = await tables(tx)
    .selectFrom('partners.event')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('type', 'in', types)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute()
  return rows.map(toEvent)
}

export async function newestSequence(tx: Tx, hospitalId: HospitalId): Promise<number> {
  const row = await tables(tx)
    .selectFrom('partners.event_counter')
    .select('last_sequence')
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  return row?.last_sequence ?? 0
}

/** Forgets the hospital's oldest events before a moment, with their deliveries, up to `most`; returns how many. */
export async function deleteOldEvents(
  tx: Tx,
  hospitalId: HospitalId,
  before: Date,
  most: number,
): Promise<number> {
  const { numAffectedRows } = await sql`delete from partners.event
    where hospital_id = ${hospitalId} and id in (
      select id from partners.event where hospital_id = ${hospitalId} and occurred_at < ${before}
      order by occurred_at limit ${most})`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

const toEvent = (row: EventRow): PartnerEvent => ({
  hospitalId: row.hospital_id,
  id: row.id,
  sequence: row.sequence,
  type: row.type,
  data: row.data,
  occurredAt: row.occurred_at,
})
