import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, fen, ZERO } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { Account, EntryId, HoldEnd, HoldId, NewEntry, NewHold, Transfer } from './entry.ts'
import { totalsByAccount } from './entry.ts'
import type { LedgerTables } from './tables.ts'

// The one place that writes the schema "ledger".

export type HoldRow = Selectable<LedgerTables['ledger.hold']>

/** False when an entry with this cause is there already. */
export async function insertEntry(
  tx: Tx,
  id: EntryId,
  { hospitalId, businessDate, cause, subject, memo }: NewEntry,
  now: Date,
): Promise<boolean> {
  const inserted = await tx
    .withTables<LedgerTables>()
    .insertInto('ledger.entry')
    .values({
      hospital_id: hospitalId,
      id,
      business_date: businessDate,
      cause,
      subject,
      memo,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'cause']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Adds the transfers and moves the accounts' totals, in one statement; opens accounts not yet there. */
export async function insertTransfers(
  tx: Tx,
  hospitalId: HospitalId,
  entryId: EntryId,
  transfers: readonly Transfer[],
): Promise<void> {
  const accounts = totalsByAccount(transfers).map(
    ({ account, debitFen, creditFen }) =>
      sql`(${hospitalId}::int, ${account.code}, ${account.kind}, ${debitFen}::bigint, ${creditFen}::bigint, 0)`,
  )
  const lines = transfers.map(
    ({ debit, credit, amountFen }, i) =>
      sql`(${hospitalId}::int, ${entryId}::uuid, ${i + 1}::int, ${debit.code}, ${credit.code}, ${amountFen}::bigint)`,
  )
  await sql`
    with moved as (
      insert into ledger.account as a (hospital_id, code, kind, debit_fen, credit_fen, held_fen)
      values ${sql.join(accounts)}
      on conflict (hospital_id, code) do update
        set debit_fen = a.debit_fen + excluded.debit_fen, credit_fen = a.credit_fen + excluded.credit_fen
    )
    insert into ledger.transfer
      (hospital_id, entry_id, line_no, debit_account, credit_account, amount_fen)
    values ${sql.join(lines)}`.execute(tx)
}

/** The entry with this cause, if there is one. */
export async function findEntry(tx: Tx, hospitalId: HospitalId, cause: string) {
  const row = await tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.entry')
    .select('id')
    .where('hospital_id', '=', hospitalId)
    .where('cause', '=', cause)
    .executeTakeFirst()
  return row ? { id: row.id, transfers: await transfersOf(tx, hospitalId, row.id) } : null
}

async function transfersOf(tx: Tx, hospitalId: HospitalId, entryId: EntryId) {
  return tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.transfer')
    .select(['debit_account as debit', 'credit_account as credit', 'amount_fen as amountFen'])
    .where('hospital_id', '=', hospitalId)
    .where('entry_id', '=', entryId)
    .orderBy('line_no')
    .execute()
}

/** The hold with this cause, if there is one. */
export async function findHold(tx: Tx, hospitalId: HospitalId, cause: string) {
  return tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.hold')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('cause', '=', cause)
    .executeTakeFirst()
}

export async function holdById(tx: Tx, hospitalId: HospitalId, id: HoldId) {
  return tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.hold')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/**
 * Promises the amount if the account has it free: what was debited, less what was credited and what is
 * promised already. The condition and the change are one statement, so two holds cannot share a fen.
 */
export async function reserve(
  tx: Tx,
  hospitalId: HospitalId,
  account: Account,
  amountFen: Fen,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<LedgerTables>()
    .updateTable('ledger.account')
    .set((eb) => ({ held_fen: eb('held_fen', '+', amountFen) }))
    .where('hospital_id', '=', hospitalId)
    .where('code', '=', account.code)
    .where(sql<boolean>`debit_fen - credit_fen - held_fen >= ${amountFen}`)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function unreserve(
  tx: Tx,
  hospitalId: HospitalId,
  accountCode: string,
  amountFen: Fen,
): Promise<void> {
  await tx
    .withTables<LedgerTables>()
    .updateTable('ledger.account')
    .set((eb) => ({ held_fen: eb('held_fen', '-', amountFen) }))
    .where('hospital_id', '=', hospitalId)
    .where('code', '=', accountCode)
    .executeTakeFirstOrThrow()
}

export async function insertHold(tx: Tx, id: HoldId, hold: NewHold, now: Date): Promise<void> {
  await tx
    .withTables<LedgerTables>()
    .insertInto('ledger.hold')
    .values({
      hospital_id: hold.hospitalId,
      id,
      cause: hold.cause,
      subject: hold.subject,
      debit_account: hold.debit.code,
      credit_account: hold.credit.code,
      amount_fen: hold.amountFen,
      created_at: now,
    })
    .execute()
}

/** False when the hold has ended before. */
export async function insertHoldEnd(
  tx: Tx,
  end: Selectable<LedgerTables['ledger.hold_end']>,
): Promise<boolean> {
  const inserted = await tx
    .withTables<LedgerTables>()
    .insertInto('ledger.hold_end')
    .values(end)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'hold_id']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function endOfHold(tx: Tx, hospitalId: HospitalId, id: HoldId): Promise<HoldEnd> {
  const { outcome } = await tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.hold_end')
    .select('outcome')
    .where('hospital_id', '=', hospitalId)
    .where('hold_id', '=', id)
    .executeTakeFirstOrThrow()
  return outcome
}

/** Opens an account that is not there yet, with nothing in it. */
export async function openAccount(
  tx: Tx,
  hospitalId: HospitalId,
  { code, kind }: Account,
): Promise<void> {
  await tx
    .withTables<LedgerTables>()
    .insertInto('ledger.account')
    .values({
      hospital_id: hospitalId,
      code,
      kind,
      debit_fen: ZERO,
      credit_fen: ZERO,
      held_fen: ZERO,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'code']).doNothing())
    .execute()
}

export async function findAccount(tx: Tx, hospitalId: HospitalId, code: string) {
  return tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.account')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('code', '=', code)
    .executeTakeFirst()
}

export async function availableFen(tx: Tx, hospitalId: HospitalId, code: string): Promise<Fen> {
  const account = await findAccount(tx, hospitalId, code)
  return account ? fen(account.debit_fen - account.credit_fen - account.held_fen) : ZERO
}
