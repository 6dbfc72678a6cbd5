import { sql } from 'kysely'

import type { Fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { CreditTables } from './tables.ts'
import type { LenderId, PersonId } from './terms.ts'

// What a lender owes to payers who paid more than they owed, by person. In sum it is the account owed/payers, so each
// change here is made in the transaction of the entry that posts it.

const tables = (tx: Tx) => tx.withTables<CreditTables>()

/** Once for a cause; nothing for an amount of nothing. */
export async function oweToPayer(
  tx: Tx,
  { lenderId, personId, amountFen, cause, at }: NewlyOwed,
): Promise<void> {
  if (amountFen === 0) return
  await tables(tx)
    .insertInto('credit.owed_payer_entry')
    .values({ hospital_id: lenderId, person_id: personId, cause, amount_fen: amountFen, at })
    .execute()
  await sql`insert into credit.owed_payer as o (hospital_id, person_id, owed_fen, held_fen, updated_at)
    values (${lenderId}, ${personId}, ${amountFen}, 0, ${at})
    on conflict (hospital_id, person_id) do update
      set owed_fen = o.owed_fen + excluded.owed_fen, updated_at = excluded.updated_at`.execute(tx)
}

type NewlyOwed = { lenderId: LenderId; personId: PersonId; amountFen: Fen; cause: string; at: Date }

/** Sets an amount aside to be paid out. False when the person is not owed so much that is free. */
export async function holdForPayer(tx: Tx, { lenderId, personId, amountFen, at }: Held) {
  const { numAffectedRows } = await sql`update credit.owed_payer
    set held_fen = held_fen + ${amountFen}::bigint, updated_at = ${at}
    where hospital_id = ${lenderId} and person_id = ${personId}
      and held_fen + ${amountFen}::bigint <= owed_fen`.execute(tx)
  return numAffectedRows === 1n
}

/** What was set aside is owed again as before. */
export async function freeForPayer(tx: Tx, { lenderId, personId, amountFen, at }: Held) {
  await sql`update credit.owed_payer
    set held_fen = held_fen - ${amountFen}::bigint, updated_at = ${at}
    where hospital_id = ${lenderId} and person_id = ${personId}`.execute(tx)
}

/** What was set aside has been paid out. */
export async function paidToPayer(
  tx: Tx,
  { lenderId, personId, amountFen, at }: Held,
  cause: string,
): Promise<void> {
  await tables(tx)
    .insertInto('credit.owed_payer_entry')
    .values({
      hospital_id: lenderId,
      person_id: personId,
      cause,
      amount_fen: (0 - amountFen) as Fen,
      at,
    })
    .execute()
  await sql`update credit.owed_payer
    set owed_fen = owed_fen - ${amountFen}::bigint, held_fen = held_fen - ${amountFen}::bigint,
      updated_at = ${at}
    where hospital_id = ${lenderId} and person_id = ${personId}`.execute(tx)
}

type Held = { lenderId: LenderId; personId: PersonId; amountFen: Fen; at: Date }

export type OwedPayer = { personId: PersonId; owedFen: Fen; heldFen: Fen }

/** Whom something is owed to. */
export async function owedPayers(tx: Tx, lenderId: LenderId): Promise<OwedPayer[]> {
  const rows = await tables(tx)
    .selectFrom('credit.owed_payer')
    .select(['person_id', 'owed_fen', 'held_fen'])
    .where('hospital_id', '=', lenderId)
    .where('owed_fen', '>', 0 as Fen)
    .orderBy('person_id')
    .limit(MOST_PAYERS)
    .execute()
  return rows.map((row) => ({
    personId: row.person_id,
    owedFen: row.owed_fen,
    heldFen: row.held_fen,
  }))
}

const MOST_PAYERS = 500
