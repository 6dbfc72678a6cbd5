import { type Selectable, sql } from 'kysely'

import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Page } from './programme-store.ts'
import type { PersonId, PointEvent } from './programme.ts'
import type { BenefitTables } from './tables.ts'

// Points are a person's in all hospitals, so these rows are led by the person and guarded by no hospital.

export type PointsEntry = Selectable<BenefitTables['benefits.points_entry']>
export type PointsLot = {
  year: number
  expiresOn: BusinessDate
  earned: number
  spent: number
  expired: number
}

export const restOf = ({ earned, spent, expired }: PointsLot): number => earned - spent - expired

/** False when an entry of this cause is there. */
export async function insertEntry(tx: Tx, entry: PointsEntry): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.points_entry')
    .values(entry)
    .onConflict((conflict) => conflict.columns(['person_id', 'cause']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Makes the lot of a year where there is none, and locks it: what is earned and spent of it takes turns. */
export async function openLot(
  tx: Tx,
  { personId, year, expiresOn }: { personId: PersonId; year: number; expiresOn: BusinessDate },
): Promise<void> {
  await sql`insert into benefits.points_lot as l (person_id, year, expires_on, earned, spent, expired)
    values (${personId}, ${year}, ${expiresOn}, 0, 0, 0)
    on conflict (person_id, year) do update set earned = l.earned`.execute(tx)
}

/** All lots of a person, the oldest first, locked. */
export async function lockLots(tx: Tx, personId: PersonId): Promise<PointsLot[]> {
  const rows = await selectLots(tx, personId).forUpdate().execute()
  return rows.map(toLot)
}

export async function lotsOf(tx: Tx, personId: PersonId): Promise<PointsLot[]> {
  const rows = await selectLots(tx, personId).execute()
  return rows.map(toLot)
}

export async function moveLot(
  tx: Tx,
  { personId, year }: { personId: PersonId; year: number },
  { kind, points }: { kind: PointsEntry['kind']; points: number },
): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.points_lot')
    .set((eb) => ({ [kind]: eb(kind, '+', points) }))
    .where('person_id', '=', personId)
    .where('year', '=', year)
    .executeTakeFirstOrThrow()
}

/** What a kind of event has earned the person in a year. */
export async function earnedBy(
  tx: Tx,
  { personId, year, event }: { personId: PersonId; year: number; event: PointEvent },
): Promise<number> {
  const { rows } = await sql<{ points: number }>`
    select coalesce(sum(points), 0) as points from benefits.points_entry
    where person_id = ${personId} and year = ${year} and kind = 'earned' and event = ${event}`.execute(
    tx,
  )
  return rows[0]?.points ?? 0
}

/** Newest first. */
export async function listEntries(
  tx: Tx,
  personId: PersonId,
  { before, limit }: Page<PointsEntry['id']>,
): Promise<PointsEntry[]> {
  let query = tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.points_entry')
    .selectAll()
    .where('person_id', '=', personId)
  if (before) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

const selectLots = (tx: Tx, personId: PersonId) =>
  tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.points_lot')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('year')

const toLot = (row: Selectable<BenefitTables['benefits.points_lot']>): PointsLot => ({
  year: row.year,
  expiresOn: row.expires_on,
  earned: row.earned,
  spent: row.spent,
  expired: row.expired,
})
