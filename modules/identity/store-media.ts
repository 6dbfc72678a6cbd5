import type { Selectable } from 'kysely'

import type { Id } from '../../kernel/id.ts'
import { type Db, type Tx, violatedConstraint } from '../../platform/db.ts'
import { identityErrors } from './errors.ts'
import type { MediumKind, PersonId } from './person.ts'
import type { MediumRow } from './store-people.ts'
import type { IdentityTables, MediumStatus } from './tables.ts'

// Media and whose they are: the statements that bind, end and find them.

export type DirectoryRow = Selectable<IdentityTables['identity.medium_directory']>
export type MediumEventRow = Selectable<IdentityTables['identity.medium_event']>
export type RealNameCheckRow = Selectable<IdentityTables['identity.real_name_check']>

const MOST_EVENTS = 500

type Place = Pick<DirectoryRow, 'kind' | 'value_index'>

/** Whose the medium is and who that is read together with, in one look-up by key. */
export async function findHolder(db: Db, { kind, value_index }: Place): Promise<Holder | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.medium_directory as d')
    .leftJoin('identity.person_link as l', 'l.person_id', 'd.person_id')
    .select(['d.person_id', 'd.status', 'd.valid_until', 'l.root_id'])
    .where('d.kind', '=', kind)
    .where('d.value_index', '=', value_index)
    .executeTakeFirst()
  return row ?? null
}

type Holder = Pick<DirectoryRow, 'person_id' | 'status' | 'valid_until'> & {
  root_id: PersonId | null
}

/**
 * Enters whose a medium is. Whoever held it before keeps it unless it was made for minutes that are over; the same
 * person may have a lost one back. Errors: throws identity.medium_taken.
 */
export async function claimMedium(tx: Tx, row: DirectoryRow, now: Date): Promise<void> {
  const { person_id, valid_until } = row
  try {
    const { numInsertedOrUpdatedRows } = await tx
      .withTables<IdentityTables>()
      .insertInto('identity.medium_directory')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['kind', 'value_index'])
          .doUpdateSet({ status: 'active', person_id, valid_until })
          .where((eb) =>
            eb.or([
              eb('identity.medium_directory.person_id', '=', person_id),
              eb('identity.medium_directory.valid_until', '<', now),
            ]),
          ),
      )
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) throw identityErrors.medium_taken()
  } catch (error) {
    if (violatedConstraint(error) !== 'medium_directory_pkey') throw error
    throw identityErrors.medium_taken()
  }
}

export async function blockMedium(
  tx: Tx,
  { kind, value_index }: Place,
  status: DirectoryRow['status'],
): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .updateTable('identity.medium_directory')
    .set({ status })
    .where('kind', '=', kind)
    .where('value_index', '=', value_index)
    .execute()
}

export async function freeMedium(tx: Tx, { kind, value_index }: Place): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .deleteFrom('identity.medium_directory')
    .where('kind', '=', kind)
    .where('value_index', '=', value_index)
    .execute()
}

/** A medium that the person had before is the same row again. Returns its id. */
export async function saveMedium(tx: Tx, row: MediumRow): Promise<Id<'Medium'>> {
  const saved = await tx
    .withTables<IdentityTables>()
    .insertInto('identity.medium')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['person_id', 'kind', 'value_index']).doUpdateSet({ status: 'active' }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return saved.id
}

/** Errors: throws identity.medium_not_found. */
export async function lockMedium(
  tx: Tx,
  personId: PersonId,
  mediumId: Id<'Medium'>,
): Promise<MediumRow> {
  const row = await tx
    .withTables<IdentityTables>()
    .selectFrom('identity.medium')
    .selectAll()
    .where('person_id', '=', personId)
    .where('id', '=', mediumId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw identityErrors.medium_not_found({ mediumId })
  return row
}

/** The id of the person's medium when it is theirs and active already. */
export async function findActive(
  tx: Tx,
  { person_id, kind, value_index }: Pick<MediumRow, 'person_id' | 'kind' | 'value_index'>,
): Promise<Id<'Medium'> | null> {
  const row = await tx
    .withTables<IdentityTables>()
    .selectFrom('identity.medium')
    .select('id')
    .where('person_id', '=', person_id)
    .where('kind', '=', kind)
    .where('value_index', '=', value_index)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row?.id ?? null
}

export async function setMediumStatus(
  tx: Tx,
  { person_id, id }: MediumRow,
  status: MediumStatus,
): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .updateTable('identity.medium')
    .set({ status })
    .where('person_id', '=', person_id)
    .where('id', '=', id)
    .execute()
}

export async function insertMediumEvent(tx: Tx, row: MediumEventRow): Promise<void> {
  await tx.withTables<IdentityTables>().insertInto('identity.medium_event').values(row).execute()
}

/** In order. */
export async function listMediumEvents(db: Db, personId: PersonId): Promise<HistoryRow[]> {
  return db
    .withTables<IdentityTables>()
    .selectFrom('identity.medium_event as e')
    .innerJoin('identity.medium as m', (join) =>
      join.onRef('m.person_id', '=', 'e.person_id').onRef('m.id', '=', 'e.medium_id'),
    )
    .selectAll('e')
    .select(['m.kind', 'm.value_sealed'])
    .where('e.person_id', '=', personId)
    .orderBy('e.id')
    .limit(MOST_EVENTS)
    .execute()
}

export type HistoryRow = MediumEventRow & { kind: MediumKind; value_sealed: string }

export async function insertRealNameCheck(db: Db, row: RealNameCheckRow): Promise<void> {
  await db.withTables<IdentityTables>().insertInto('identity.real_name_check').values(row).execute()
}

/** The last one, whatever it said. */
export async function lastRealNameCheck(
  db: Db,
  personId: PersonId,
): Promise<RealNameCheckRow | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.real_name_check')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
