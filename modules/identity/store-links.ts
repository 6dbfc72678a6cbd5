import { sql } from 'kysely'
import type { Selectable } from 'kysely'

import type { Db, Tx } from '../../platform/db.ts'
import type { PersonId } from './person.ts'
import type { IdentityTables } from './tables.ts'

// Which record of a person is read together with which.

export type LinkRow = Selectable<IdentityTables['identity.person_link']>

/** In one order, so that two acts on the same people take turns. Returns those that exist. */
export async function lockPeople(tx: Tx, personIds: readonly PersonId[]): Promise<PersonId[]> {
  const { rows } = await sql<{ person_id: PersonId }>`select person_id from identity.person
    where person_id = any(${[...personIds]}::uuid[]) order by person_id for update`.execute(tx)
  return rows.map(({ person_id }) => person_id)
}

export async function findLink(db: Db, personId: PersonId): Promise<LinkRow | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.person_link')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row ?? null
}

/** Of all records that are read as this person, without the person's own, which has none. */
export async function linksTo(db: Db, rootId: PersonId, limit: number): Promise<LinkRow[]> {
  return db
    .withTables<IdentityTables>()
    .selectFrom('identity.person_link')
    .selectAll()
    .where('root_id', '=', rootId)
    .orderBy('linked_at')
    .orderBy('person_id')
    .limit(limit)
    .execute()
}

export async function insertLink(tx: Tx, row: LinkRow): Promise<void> {
  await tx.withTables<IdentityTables>().insertInto('identity.person_link').values(row).execute()
}

export async function deleteLink(tx: Tx, personId: PersonId): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .deleteFrom('identity.person_link')
    .where('person_id', '=', personId)
    .execute()
}

export async function setRoot(
  tx: Tx,
  personIds: readonly PersonId[],
  rootId: PersonId,
): Promise<void> {
  if (personIds.length === 0) return
  await tx
    .withTables<IdentityTables>()
    .updateTable('identity.person_link')
    .set({ root_id: rootId })
    .where('person_id', 'in', [...personIds])
    .execute()
}
