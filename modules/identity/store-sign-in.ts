import type { Selectable } from 'kysely'

import type { Id } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { App, IdentityTables, StaffId } from './tables.ts'
import type { Attempts } from './throttle.ts'

// The one place that reads or writes what the schema "identity" holds of signing in, but for the
// passwords of new people, which are written with them.

export type StaffRow = Selectable<IdentityTables['identity.staff']>
export type CredentialRow = Selectable<IdentityTables['identity.credential']>
export type SessionRow = Selectable<IdentityTables['identity.session']>
export type ApiKeyRow = Selectable<IdentityTables['identity.api_key']>
export type DemoPersonaRow = Selectable<IdentityTables['identity.demo_persona']>

export async function insertStaff(tx: Tx, row: StaffRow): Promise<void> {
  await tx.withTables<IdentityTables>().insertInto('identity.staff').values(row).execute()
}

export async function findStaff(db: Db, staffId: StaffId): Promise<StaffRow | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.staff')
    .selectAll()
    .where('staff_id', '=', staffId)
    .executeTakeFirst()
  return row ?? null
}

export async function setStaffDisabled(tx: Tx, staffId: StaffId): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .updateTable('identity.staff')
    .set({ status: 'disabled' })
    .where('staff_id', '=', staffId)
    .execute()
}

export async function findCredential(
  db: Db,
  app: App,
  loginIndex: string,
): Promise<CredentialRow | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.credential')
    .selectAll()
    .where('app', '=', app)
    .where('login_index', '=', loginIndex)
    .executeTakeFirst()
  return row ?? null
}

/** By which the holder of a session signs in. */
export async function findCredentialOf(
  db: Db,
  { app, person_id, staff_id }: Pick<SessionRow, 'app' | 'person_id' | 'staff_id'>,
): Promise<CredentialRow | null> {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.credential')
    .selectAll()
    .where('app', '=', app)
    .where((eb) => eb.or([eb('person_id', '=', person_id), eb('staff_id', '=', staff_id)]))
    .orderBy('login_index')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function updatePasswordHash(
  db: Db,
  { app, login_index }: CredentialRow,
  passwordHash: string,
  now: Date,
): Promise<void> {
  await db
    .withTables<IdentityTables>()
    .updateTable('identity.credential')
    .set({ password_hash: passwordHash, updated_at: now })
    .where('app', '=', app)
    .where('login_index', '=', login_index)
    .execute()
}

/**
 * Locks the login name's row, made if it is not there, so that tries at the same moment take turns. One
 * statement, as a sign-in that succeeds removes the row.
 */
export async function lockAttempts(
  tx: Tx,
  app: App,
  loginIndex: string,
  now: Date,
): Promise<Attempts> {
  return tx
    .withTables<IdentityTables>()
    .insertInto('identity.login_attempt')
    .values({ app, login_index: loginIndex, failures: 0, last_at: now, blocked_until: null })
    .onConflict((conflict) =>
      conflict
        .columns(['app', 'login_index'])
        .doUpdateSet((eb) => ({ failures: eb.ref('identity.login_attempt.failures') })),
    )
    .returning(['failures', 'last_at as lastAt', 'blocked_until as blockedUntil'])
    .executeTakeFirstOrThrow()
}

export async function updateAttempts(
  tx: Tx,
  app: App,
  loginIndex: string,
  { failures, lastAt, blockedUntil }: Attempts,
): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .updateTable('identity.login_attempt')
    .set({ failures, last_at: lastAt, blocked_until: blockedUntil })
    .where('app', '=', app)
    .where('login_index', '=', loginIndex)
    .execute()
}

export async function deleteAttempts(db: Db, app: App, loginIndex: string): Promise<void> {
  await db
    .withTables<IdentityTables>()
    .deleteFrom('identity.login_attempt')
    .where('app', '=', app)
    .where('login_index', '=', loginIndex)
    .execute()
}

export async function insertSession(tx: Tx, row: SessionRow): Promise<void> {
  await tx.withTables<IdentityTables>().insertInto('identity.session').values(row).execute()
}

/** The session that has neither ended nor run out, with the member of staff it belongs to, if it does. */
export async function findLiveSession(db: Db, tokenHash: string, app: App, now: Date) {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.session')
    .leftJoin('identity.staff', 'identity.staff.staff_id', 'identity.session.staff_id')
    .selectAll('identity.session')
    .select(['identity.staff.hospital_id', 'identity.staff.roles', 'identity.staff.status'])
    .where('identity.session.token_hash', '=', tokenHash)
    .where('identity.session.app', '=', app)
    .where('identity.session.ended_at', 'is', null)
    .where('identity.session.expires_at', '>', now)
    .where('identity.session.idle_expires_at', '>', now)
    .executeTakeFirst()
  return row ?? null
}

export async function extendSession(db: Db, tokenHash: string, idleUntil: Date): Promise<void> {
  await db
    .withTables<IdentityTables>()
    .updateTable('identity.session')
    .set({ idle_expires_at: idleUntil })
    .where('token_hash', '=', tokenHash)
    .where('ended_at', 'is', null)
    .execute()
}

export async function endSession(db: Db, tokenHash: string, now: Date): Promise<void> {
  await db
    .withTables<IdentityTables>()
    .updateTable('identity.session')
    .set({ ended_at: now })
    .where('token_hash', '=', tokenHash)
    .where('ended_at', 'is', null)
    .execute()
}

export async function endSessionsOfStaff(tx: Tx, staffId: StaffId, now: Date): Promise<void> {
  await tx
    .withTables<IdentityTables>()
    .updateTable('identity.session')
    .set({ ended_at: now })
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Forgets sessions that ran out and tries that count no more, up to `most` of each; returns how many. */
export async function deleteOld(
  db: Db,
  before: { sessionsExpired: Date; attempted: Date },
  most: number,
): Promise<number> {
  const tables = db.withTables<IdentityTables>()
  const sessions = await tables
    .deleteFrom('identity.session')
    .where('token_hash', 'in', (eb) =>
      eb
        .selectFrom('identity.session')
        .select('token_hash')
        .where('expires_at', '<', before.sessionsExpired)
        .orderBy('expires_at')
        .limit(most),
    )
    .executeTakeFirstOrThrow()
  const attempts = await tables
    .deleteFrom('identity.login_attempt')
    // Asked for again: a name tried between the two keeps its row.
    .where('last_at', '<', before.attempted)
    .where((eb) =>
      eb(
        eb.refTuple('app', 'login_index'),
        'in',
        eb
          .selectFrom('identity.login_attempt')
          .select(['app', 'login_index'])
          .where('last_at', '<', before.attempted)
          .orderBy('last_at')
          .limit(most)
          .$asTuple('app', 'login_index'),
      ),
    )
    .executeTakeFirstOrThrow()
  return Number(sessions.numDeletedRows + attempts.numDeletedRows)
}

export async function insertApiKey(db: Db, row: ApiKeyRow): Promise<void> {
  await db.withTables<IdentityTables>().insertInto('identity.api_key').values(row).execute()
}

export async function findLiveApiKey(db: Db, keyHash: string, now: Date) {
  const row = await db
    .withTables<IdentityTables>()
    .selectFrom('identity.api_key')
    .select(['key_id', 'hospital_ids'])
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ?? null
}

export async function revokeKey(db: Db, keyId: Id<'ApiKey'>, now: Date): Promise<void> {
  await db
    .withTables<IdentityTables>()
    .updateTable('identity.api_key')
    .set({ revoked_at: now })
    .where('key_id', '=', keyId)
    .where('revoked_at', 'is', null)
    .execute()
}

export async function replaceDemoPersonas(tx: Tx, rows: readonly DemoPersonaRow[]): Promise<void> {
  const tables = tx.withTables<IdentityTables>()
  await tables.deleteFrom('identity.demo_persona').execute()
  if (rows.length > 0) await tables.insertInto('identity.demo_persona').values(rows).execute()
}

export async function listDemoPersonas(db: Db): Promise<DemoPersonaRow[]> {
  return db
    .withTables<IdentityTables>()
    .selectFrom('identity.demo_persona')
    .selectAll()
    .orderBy('place')
    .limit(100)
    .execute()
}
