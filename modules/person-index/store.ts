import { type Selectable, sql } from 'kysely'

import type { Db, Tx } from '../../platform/db.ts'
import type { PersonId } from '../identity/index.ts'
import type { PersonIndexTables } from './tables.ts'

// What the schema "person_index" holds of the whole region: where people are found, and who is not whom.

type EntryRow = Selectable<PersonIndexTables['person_index.entry']>

/** A newcomer's keys together; past it, what is left is not looked at. */
const MOST_ROWS = 2_000
// PostgreSQL takes 65,535 parameters in a statement; a person here has at most five digests of two each.
const ROWS_OF_A_STATEMENT = 2_000

/** Puts people where they are looked for, and takes them away from where they were. */
export async function saveEntries(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_OF_A_STATEMENT) {
    await saveSome(tx, rows.slice(at, at + ROWS_OF_A_STATEMENT))
  }
}

async function saveSome(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  const tables = tx.withTables<PersonIndexTables>()
  const before = await tables
    .selectFrom('person_index.entry')
    .select(['person_id', 'digests'])
    .where(
      'person_id',
      'in',
      rows.map((row) => row.person_id),
    )
    .forUpdate()
    .execute()
  for (const { person_id, digests } of before) {
    await tables
      .deleteFrom('person_index.block')
      .where('person_id', '=', person_id)
      .where('digest', 'in', digests)
      .execute()
  }
  const blocks = rows.flatMap(({ person_id, digests }) =>
    digests.map((digest) => ({ digest, person_id })),
  )
  if (blocks.length > 0) {
    await tables
      .insertInto('person_index.block')
      .values(blocks)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  await tables
    .insertInto('person_index.entry')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet((eb) => ({
        digests: eb.ref('excluded.digests'),
        entered_at: eb.ref('excluded.entered_at'),
      })),
    )
    .execute()
}

/** Everybody who is under one of these digests, each as often as that. */
export async function findByDigests(
  db: Db,
  digests: readonly number[],
): Promise<{ digest: number; person_id: PersonId }[]> {
  if (digests.length === 0) return []
  return db
    .withTables<PersonIndexTables>()
    .selectFrom('person_index.block')
    .select(['digest', 'person_id'])
    .where('digest', 'in', [...digests])
    .limit(MOST_ROWS)
    .execute()
}

/** Of these, whom it was decided that a person is not. */
export async function separateFrom(db: Db, personId: PersonId): Promise<Set<PersonId>> {
  const { rows } = await sql<{ id: PersonId }>`
    select high_id as id from person_index.separate where low_id = ${personId}
    union all select low_id from person_index.separate where high_id = ${personId}`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

export async function insertSeparate(
  tx: Tx,
  row: Selectable<PersonIndexTables['person_index.separate']>,
): Promise<void> {
  await tx
    .withTables<PersonIndexTables>()
    .insertInto('person_index.separate')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function findProgress(db: Db, name: string): Promise<PersonId | null> {
  const row = await db
    .withTables<PersonIndexTables>()
    .selectFrom('person_index.progress')
    .select('person_id')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.person_id ?? null
}

export async function saveProgress(tx: Tx, name: string, person_id: PersonId): Promise<void> {
  await tx
    .withTables<PersonIndexTables>()
    .insertInto('person_index.progress')
    .values({ name, person_id })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ person_id }))
    .execute()
}

export type CountsRow = Selectable<PersonIndexTables['person_index.name_counts']>

export async function findCounts(db: Db): Promise<CountsRow | null> {
  const row = await db
    .withTables<PersonIndexTables>()
    .selectFrom('person_index.name_counts')
    .selectAll()
    .where('region', '=', 'region')
    .executeTakeFirst()
  return row ?? null
}

export async function saveCounts(db: Db, { region, ...counts }: CountsRow): Promise<void> {
  await db
    .withTables<PersonIndexTables>()
    .insertInto('person_index.name_counts')
    .values({ region, ...counts })
    .onConflict((conflict) => conflict.column('region').doUpdateSet(counts))
    .execute()
}
