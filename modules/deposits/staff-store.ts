import { sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { DepositAccountId, OfAccount } from './account.ts'
import type { AccountKey } from './book.ts'
import type { DepositTables } from './tables.ts'

// The lists of a hospital's staff, across accounts.

/** A part that goes back, with whose it is and by which payment it came. */
export type StaffGiveBack = OfAccount & {
  id: Id<'GiveBack'>
  channel: string
  channelNo: string
  amountFen: Fen
  status: 'asked' | 'done'
  askedBy: string
  askedAt: Date
  returnNo: string | null
  doneBy: string | null
  doneAt: Date | null
}

/** What is to go back and has not, the first asked first. */
export async function askedGiveBacks(
  tx: Tx,
  hospitalId: HospitalId,
  { after, limit }: { after: Id<'GiveBack'> | undefined; limit: number },
): Promise<StaffGiveBack[]> {
  let query = selectGiveBacks(tx, hospitalId).where('back.status', '=', 'asked')
  if (after) query = query.where('back.id', '>', after)
  return query.orderBy('back.id').limit(limit).execute()
}

const MOST_OF_AN_ACCOUNT = 200

/** All of one account, the last asked first. */
export const giveBacksOfAccount = (
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
): Promise<StaffGiveBack[]> =>
  selectGiveBacks(tx, hospitalId)
    .where('back.account_id', '=', accountId)
    .orderBy('back.id', 'desc')
    .limit(MOST_OF_AN_ACCOUNT)
    .execute()

const selectGiveBacks = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<DepositTables>()
    .selectFrom('deposits.give_back as back')
    .innerJoin('deposits.account as account', (join) =>
      join
        .onRef('account.hospital_id', '=', 'back.hospital_id')
        .onRef('account.id', '=', 'back.account_id'),
    )
    .innerJoin('deposits.top_up as came', (join) =>
      join
        .onRef('came.hospital_id', '=', 'back.hospital_id')
        .onRef('came.id', '=', 'back.top_up_id'),
    )
    .where('back.hospital_id', '=', hospitalId)
    .select([
      'back.id',
      'account.id as accountId',
      'account.person_id as personId',
      'account.stay_no as stayNo',
      'came.channel',
      'came.channel_no as channelNo',
      'back.amount_fen as amountFen',
      'back.status',
      'back.asked_by as askedBy',
      'back.asked_at as askedAt',
      'back.channel_no as returnNo',
      'back.done_by as doneBy',
      'back.done_at as doneAt',
    ])

export type OpenDay = OfAccount & {
  day: BusinessDate
  totalFen: Fen
  drawnFen: Fen
  accountStatus: 'open' | 'closed'
}

/** Days that no deposit has paid whole, by account and day. */
export async function openDaysOfAll(
  tx: Tx,
  hospitalId: HospitalId,
  {
    after,
    limit,
  }: { after: { accountId: DepositAccountId; day: string } | undefined; limit: number },
): Promise<OpenDay[]> {
  let query = tx
    .withTables<DepositTables>()
    .selectFrom('deposits.day_charge as charge')
    .innerJoin('deposits.account as account', (join) =>
      join
        .onRef('account.hospital_id', '=', 'charge.hospital_id')
        .onRef('account.id', '=', 'charge.account_id'),
    )
    .where('charge.hospital_id', '=', hospitalId)
    .whereRef('charge.drawn_fen', '<', 'charge.total_fen')
    .select([
      'account.id as accountId',
      'account.person_id as personId',
      'account.stay_no as stayNo',
      'charge.day',
      'charge.total_fen as totalFen',
      'charge.drawn_fen as drawnFen',
      'account.status as accountStatus',
    ])
  if (after) {
    query = query.where(
      sql<boolean>`(charge.account_id, charge.day) > (${after.accountId}, ${after.day}::date)`,
    )
  }
  return query.orderBy('charge.account_id').orderBy('charge.day').limit(limit).execute()
}
