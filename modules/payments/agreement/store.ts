import { type Selectable, sql, type Updateable } from 'kysely'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { paymentErrors } from '../errors.ts'
import type { PaymentId, PersonId } from '../payment.ts'
import type { Agreement, AgreementId } from './agreement.ts'
import type { AgreementTables } from './tables.ts'

// The one place that reads and writes the tables of agreements.

export type AgreementRow = Selectable<AgreementTables['payments.agreement']>
export type AgreementChanges = Updateable<AgreementTables['payments.agreement']>
export type AgreementUse = Selectable<AgreementTables['payments.agreement_use']>

const tables = (tx: Tx) => tx.withTables<AgreementTables>()

/** False when the person has one at the channel already. */
export async function insertAgreement(tx: Tx, row: AgreementRow): Promise<boolean> {
  const inserted = await tables(tx)
    .insertInto('payments.agreement')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Locked until the transaction ends: whoever charges by it, or ends it, takes turns here. */
export async function lockAgreement(
  tx: Tx,
  hospitalId: HospitalId,
  id: AgreementId,
): Promise<Agreement> {
  const row = await agreementQuery(tx, hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw paymentErrors.agreement_not_found({ id })
  return toAgreement(row)
}

/** Of this person; one of somebody else is not there. */
export async function lockOwnAgreement(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  id: AgreementId,
): Promise<Agreement> {
  const agreement = await lockAgreement(tx, hospitalId, id)
  if (agreement.personId !== personId) throw paymentErrors.agreement_not_found({ id })
  return agreement
}

/** The one by which the person's payments at the channel may be charged; null for none. */
export async function activeAgreement(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  channel: string,
): Promise<Agreement | null> {
  const row = await ofPerson(tx, hospitalId, personId)
    .where('channel', '=', channel)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row ? toAgreement(row) : null
}

/** The one that is neither over nor being ended, locked; null for none. */
export async function lockLiveAgreement(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  channel: string,
): Promise<Agreement | null> {
  const row = await ofPerson(tx, hospitalId, personId)
    .where('channel', '=', channel)
    .where('status', '<>', 'revoked')
    .where('revoke_requested_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ? toAgreement(row) : null
}

export async function findOwnAgreement(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  id: AgreementId,
): Promise<Agreement | null> {
  const row = await ofPerson(tx, hospitalId, personId).where('id', '=', id).executeTakeFirst()
  return row ? toAgreement(row) : null
}

const MOST_SHOWN = 50

/** The newest first. */
export async function agreementsOf(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
): Promise<Agreement[]> {
  const rows = await ofPerson(tx, hospitalId, personId)
    .orderBy('id', 'desc')
    .limit(MOST_SHOWN)
    .execute()
  return rows.map(toAgreement)
}

/** Those that have to be asked about, the longest due first. */
export async function dueAgreements(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
  limit: number,
): Promise<AgreementId[]> {
  const rows = await agreementQuery(tx, hospitalId)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Writes the changes to an agreement that is locked. */
export async function updateAgreement(
  tx: Tx,
  { hospitalId, id, version }: Agreement,
  changes: AgreementChanges,
  now: Date,
): Promise<Agreement> {
  const row = await tables(tx)
    .updateTable('payments.agreement')
    .set({ ...changes, version: version + 1, updated_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
  assert(row, `agreement ${id} was locked and is still at version ${version}`)
  return toAgreement(row)
}

/**
 * What the person's payments at the channel of the agreement have used of the day: everything that was charged or may
 * yet be, by this agreement and by earlier ones. What was given back counts as used all the same.
 */
export async function usedFenOn(
  tx: Tx,
  { hospitalId, personId, channel }: Agreement,
  now: Date,
): Promise<Fen> {
  const { rows } = await sql<{ used: Fen }>`
    select coalesce(sum(t.amount_fen), 0)::bigint as used
      from payments.agreement a
      join payments.agreement_use u on u.hospital_id = a.hospital_id and u.agreement_id = a.id
      join payments.tender t on t.hospital_id = u.hospital_id and t.payment_id = u.payment_id
        and t.tender_no = u.tender_no
     where a.hospital_id = ${hospitalId} and a.person_id = ${personId} and a.channel = ${channel}
       and u.hospital_id = ${hospitalId} and u.used_on = ${businessDateOf(now)}
       and t.hospital_id = ${hospitalId} and t.method = 'agreement'
       and t.status not in ('declined', 'released')`.execute(tx)
  const [row] = rows
  assert(row, 'a sum is always there')
  return row.used
}

export const insertUse = async (tx: Tx, use: AgreementUse): Promise<void> =>
  void (await tables(tx).insertInto('payments.agreement_use').values(use).execute())

/** How a payment was confirmed under an agreement; null when it was not. */
export async function useOf(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<AgreementUse | null> {
  const use = await tables(tx)
    .selectFrom('payments.agreement_use')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .executeTakeFirst()
  return use ?? null
}

const agreementQuery = (tx: Tx, hospitalId: HospitalId) =>
  tables(tx).selectFrom('payments.agreement').selectAll().where('hospital_id', '=', hospitalId)

const ofPerson = (tx: Tx, hospitalId: HospitalId, personId: PersonId) =>
  agreementQuery(tx, hospitalId).where('person_id', '=', personId)

const toAgreement = (row: AgreementRow): Agreement => ({
  hospitalId: row.hospital_id,
  id: row.id,
  personId: row.person_id,
  channel: row.channel,
  status: row.status,
  limits: { perPaymentFen: row.limit_per_payment_fen, perDayFen: row.limit_per_day_fen },
  agreementNo: row.agreement_no,
  endReason: row.end_reason,
  signedAt: row.signed_at,
  validUntil: row.valid_until,
  revokeRequestedAt: row.revoke_requested_at,
  revokedAt: row.revoked_at,
  expiresAt: row.expires_at,
  version: row.version,
  callNo: row.call_no,
  inCallUntil: row.in_call_until,
  attempts: row.attempts,
  dueAt: row.due_at,
  createdAt: row.created_at,
})
