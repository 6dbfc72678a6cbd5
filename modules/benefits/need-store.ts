import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { NeedKind } from './need.ts'
import type { Page } from './programme-store.ts'
import type { PersonId } from './programme.ts'
import type { BenefitTables, NeedRow } from './tables.ts'

// Who is in need is a person's matter in all hospitals, so these rows are led by the person and guarded by no hospital.

const tables = (db: Db | Tx) => db.withTables<BenefitTables>()

/** False when the person is on this paper already. */
export async function insertNeed(tx: Tx, row: NeedRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('benefits.need')
    .values(row)
    .onConflict((conflict) => conflict.columns(['person_id', 'found_by', 'document']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function needByDocument(
  tx: Tx,
  { person_id, found_by, document }: Pick<NeedRow, 'person_id' | 'found_by' | 'document'>,
): Promise<NeedRow | null> {
  const row = await tables(tx)
    .selectFrom('benefits.need')
    .selectAll()
    .where('person_id', '=', person_id)
    .where('found_by', '=', found_by)
    .where('document', '=', document)
    .executeTakeFirst()
  return row ?? null
}

export async function lockNeed(
  tx: Tx,
  { personId, id }: { personId: PersonId; id: NeedRow['id'] },
): Promise<NeedRow | null> {
  const row = await tables(tx)
    .selectFrom('benefits.need')
    .selectAll()
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function endNeedRow(
  tx: Tx,
  { person_id, id }: NeedRow,
  end: Pick<NeedRow, 'ended_by' | 'ended_at' | 'end_reason'>,
): Promise<void> {
  await tables(tx)
    .updateTable('benefits.need')
    .set(end)
    .where('person_id', '=', person_id)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** Newest first. */
export const needsOf = (
  db: Db | Tx,
  { hospitalId, personId }: { hospitalId: HospitalId; personId: PersonId },
): Promise<NeedRow[]> =>
  tables(db)
    .selectFrom('benefits.need')
    .selectAll()
    .where('person_id', '=', personId)
    .where('care_hospital_id', '=', hospitalId)
    .orderBy('id', 'desc')
    .limit(MOST_NEEDS)
    .execute()

const MOST_NEEDS = 100

export type NeedFilter = Page<NeedRow['id']> & {
  kind: NeedKind | undefined
  /** Only those by whom somebody is in need on this day. */
  on: BusinessDate | undefined
}

/** What a hospital entered, newest first. */
export async function needsOfHospital(
  db: Db | Tx,
  hospitalId: HospitalId,
  { kind, on, before, limit }: NeedFilter,
): Promise<NeedRow[]> {
  let query = tables(db)
    .selectFrom('benefits.need')
    .selectAll()
    .where('care_hospital_id', '=', hospitalId)
  if (kind) query = query.where('kind', '=', kind)
  if (on) {
    query = query
      .where('valid_from', '<=', on)
      .where('valid_until', '>=', on)
      .where('ended_at', 'is', null)
  }
  if (before) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** Whether the person is found to be in need on this day, by any paper that has not been ended. */
export async function isInNeed(
  db: Db | Tx,
  personId: PersonId,
  today: BusinessDate,
): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('benefits.need')
    .select('id')
    .where('person_id', '=', personId)
    .where('valid_from', '<=', today)
    .where('valid_until', '>=', today)
    .where('ended_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
