import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { type Tx, violatedConstraint } from '../../platform/db.ts'
import type { AccountKey } from './book.ts'
import type { DepositTables } from './tables.ts'

// What goes back of the payments into deposits.

export type GiveBackRow = Selectable<DepositTables['deposits.give_back']>

export async function insertGiveBack(tx: Tx, row: GiveBackRow): Promise<void> {
  await tx.withTables<DepositTables>().insertInto('deposits.give_back').values(row).execute()
}

export async function lockGiveBack(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'GiveBack'>,
): Promise<GiveBackRow | null> {
  const row = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.give_back')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** False when another part went back under this number of the channel: the transaction is then over. */
export async function finishGiveBack(
  tx: Tx,
  row: GiveBackRow,
  { channel, channelNo, by, at }: { channel: string; channelNo: string; by: string; at: Date },
): Promise<boolean> {
  try {
    await tx
      .withTables<DepositTables>()
      .updateTable('deposits.give_back')
      .set({ status: 'done', channel, channel_no: channelNo, done_by: by, done_at: at })
      .where('hospital_id', '=', row.hospital_id)
      .where('id', '=', row.id)
      .executeTakeFirstOrThrow()
    return true
  } catch (error) {
    if (violatedConstraint(error) === 'give_back_number_once') return false
    throw error
  }
}

export async function channelOfTopUp(tx: Tx, row: GiveBackRow): Promise<string> {
  const { channel } = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.top_up')
    .select('channel')
    .where('hospital_id', '=', row.hospital_id)
    .where('id', '=', row.top_up_id)
    .executeTakeFirstOrThrow()
  return channel
}

export async function giveBacksOf(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
): Promise<GiveBackRow[]> {
  return tx
    .withTables<DepositTables>()
    .selectFrom('deposits.give_back')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
}
