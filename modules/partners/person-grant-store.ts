import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { GrantGround, GrantId, PersonGrant } from './person-grant.ts'
import type { ApplicationId } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// What persons allowed applications: the one place that reads and writes these tables.

type GrantRow = Selectable<PartnerTables['partners.person_grant']>
export type GrantText = Selectable<PartnerTables['partners.grant_text']>

/** Whose grant, to which application, at which hospital. */
export type GrantParties = Pick<PersonGrant, 'personId' | 'hospitalId' | 'applicationId'>

const MOST_LISTED = 200

/** Of those who give the same grant at once. */
const MOST_TURNS = 20

const tables = (db: Db | Tx) => db.withTables<PartnerTables>()

/** In place of the one that stands to the same application at the same hospital. */
export async function insertGrant(tx: Tx, grant: PersonGrant): Promise<void> {
  // One given in the same moment may stand by the time ours is written: then that one is replaced.
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    await replaceStanding(tx, grant, grant.givenAt)
    if (await insertStanding(tx, grant)) return
  }
  throw new Error('Others kept giving the same application a grant at the same time.')
}

/** False when another one stands. */
async function insertStanding(tx: Tx, grant: PersonGrant): Promise<boolean> {
  const { ground } = grant
  const row = await tables(tx)
    .insertInto('partners.person_grant')
    .values({
      person_id: grant.personId,
      id: grant.id,
      hospital_id: grant.hospitalId,
      application_id: grant.applicationId,
      scopes: [...grant.scopes],
      text_version: ground.by === 'person' ? ground.textVersion : null,
      evidence: ground.by === 'institution' ? ground.evidence : null,
      given_at: grant.givenAt,
      expires_at: grant.expiresAt,
      withdrawn_at: null,
      replaced_at: null,
    })
    .onConflict((standing) =>
      standing
        .columns(['person_id', 'hospital_id', 'application_id'])
        .where('withdrawn_at', 'is', null)
        .where('replaced_at', 'is', null)
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

async function replaceStanding(tx: Tx, parties: GrantParties, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('partners.person_grant')
    .set({ replaced_at: now })
    .where('person_id', '=', parties.personId)
    .where('hospital_id', '=', parties.hospitalId)
    .where('application_id', '=', parties.applicationId)
    .where('withdrawn_at', 'is', null)
    .where('replaced_at', 'is', null)
    .execute()
}

/** The application that it was given to; null when the person has no such grant standing at the hospital. */
export async function endGrant(
  tx: Tx,
  { personId, hospitalId, id }: { personId: Id<'Person'>; hospitalId: HospitalId; id: GrantId },
  now: Date,
): Promise<ApplicationId | null> {
  const row = await tables(tx)
    .updateTable('partners.person_grant')
    .set({ withdrawn_at: now })
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .where('hospital_id', '=', hospitalId)
    .where('withdrawn_at', 'is', null)
    .where('replaced_at', 'is', null)
    .returning('application_id')
    .executeTakeFirst()
  return row?.application_id ?? null
}

/** The latest there was, whether it still counts or not. */
export async function latestGrant(
  db: Db | Tx,
  { personId, hospitalId, applicationId }: GrantParties,
): Promise<PersonGrant | null> {
  const row = await tables(db)
    .selectFrom('partners.person_grant')
    .selectAll()
    .where('person_id', '=', personId)
    .where('hospital_id', '=', hospitalId)
    .where('application_id', '=', applicationId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toGrant(row) : null
}

/** A person's at one hospital, newest first, ended ones included. */
export async function listGrants(
  db: Db,
  personId: Id<'Person'>,
  hospitalId: HospitalId,
): Promise<PersonGrant[]> {
  const rows = await tables(db)
    .selectFrom('partners.person_grant')
    .selectAll()
    .where('person_id', '=', personId)
    .where('hospital_id', '=', hospitalId)
    .orderBy('id', 'desc')
    .limit(MOST_LISTED)
    .execute()
  return rows.map(toGrant)
}

export async function grantTextInForce(db: Db, now: Date): Promise<GrantText | null> {
  const row = await tables(db)
    .selectFrom('partners.grant_text')
    .selectAll()
    .where('from_at', '<=', now)
    .orderBy('from_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

const toGrant = (row: GrantRow): PersonGrant => ({
  id: row.id,
  personId: row.person_id,
  hospitalId: row.hospital_id,
  applicationId: row.application_id,
  scopes: row.scopes,
  ground: groundOf(row),
  givenAt: row.given_at,
  expiresAt: row.expires_at,
  withdrawnAt: row.withdrawn_at,
  replacedAt: row.replaced_at,
})

const groundOf = ({ evidence, text_version }: GrantRow): GrantGround =>
  evidence === null
    ? { by: 'person', textVersion: text_version ?? '' }
    : { by: 'institution', evidence }
