import { sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { CreditTables, PayoutRow } from './tables.ts'
import type { LenderId } from './terms.ts'

// The one place that reads or writes payouts.

const payouts = (tx: Tx, lenderId: LenderId) =>
  tx
    .withTables<CreditTables>()
    .selectFrom('credit.payout')
    .selectAll()
    .where('hospital_id', '=', lenderId)

export async function insertPayout(tx: Tx, row: PayoutRow): Promise<void> {
  await tx.withTables<CreditTables>().insertInto('credit.payout').values(row).execute()
}

export async function lockPayout(
  tx: Tx,
  lenderId: LenderId,
  id: Id<'CreditPayout'>,
): Promise<PayoutRow | null> {
  const row = await payouts(tx, lenderId).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row ?? null
}

/** False when the transfer has paid another one: nothing was changed. */
export async function decidePayoutRow(tx: Tx, row: PayoutRow): Promise<boolean> {
  const { numAffectedRows } = await sql`update credit.payout set status = ${row.status},
      transfer_no = ${row.transfer_no}, decided_by = ${row.decided_by}, decided_at = ${row.decided_at}
    where hospital_id = ${row.hospital_id} and id = ${row.id} and not exists (
      select from credit.payout other where other.hospital_id = ${row.hospital_id}
        and other.transfer_no = ${row.transfer_no} and other.id <> ${row.id})`.execute(tx)
  return numAffectedRows === 1n
}

/** What is proposed and not decided, by the hospital it would go to. */
export async function proposedTo(tx: Tx, lenderId: LenderId): Promise<Map<HospitalId, Fen>> {
  const { rows } = await sql<{ to: HospitalId; sum: Fen }>`
    select care_hospital_id as "to", sum(amount_fen)::bigint as sum from credit.payout
    where hospital_id = ${lenderId} and status = 'proposed' and care_hospital_id is not null
    group by care_hospital_id`.execute(tx)
  return new Map(rows.map(({ to, sum }) => [to, sum]))
}

/** Newest first. */
export const listPayouts = (tx: Tx, lenderId: LenderId): Promise<PayoutRow[]> =>
  payouts(tx, lenderId).orderBy('id', 'desc').limit(MOST_PAYOUTS).execute()

const MOST_PAYOUTS = 200
