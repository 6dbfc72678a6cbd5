import { type Selectable, sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { PlannedUse } from './plan.ts'
import type { Page } from './programme-store.ts'
import type {
  Entitlement,
  EntitlementId,
  EntitlementItem,
  EntitlementStatus,
  PersonId,
  ProgrammeId,
} from './programme.ts'
import type { BenefitTables } from './tables.ts'

// What persons are entitled to.

export type EntitlementKey = { hospitalId: HospitalId; id: EntitlementId }

/** False when the person has one of the same origin. */
export async function insertEntitlement(tx: Tx, entitlement: Entitlement): Promise<boolean> {
  const { hospitalId: hospital_id, id, decidedBy } = entitlement
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.entitlement')
    .values({
      hospital_id,
      id,
      programme_id: entitlement.programmeId,
      person_id: entitlement.personId,
      kind: entitlement.kind,
      origin: entitlement.origin,
      amount_fen: entitlement.amountFen,
      used_fen: entitlement.usedFen,
      valid_from: entitlement.validFrom,
      valid_until: entitlement.validUntil,
      document: entitlement.document,
      grounds: entitlement.grounds,
      status: entitlement.status,
      proposed_by: entitlement.proposedBy,
      proposed_at: entitlement.proposedAt,
      needs_second: entitlement.needsSecond,
      decided_by: decidedBy,
      decided_at: decidedBy === null ? null : entitlement.proposedAt,
      ended_by: null,
      ended_at: null,
      end_reason: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'programme_id', 'person_id', 'origin']).doNothing(),
    )
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return false
  const items = entitlement.items.map((item) => ({ hospital_id, entitlement_id: id, ...item }))
  if (items.length > 0) {
    await tx
      .withTables<BenefitTables>()
      .insertInto('benefits.entitlement_item')
      .values(items)
      .execute()
  }
  return true
}

export async function findEntitlement(
  tx: Tx,
  { hospitalId, id }: EntitlementKey,
): Promise<Entitlement | null> {
  const row = await selectEntitlements(tx, hospitalId).where('id', '=', id).executeTakeFirst()
  return row ? ((await withItems(tx, hospitalId, [row]))[0] ?? null) : null
}

export async function lockEntitlement(
  tx: Tx,
  { hospitalId, id }: EntitlementKey,
): Promise<Entitlement | null> {
  const row = await selectEntitlements(tx, hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? ((await withItems(tx, hospitalId, [row]))[0] ?? null) : null
}

const MOST_OF_A_PERSON = 200

/** A person's, newest first; `on`: only those that are active and valid on that day. */
export async function entitlementsOf(
  tx: Tx,
  hospitalId: HospitalId,
  { personId, on }: { personId: PersonId; on: BusinessDate | null },
): Promise<Entitlement[]> {
  let query = selectEntitlements(tx, hospitalId).where('person_id', '=', personId)
  if (on !== null) {
    query = query
      .where('status', '=', 'active')
      .where('valid_from', '<=', on)
      .where('valid_until', '>=', on)
  }
  const rows = await query.orderBy('id', 'desc').limit(MOST_OF_A_PERSON).execute()
  return withItems(tx, hospitalId, rows)
}

export type EntitlementFilter = Page<EntitlementId> & {
  status: EntitlementStatus | undefined
  programmeId: ProgrammeId | undefined
}

/** Newest first. */
export async function listEntitlements(
  tx: Tx,
  hospitalId: HospitalId,
  { status, programmeId, before, limit }: EntitlementFilter,
): Promise<Entitlement[]> {
  let query = selectEntitlements(tx, hospitalId)
  if (status) query = query.where('status', '=', status)
  if (programmeId) query = query.where('programme_id', '=', programmeId)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return withItems(tx, hospitalId, rows)
}

const MOST_EXPIRING = 500

/** Active ones whose last day is over; locked, the first five hundred. */
export async function expiredEntitlements(
  tx: Tx,
  hospitalId: HospitalId,
  today: BusinessDate,
): Promise<Entitlement[]> {
  const rows = await selectEntitlements(tx, hospitalId)
    .where('status', '=', 'active')
    .where('valid_until', '<', today)
    .orderBy('id')
    .limit(MOST_EXPIRING)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map((row) => toEntitlement(row, []))
}

export async function activateEntitlement(
  tx: Tx,
  { hospitalId, id }: EntitlementKey,
  { by, at }: { by: string; at: Date },
): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.entitlement')
    .set({ status: 'active', decided_by: by, decided_at: at })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

export async function endEntitlement(
  tx: Tx,
  { hospitalId, id }: EntitlementKey,
  end: { status: 'refused' | 'revoked' | 'expired'; by: string; at: Date; reason: string },
): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.entitlement')
    .set({ status: end.status, ended_by: end.by, ended_at: end.at, end_reason: end.reason })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** Uses some of it, if it is active, valid on that day and has so much left. */
export async function useEntitlement(
  tx: Tx,
  { hospitalId, id }: EntitlementKey,
  { amountFen, on, items }: { amountFen: Fen; on: BusinessDate; items: PlannedUse['items'] },
): Promise<boolean> {
  const { numAffectedRows } =
    await sql`update benefits.entitlement set used_fen = used_fen + ${amountFen}
    where hospital_id = ${hospitalId} and id = ${id} and status = 'active'
      and ${on}::date between valid_from and valid_until
      and (amount_fen is null or used_fen + ${amountFen} <= amount_fen)`.execute(tx)
  if (numAffectedRows !== 1n) return false
  for (const { code, count } of items) {
    const taken = await sql`update benefits.entitlement_item set used = used + ${count}
      where hospital_id = ${hospitalId} and entitlement_id = ${id} and code = ${code}
        and used + ${count} <= most`.execute(tx)
    if (taken.numAffectedRows !== 1n) return false
  }
  return true
}

/**
 * Gives back what was used, and says what it is now. With `until`, a voucher is good until then at least, also one
 * that expired meanwhile: what a payer gets back must be of use to them.
 */
export async function returnToEntitlement(
  tx: Tx,
  { hospitalId, id }: EntitlementKey,
  { amountFen, items, until }: Returned,
): Promise<EntitlementStatus> {
  for (const { code, count } of items) {
    await sql`update benefits.entitlement_item set used = used - ${count}
      where hospital_id = ${hospitalId} and entitlement_id = ${id} and code = ${code}`.execute(tx)
  }
  const { rows } = await sql<{ status: EntitlementStatus }>`
    update benefits.entitlement set used_fen = used_fen - ${amountFen},
      valid_until = greatest(valid_until, ${until}::date)
    where hospital_id = ${hospitalId} and id = ${id} returning status`.execute(tx)
  const status = rows[0]?.status
  assert(status, `entitlement ${id} is there`)
  if (status !== 'expired' || until === null) return status
  await sql`update benefits.entitlement
    set status = 'active', ended_by = null, ended_at = null, end_reason = null
    where hospital_id = ${hospitalId} and id = ${id}`.execute(tx)
  return 'active'
}

type Returned = { amountFen: Fen; items: PlannedUse['items']; until: BusinessDate | null }

const selectEntitlements = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.entitlement')
    .selectAll()
    .where('hospital_id', '=', hospitalId)

type Row = Selectable<BenefitTables['benefits.entitlement']>

async function withItems(
  tx: Tx,
  hospitalId: HospitalId,
  rows: readonly Row[],
): Promise<Entitlement[]> {
  const ids = rows.filter(({ kind }) => kind === 'package').map(({ id }) => id)
  if (ids.length === 0) return rows.map((row) => toEntitlement(row, []))
  const items = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.entitlement_item')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('entitlement_id', 'in', ids)
    .orderBy('code')
    .execute()
  return rows.map((row) =>
    toEntitlement(
      row,
      items
        .filter(({ entitlement_id }) => entitlement_id === row.id)
        .map(({ code, most, used }) => ({ code, most, used })),
    ),
  )
}

const toEntitlement = (row: Row, items: readonly EntitlementItem[]): Entitlement => ({
  hospitalId: row.hospital_id,
  id: row.id,
  programmeId: row.programme_id,
  personId: row.person_id,
  kind: row.kind,
  origin: row.origin,
  amountFen: row.amount_fen,
  usedFen: row.used_fen,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  document: row.document,
  grounds: row.grounds,
  status: row.status,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at,
  needsSecond: row.needs_second,
  decidedBy: row.decided_by,
  endReason: row.end_reason,
  items,
})
