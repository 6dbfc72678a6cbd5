import { type Selectable, sql } from 'kysely'

import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { SecretId } from './application.ts'
import type { ApplicationId } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// Access tokens, nonces and failed attempts: the one place that writes these tables.

export type TokenRow = Selectable<PartnerTables['partners.access_token']>

const tables = (db: Db | Tx) => db.withTables<PartnerTables>()

export async function insertToken(db: Db, row: TokenRow): Promise<void> {
  await tables(db).insertInto('partners.access_token').values(row).execute()
}

/** The token that is neither revoked nor past. */
export async function findLiveToken(
  db: Db,
  tokenHash: string,
  now: Date,
): Promise<TokenRow | null> {
  const row = await tables(db)
    .selectFrom('partners.access_token')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ?? null
}

export async function countLiveTokens(db: Db, id: ApplicationId, now: Date): Promise<number> {
  const { count } = await tables(db)
    .selectFrom('partners.access_token')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('application_id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return count
}

/** Only the application's own token: somebody else's stays as it is. */
export async function revokeToken(
  db: Db,
  tokenHash: string,
  applicationId: ApplicationId,
  now: Date,
): Promise<void> {
  await tables(db)
    .updateTable('partners.access_token')
    .set({ revoked_at: now })
    .where('token_hash', '=', tokenHash)
    .where('application_id', '=', applicationId)
    .where('revoked_at', 'is', null)
    .execute()
}

export async function revokeTokensOfSecret(tx: Tx, id: SecretId, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('partners.access_token')
    .set({ revoked_at: now })
    .where('secret_id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Longer than a signed request is good for, before and after our time together. */
const NONCE_COUNTS_MS = 15 * MINUTE_MS

/** False for a nonce that the application has used within 15 minutes. */
export async function useNonce(
  db: Db,
  applicationId: ApplicationId,
  nonce: string,
  now: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`insert into partners.request_nonce as known
      (application_id, nonce, used_at) values (${applicationId}, ${nonce}, ${now})
    on conflict (application_id, nonce) do update set used_at = excluded.used_at
      where known.used_at < ${addMs(now, -NONCE_COUNTS_MS)}`.execute(db)
  return numAffectedRows === 1n
}

export type FailedAttempt = { failures: number; blockedUntil: Date | null }

export async function blockedUntil(
  db: Db,
  subjects: readonly string[],
  now: Date,
): Promise<Date | null> {
  const rows = await tables(db)
    .selectFrom('partners.failed_attempt')
    .select('blocked_until')
    .where('subject', 'in', subjects)
    .where('blocked_until', '>', now)
    .orderBy('blocked_until', 'desc')
    .limit(1)
    .execute()
  return rows[0]?.blocked_until ?? null
}

/** Counts one more failure, from one again when the last is older than `forgottenBefore`; returns how many there are now. */
export async function countFailure(
  db: Db,
  subject: string,
  { now, forgottenBefore }: { now: Date; forgottenBefore: Date },
): Promise<number> {
  const { rows } = await sql<{ failures: number }>`insert into partners.failed_attempt as known
      (subject, failures, last_at, blocked_until) values (${subject}, 1, ${now}, null)
    on conflict (subject) do update set last_at = excluded.last_at,
      failures = case when known.last_at < ${forgottenBefore} then 1 else known.failures + 1 end
    returning failures`.execute(db)
  return rows[0]?.failures ?? 1
}

export async function blockUntil(db: Db, subject: string, until: Date): Promise<void> {
  await tables(db)
    .updateTable('partners.failed_attempt')
    .set({ blocked_until: until })
    .where('subject', '=', subject)
    .execute()
}

export async function forgetFailures(db: Db, subject: string): Promise<void> {
  await tables(db).deleteFrom('partners.failed_attempt').where('subject', '=', subject).execute()
}

/** Forgets what counts no more, up to `most` rows of each kind; returns how many. */
export async function deleteOldProofs(
  db: Db,
  before: { tokensExpired: Date; noncesUsed: Date; attempted: Date },
  most: number,
): Promise<number> {
  const results = [
    await sql`delete from partners.access_token where expires_at < ${before.tokensExpired}
      and token_hash in (select token_hash from partners.access_token
        where expires_at < ${before.tokensExpired} order by expires_at limit ${most})`.execute(db),
    await sql`delete from partners.request_nonce where used_at < ${before.noncesUsed}
      and (application_id, nonce) in (select application_id, nonce from partners.request_nonce
        where used_at < ${before.noncesUsed} order by used_at limit ${most})`.execute(db),
    await sql`delete from partners.failed_attempt where last_at < ${before.attempted}
      and subject in (select subject from partners.failed_attempt
        where last_at < ${before.attempted} order by last_at limit ${most})`.execute(db),
  ]
  return results.reduce((sum, { numAffectedRows }) => sum + Number(numAffectedRows ?? 0), 0)
}
