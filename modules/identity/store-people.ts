import { type Insertable, type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Db, type Tx, violatedConstraint } from '../../platform/db.ts'
import { identityErrors } from './errors.ts'
import type { MediumKind, PersonId } from './person.ts'
import type { IdentityTables } from './tables.ts'

// The one place that reads or writes what the schema "identity" holds of people.

export type PersonRow = Selectable<IdentityTables['identity.person']>
export type MediumRow = Selectable<IdentityTables['identity.medium']>
export type PersonHospitalRow = Selectable<IdentityTables['identity.person_hospital']>

// PostgreSQL takes 65,535 parameters in a statement; a row here has at most nine.
const ROWS_OF_A_STATEMENT = 2_000
const MAX_MEDIA = 200
const MAX_HOSPITALS = 500

/** Errors: throws identity.medium_taken when a medium is somebody's already. */
export async function insertPeople(
  tx: Tx,
  people: readonly PersonRow[],
  media: readonly MediumRow[],
): Promise<void> {
  const tables = tx.withTables<IdentityTables>()
  for (const rows of chunksOf(people)) {
    await tables.insertInto('identity.person').values(rows).execute()
  }
  for (const rows of chunksOf(media)) {
    await insertDirectory(tx, rows)
    await tables.insertInto('identity.medium').values(rows).execute()
  }
}

async function insertDirectory(tx: Tx, media: readonly MediumRow[]): Promise<void> {
  const rows = media.map(({ kind, value_index, person_id }) => ({
    kind,
    value_index,
    person_id,
    status: 'active' as const,
    valid_until: null,
  }))
  try {
    const tables = tx.withTables<IdentityTables>()
    await tables.insertInto('identity.medium_directory').values(rows).execute()
  } catch (error) {
    if (violatedConstraint(error) !== 'medium_directory_pkey') throw error
    throw identityErrors.medium_taken()
  }
}

/** Errors: throws identity.login_taken when a login name is somebody's already. */
export async function insertCredentials(
  tx: Tx,
  credentials: readonly Insertable<IdentityTables['identity.credential']>[],
): Promise<void> {
  try {
    for (const rows of chunksOf(credentials)) {
      const tables = tx.withTables<IdentityTables>()
      await tables.insertInto('identity.credential').values(rows).execute()
    }
  } catch (error) {
    if (violatedConstraint(error) !== 'credential_pkey') throw error
    throw identityErrors.login_taken()
  }
}

/** Errors: throws identity.person_not_found. */
export async function getPerson(db: Db, personId: PersonId): Promise<PersonRow> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.person')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst()
  if (!row) throw identityErrors.person_not_found({ personId })
  return row
}

/** Errors: throws identity.person_not_found. */
export async function lockPersonRow(tx: Tx, personId: PersonId): Promise<PersonRow> {
  const row = await tx
    .withTables<IdentityTables>()
    .selectFrom('identity.person')
    .selectAll()
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw identityErrors.person_not_found({ personId })
  return row
}

export async function updatePerson(tx: Tx, { person_id, ...change }: PersonRow): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .updateTable('identity.person')
    .set(change)
    .where('person_id', '=', person_id)
    .execute()
}

/** In the order of their ids; those that are not there are left out. */
export async function listPeople(db: Db, personIds: readonly PersonId[]): Promise<PersonRow[]> {
  if (personIds.length === 0) return []
  return db
    .withTables<IdentityTables>()
    .selectFrom('identity.person')
    .selectAll()
    .where('person_id', 'in', [...personIds])
    .orderBy('person_id')
    .execute()
}

/** The people after one, in the order of their ids: for work that goes through all of them. */
export async function listPeopleAfter(
  db: Db,
  after: PersonId | null,
  limit: number,
): Promise<PersonRow[]> {
  return db
    .withTables<IdentityTables>()
    .selectFrom('identity.person')
    .selectAll()
    .$if(after !== null, (query) => query.where('person_id', '>', after as PersonId))
    .orderBy('person_id')
    .limit(limit)
    .execute()
}

/** Each person as likely as another. How many there are is known as of the last analysis of the table. */
export async function samplePeople(
  db: Db,
  most: number,
): Promise<Pick<PersonRow, 'person_id' | 'name_sealed'>[]> {
  const { rows: sizes } = await sql<{ people: number }>`
    select reltuples::float8 as people from pg_class
    where oid = 'identity.person'::regclass`.execute(db)
  const people = sizes[0]?.people ?? -1
  const percent = people <= most ? 100 : (100 * most) / people
  const { rows } = await sql<Pick<PersonRow, 'person_id' | 'name_sealed'>>`
    select person_id, name_sealed from identity.person
    tablesample bernoulli (${percent}) limit ${most}`.execute(db)
  return rows
}

/** In the order in which they were bound. */
export async function listMedia(db: Db, personId: PersonId): Promise<MediumRow[]> {
  return db
    .withTables<IdentityTables>()
    .selectFrom('identity.medium')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('id')
    .limit(MAX_MEDIA)
    .execute()
}

/** The newest active medium of a kind. */
export async function findMedium(
  db: Db,
  personId: PersonId,
  kind: MediumKind,
): Promise<MediumRow | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.medium')
    .selectAll()
    .where('person_id', '=', personId)
    .where('kind', '=', kind)
    .where('status', '=', 'active')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function findPersonHospital(
  db: Db,
  personId: PersonId,
  hospitalId: HospitalId,
): Promise<PersonHospitalRow | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.person_hospital')
    .selectAll()
    .where('person_id', '=', personId)
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  return row ?? null
}

export async function listPersonHospitals(
  db: Db,
  personId: PersonId,
): Promise<PersonHospitalRow[]> {
  return db
    .withTables<IdentityTables>()
    .selectFrom('identity.person_hospital')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('hospital_id')
    .limit(MAX_HOSPITALS)
    .execute()
}

/** Those that the hospital knows by one of its numbers: one, unless two were asked for as the same. */
export async function listPeopleNumbered(
  db: Db,
  hospitalId: HospitalId,
  patientNo: string,
): Promise<PersonId[]> {
  const rows = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.person_hospital')
    .select('person_id')
    .where('hospital_id', '=', hospitalId)
    .where('patient_no', '=', patientNo)
    .orderBy('person_id')
    .limit(MOST_OF_A_NUMBER)
    .execute()
  return rows.map(({ person_id }) => person_id)
}

const MOST_OF_A_NUMBER = 10

export async function upsertPersonHospital(db: Db, row: PersonHospitalRow): Promise<void> {
  const { patient_no, card_no_sealed, resolved_at } = row
  await db
    .withTables<IdentityTables>()
    .insertInto('identity.person_hospital')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['person_id', 'hospital_id'])
        .doUpdateSet({ patient_no, card_no_sealed, resolved_at }),
    )
    .execute()
}

function chunksOf<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_OF_A_STATEMENT)
  return Array.from({ length: count }, (_, i) =>
    rows.slice(i * ROWS_OF_A_STATEMENT, (i + 1) * ROWS_OF_A_STATEMENT),
  )
}
