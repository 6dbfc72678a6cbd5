import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type {
  AdmittedApplication,
  Application,
  ApplicationKey,
  ApplicationSecret,
  KeyId,
  SecretId,
} from './application.ts'
import type { ApplicationId, HospitalAccess, Scope } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// Applications, what each hospital lets them do, their secrets and keys: the one place that writes these tables.

type ApplicationRow = Selectable<PartnerTables['partners.application']>
type KeyRow = Selectable<PartnerTables['partners.application_key']>
type SecretRow = Selectable<PartnerTables['partners.application_secret']>

const tables = (db: Db | Tx) => db.withTables<PartnerTables>()

export async function insertApplication(tx: Tx, application: Application): Promise<void> {
  await tables(tx)
    .insertInto('partners.application')
    .values({
      application_id: application.id,
      client_id: application.clientId,
      name: application.name,
      kind: application.kind,
      home_hospital: application.homeHospital,
      allowed_addresses: [...application.allowedAddresses],
      status: application.status,
      created_at: application.createdAt,
      updated_at: application.createdAt,
    })
    .execute()
}

export async function updateApplication(
  tx: Tx,
  id: ApplicationId,
  changes: { status?: Application['status']; name?: string; allowedAddresses?: readonly string[] },
  now: Date,
): Promise<void> {
  const { allowedAddresses, ...rest } = changes
  await tables(tx)
    .updateTable('partners.application')
    .set({
      ...rest,
      ...(allowedAddresses ? { allowed_addresses: [...allowedAddresses] } : {}),
      updated_at: now,
    })
    .where('application_id', '=', id)
    .execute()
}

export async function findByClientId(db: Db, clientId: string): Promise<Application | null> {
  const row = await tables(db)
    .selectFrom('partners.application')
    .selectAll()
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  return row ? toApplication(row) : null
}

export async function findApplication(db: Db, id: ApplicationId): Promise<Application | null> {
  const row = await tables(db)
    .selectFrom('partners.application')
    .selectAll()
    .where('application_id', '=', id)
    .executeTakeFirst()
  return row ? toApplication(row) : null
}

/** Locks the application until the transaction ends, so that two changes of its secrets take turns. */
export async function lockApplication(tx: Tx, id: ApplicationId): Promise<void> {
  await tables(tx)
    .selectFrom('partners.application')
    .select('application_id')
    .where('application_id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

const admitted = (db: Db | Tx, hospitalId: HospitalId) =>
  tables(db)
    .selectFrom('partners.hospital_access as h')
    .innerJoin('partners.application as a', 'a.application_id', 'h.application_id')
    .selectAll('a')
    .select(['h.scopes', 'h.status as access_status'])
    .where('h.hospital_id', '=', hospitalId)

/** Those the hospital lets in or has let in, newest first; the cursor is the last id of the page before. */
export async function listAdmitted(
  db: Db,
  hospitalId: HospitalId,
  { before, limit }: { before: ApplicationId | undefined; limit: number },
): Promise<AdmittedApplication[]> {
  let query = admitted(db, hospitalId)
  if (before) query = query.where('a.application_id', '<', before)
  const rows = await query.orderBy('a.application_id', 'desc').limit(limit).execute()
  return rows.map((row) => toAdmitted(hospitalId, row))
}

export async function findAdmitted(
  db: Db | Tx,
  hospitalId: HospitalId,
  id: ApplicationId,
): Promise<AdmittedApplication | null> {
  const row = await admitted(db, hospitalId).where('a.application_id', '=', id).executeTakeFirst()
  return row ? toAdmitted(hospitalId, row) : null
}

export async function saveAccess(
  tx: Tx,
  id: ApplicationId,
  { hospitalId, scopes, status }: HospitalAccess & { status: 'active' | 'withdrawn' },
  now: Date,
): Promise<void> {
  const facts = { scopes: [...scopes], status, updated_at: now }
  await tables(tx)
    .insertInto('partners.hospital_access')
    .values({ application_id: id, hospital_id: hospitalId, ...facts })
    .onConflict((conflict) =>
      conflict.columns(['application_id', 'hospital_id']).doUpdateSet((eb) => ({
        scopes: eb.ref('excluded.scopes'),
        status: eb.ref('excluded.status'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute()
}

/** What every hospital lets the application do now. */
export async function accessOf(db: Db, id: ApplicationId): Promise<HospitalAccess[]> {
  const rows = await tables(db)
    .selectFrom('partners.hospital_access')
    .select(['hospital_id as hospitalId', 'scopes'])
    .where('application_id', '=', id)
    .where('status', '=', 'active')
    .orderBy('hospital_id')
    .execute()
  return rows
}

/** The applications that the hospital lets in now and that are not switched off, with what they may do there. */
export async function admittedNow(
  db: Db | Tx,
  hospitalId: HospitalId,
): Promise<ReadonlyMap<ApplicationId, readonly Scope[]>> {
  const rows = await admitted(db, hospitalId)
    .where('h.status', '=', 'active')
    .where('a.status', '=', 'active')
    .execute()
  return new Map(rows.map((row) => [row.application_id, row.scopes]))
}

export async function insertSecret(
  tx: Tx,
  applicationId: ApplicationId,
  { id, createdAt, expiresAt }: ApplicationSecret,
  secretHash: string,
): Promise<void> {
  await tables(tx)
    .insertInto('partners.application_secret')
    .values({
      secret_id: id,
      application_id: applicationId,
      secret_hash: secretHash,
      created_at: createdAt,
      expires_at: expiresAt,
      revoked_at: null,
    })
    .execute()
}

/** Those that still work, oldest first. */
export async function liveSecrets(
  db: Db | Tx,
  applicationId: ApplicationId,
  now: Date,
): Promise<(ApplicationSecret & { hash: string })[]> {
  const rows = await tables(db)
    .selectFrom('partners.application_secret')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('secret_id')
    .execute()
  return rows.map((row) => ({ ...toSecret(row), hash: row.secret_hash }))
}

export async function endSecret(
  tx: Tx,
  id: SecretId,
  end: { revoked_at: Date } | { expires_at: Date },
): Promise<void> {
  await tables(tx)
    .updateTable('partners.application_secret')
    .set(end)
    .where('secret_id', '=', id)
    .execute()
}

export async function insertKey(tx: Tx, key: ApplicationKey, now: Date): Promise<void> {
  await tables(tx)
    .insertInto('partners.application_key')
    .values({
      key_id: key.id,
      application_id: key.applicationId,
      algorithm: key.algorithm,
      public_key: key.publicKey,
      valid_from: key.validFrom,
      valid_until: key.validUntil,
      revoked_at: null,
      created_at: now,
    })
    .execute()
}

/** Those neither revoked nor past, oldest first; one whose time has not come is among them. */
export async function liveKeys(
  db: Db | Tx,
  applicationId: ApplicationId,
  now: Date,
): Promise<ApplicationKey[]> {
  const rows = await tables(db)
    .selectFrom('partners.application_key')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('revoked_at', 'is', null)
    .where('valid_until', '>', now)
    .orderBy('key_id')
    .execute()
  return rows.map(toKey)
}

export async function findKey(db: Db, id: KeyId): Promise<ApplicationKey | null> {
  const row = await tables(db)
    .selectFrom('partners.application_key')
    .selectAll()
    .where('key_id', '=', id)
    .executeTakeFirst()
  return row ? toKey(row) : null
}

export async function revokeKey(tx: Tx, id: KeyId, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('partners.application_key')
    .set({ revoked_at: now })
    .where('key_id', '=', id)
    .execute()
}

const toApplication = (row: ApplicationRow): Application => ({
  id: row.application_id,
  clientId: row.client_id,
  name: row.name,
  kind: row.kind,
  homeHospital: row.home_hospital,
  allowedAddresses: row.allowed_addresses,
  status: row.status,
  createdAt: row.created_at,
})

const toAdmitted = (
  hospitalId: HospitalId,
  row: ApplicationRow & { scopes: Scope[]; access_status: 'active' | 'withdrawn' },
): AdmittedApplication => ({
  application: toApplication(row),
  access: { hospitalId, scopes: row.scopes, status: row.access_status },
})

const toSecret = (row: SecretRow): ApplicationSecret => ({
  id: row.secret_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
})

const toKey = (row: KeyRow): ApplicationKey => ({
  id: row.key_id,
  applicationId: row.application_id,
  algorithm: row.algorithm,
  publicKey: row.public_key,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  revokedAt: row.revoked_at,
})
