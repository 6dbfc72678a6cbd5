import { type Insertable, type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Tx, violatedConstraint } from '../../platform/db.ts'
import type { PersonId } from '../identity/index.ts'
import type { ActId } from './act.ts'
import { personIndexErrors } from './errors.ts'
import type { CandidateId, PersonIndexTables } from './tables.ts'

// A hospital's work list, and what was proposed and decided.

export type CandidateRow = Selectable<PersonIndexTables['person_index.candidate']>
export type ActRow = Selectable<PersonIndexTables['person_index.act']>
export type AttributionRow = Selectable<PersonIndexTables['person_index.attribution']>

const MOST_ACTS = 200

/** Raises a pair; one that is on the list, or was decided, stays as it is. Returns whether it is new. */
export async function insertCandidate(
  tx: Tx,
  row: Insertable<PersonIndexTables['person_index.candidate']>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<PersonIndexTables>()
    .insertInto('person_index.candidate')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The surest first; the cursor is the last of the page before. */
export async function listCandidates(
  tx: Tx,
  hospitalId: HospitalId,
  { after, limit }: { after: CandidateId | undefined; limit: number },
): Promise<CandidateRow[]> {
  const last = after ? await findCandidate(tx, hospitalId, after) : null
  const from = last ? sql`and (millibits, id) < (${last.millibits}, ${last.id})` : sql``
  const { rows } = await sql<CandidateRow>`select * from person_index.candidate
    where hospital_id = ${hospitalId} and status = 'open' ${from}
    order by millibits desc, id desc limit ${limit}`.execute(tx)
  return rows
}

/** Errors: throws person_index.candidate_not_found. */
export async function findCandidate(
  tx: Tx,
  hospitalId: HospitalId,
  id: CandidateId,
): Promise<CandidateRow> {
  const row = await tx
    .withTables<PersonIndexTables>()
    .selectFrom('person_index.candidate')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw personIndexErrors.candidate_not_found({ id })
  return row
}

export async function endCandidate(
  tx: Tx,
  hospitalId: HospitalId,
  [low_id, high_id]: readonly [PersonId, PersonId],
  status: CandidateRow['status'],
): Promise<void> {
  await tx
    .withTables<PersonIndexTables>()
    .updateTable('person_index.candidate')
    .set({ status })
    .where('hospital_id', '=', hospitalId)
    .where('low_id', '=', low_id)
    .where('high_id', '=', high_id)
    .execute()
}

/** Errors: throws person_index.act_proposed. */
export async function insertAct(
  tx: Tx,
  row: Insertable<PersonIndexTables['person_index.act']>,
): Promise<void> {
  try {
    await tx.withTables<PersonIndexTables>().insertInto('person_index.act').values(row).execute()
  } catch (error) {
    if (violatedConstraint(error) !== 'act_proposed_once') throw error
    throw personIndexErrors.act_proposed()
  }
}

/** Errors: throws person_index.act_not_found. */
export async function lockAct(tx: Tx, hospitalId: HospitalId, id: ActId): Promise<ActRow> {
  const row = await tx
    .withTables<PersonIndexTables>()
    .selectFrom('person_index.act')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw personIndexErrors.act_not_found({ id })
  return row
}

export async function decideAct(
  tx: Tx,
  hospitalId: HospitalId,
  id: ActId,
  change: Pick<ActRow, 'status' | 'decided_by' | 'decided_at' | 'decision_reason'>,
): Promise<void> {
  await tx
    .withTables<PersonIndexTables>()
    .updateTable('person_index.act')
    .set(change)
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

/** Newest first: those that wait for a decision, or all that were about some people. */
export async function listActs(
  tx: Tx,
  hospitalId: HospitalId,
  about: readonly PersonId[] | null,
): Promise<ActRow[]> {
  const people = sql`any(${[...(about ?? [])]}::uuid[])`
  const which = about
    ? sql`(person_id = ${people} or survivor_id = ${people})`
    : sql`status = 'proposed'`
  const { rows } = await sql<ActRow>`select * from person_index.act
    where hospital_id = ${hospitalId} and ${which} order by id desc limit ${MOST_ACTS}`.execute(tx)
  return rows
}

export async function insertAttributions(tx: Tx, rows: readonly AttributionRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .withTables<PersonIndexTables>()
    .insertInto('person_index.attribution')
    .values([...rows])
    .execute()
}

/** Of payments made under these people, or shown with them: the last attribution of each. */
export async function listAttributions(
  tx: Tx,
  hospitalId: HospitalId,
  personIds: readonly PersonId[],
): Promise<AttributionRow[]> {
  const people = sql`any(${[...personIds]}::uuid[])`
  const { rows } = await sql<AttributionRow>`
    select distinct on (payment_id) * from person_index.attribution
    where hospital_id = ${hospitalId} and payment_id in (
      select payment_id from person_index.attribution
      where hospital_id = ${hospitalId} and (from_person_id = ${people} or person_id = ${people}))
    order by payment_id, id desc`.execute(tx)
  return rows
}
