import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Consent, ConsentId, PersonId } from './consent.ts'
import type { RecordSharingTables } from './tables.ts'

// What persons allow hospitals: the one place that reads and writes these tables.

export type ConsentText = Selectable<RecordSharingTables['record_sharing.consent_text']>
type ConsentRow = Selectable<RecordSharingTables['record_sharing.consent']>

/** Between one holder and one reader nobody has more that could still stand. */
const MOST_BETWEEN = 100

const tables = (db: Db | Tx) => db.withTables<RecordSharingTables>()

export async function textInForce(db: Db | Tx, now: Date): Promise<ConsentText | null> {
  const row = await tables(db)
    .selectFrom('record_sharing.consent_text')
    .selectAll()
    .where('from_at', '<=', now)
    .orderBy('from_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function insertConsent(tx: Tx, consent: Consent): Promise<void> {
  await tables(tx)
    .insertInto('record_sharing.consent')
    .values({
      person_id: consent.personId,
      id: consent.id,
      holder_id: consent.holderId,
      reader_id: consent.readerId,
      purpose: consent.purpose,
      kinds: [...consent.kinds],
      text_version: consent.textVersion,
      given_at: consent.givenAt,
      expires_at: consent.expiresAt,
      withdrawn_at: null,
    })
    .execute()
}

/** The consent as it is now; null when none of these people has it standing. */
export async function withdraw(
  tx: Tx,
  { records, id }: { records: readonly PersonId[]; id: ConsentId },
  now: Date,
): Promise<Consent | null> {
  const row = await tables(tx)
    .updateTable('record_sharing.consent')
    .set({ withdrawn_at: now })
    .where('person_id', 'in', records)
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row ? toConsent(row) : null
}

/** The newest first, ended ones included. */
export async function consentsBetween(
  tx: Tx,
  records: readonly PersonId[],
  { holderId, readerId }: { holderId: HospitalId; readerId: HospitalId },
): Promise<Consent[]> {
  const rows = await tables(tx)
    .selectFrom('record_sharing.consent')
    .selectAll()
    .where('person_id', 'in', records)
    .where('holder_id', '=', holderId)
    .where('reader_id', '=', readerId)
    .orderBy('id', 'desc')
    .limit(MOST_BETWEEN)
    .execute()
  return rows.map(toConsent)
}

/** The newest first, after one by its id. */
export async function listConsents(
  db: Db,
  records: readonly PersonId[],
  { after, limit }: { after: ConsentId | undefined; limit: number },
): Promise<Consent[]> {
  const rows = await tables(db)
    .selectFrom('record_sharing.consent')
    .selectAll()
    .where('person_id', 'in', records)
    .$if(after !== undefined, (query) => query.where('id', '<', after as ConsentId))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toConsent)
}

const toConsent = (row: ConsentRow): Consent => ({
  id: row.id,
  personId: row.person_id,
  holderId: row.holder_id,
  readerId: row.reader_id,
  purpose: row.purpose,
  kinds: row.kinds,
  textVersion: row.text_version,
  givenAt: row.given_at,
  expiresAt: row.expires_at,
  withdrawnAt: row.withdrawn_at,
})
