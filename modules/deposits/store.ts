import { type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { DepositAccount, DepositAccountId, PersonId, TopUp } from './account.ts'
import type { AccountKey } from './book.ts'
import type { DepositTables } from './tables.ts'

// The one place that reads and writes the rows of "deposits"; the two figures of an account move in book.ts.

export type Page<Cursor extends string> = { before: Cursor | undefined; limit: number }
export type DrawRow = Selectable<DepositTables['deposits.draw']>
export type DrawReturnRow = Selectable<DepositTables['deposits.draw_return']>

/** False when the person has one for this stay. */
export async function insertAccount(tx: Tx, account: DepositAccount): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<DepositTables>()
    .insertInto('deposits.account')
    .values({
      hospital_id: account.hospitalId,
      id: account.id,
      person_id: account.personId,
      kind: account.kind,
      stay_no: account.stayNo,
      custody_bank: account.custody.bank,
      custody_no: account.custody.accountNo,
      status: account.status,
      balance_fen: account.balanceFen,
      held_fen: account.heldFen,
      low_fen: account.lowFen,
      told_low: false,
      opened_at: account.openedAt,
      closed_at: account.closedAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'person_id', 'kind', 'stay_no']).doNothing(),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Locked until the transaction ends: whatever is done with one account takes turns. */
export async function lockAccount(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
): Promise<DepositAccount | null> {
  const row = await selectAccounts(tx, hospitalId)
    .where('id', '=', accountId)
    .forUpdate()
    .executeTakeFirst()
  return row ? toAccount(row) : null
}

export async function findAccount(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
): Promise<DepositAccount | null> {
  const row = await selectAccounts(tx, hospitalId).where('id', '=', accountId).executeTakeFirst()
  return row ? toAccount(row) : null
}

const MOST_OF_A_PERSON = 100

/** Newest first. */
export async function accountsOf(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
): Promise<DepositAccount[]> {
  const rows = await selectAccounts(tx, hospitalId)
    .where('person_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(MOST_OF_A_PERSON)
    .execute()
  return rows.map(toAccount)
}

export type AccountFilter = Page<DepositAccountId> & {
  onlyOutpatientLeft?: boolean
  /** Open, and below their mark. */
  onlyLow?: boolean
  status?: DepositAccount['status'] | undefined
  personId?: PersonId | undefined
  stayNo?: string | undefined
}

/** Newest first. */
export async function listAccounts(
  tx: Tx,
  hospitalId: HospitalId,
  { before, limit, onlyOutpatientLeft, onlyLow, status, personId, stayNo }: AccountFilter,
): Promise<DepositAccount[]> {
  let query = selectAccounts(tx, hospitalId)
  if (status) query = query.where('status', '=', status)
  if (personId) query = query.where('person_id', '=', personId)
  if (stayNo) query = query.where('stay_no', '=', stayNo)
  if (onlyLow)
    query = query.where('status', '=', 'open').where(sql<boolean>`balance_fen - held_fen < low_fen`)
  if (onlyOutpatientLeft)
    query = query.where('kind', '=', 'outpatient').where('balance_fen', '>', 0 as Fen)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toAccount)
}

export async function closeAccount(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  at: Date,
): Promise<void> {
  await tx
    .withTables<DepositTables>()
    .updateTable('deposits.account')
    .set({ status: 'closed', closed_at: at })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
}

/** Notes that it is low, or not any more; true when that is new and it is low. */
export async function noteLow(tx: Tx, { hospitalId, accountId }: AccountKey): Promise<boolean> {
  const { rows } = await sql<{ told_low: boolean }>`update deposits.account
    set told_low = balance_fen - held_fen < low_fen
    where hospital_id = ${hospitalId} and id = ${accountId}
      and told_low <> (balance_fen - held_fen < low_fen)
    returning told_low`.execute(tx)
  return rows[0]?.told_low ?? false
}

/** False when this payment is there already. */
export async function insertTopUp(tx: Tx, hospitalId: HospitalId, topUp: TopUp): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<DepositTables>()
    .insertInto('deposits.top_up')
    .values({
      hospital_id: hospitalId,
      id: topUp.id,
      account_id: topUp.accountId,
      cause: topUp.cause,
      channel: topUp.channel,
      channel_no: topUp.channelNo,
      amount_fen: topUp.amountFen,
      returned_fen: topUp.returnedFen,
      at: topUp.at,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'cause']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function topUpByCause(
  tx: Tx,
  hospitalId: HospitalId,
  cause: string,
): Promise<TopUp | null> {
  const row = await selectTopUps(tx, hospitalId).where('cause', '=', cause).executeTakeFirst()
  return row ? toTopUp(row) : null
}

/** In the order in which they came. */
export async function topUpsOf(tx: Tx, { hospitalId, accountId }: AccountKey): Promise<TopUp[]> {
  const rows = await selectTopUps(tx, hospitalId)
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  return rows.map(toTopUp)
}

export async function addReturned(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'TopUp'>,
  amountFen: Fen,
): Promise<void> {
  await sql`update deposits.top_up set returned_fen = returned_fen + ${amountFen}
    where hospital_id = ${hospitalId} and id = ${id}`.execute(tx)
}

/** False when a draw of this number is there. */
export async function insertDraw(tx: Tx, draw: DrawRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<DepositTables>()
    .insertInto('deposits.draw')
    .values(draw)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'trade_no']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

const MOST_SHOWN = 200

/** What payments took of the account or are promised of it, and what came back of that; the latest first. */
export async function drawsOf(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
): Promise<{ draws: DrawRow[]; returns: DrawReturnRow[] }> {
  const draws = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.draw')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('account_id', '=', accountId)
    .where('status', 'in', ['held', 'taken'])
    .orderBy('requested_at', 'desc')
    .limit(MOST_SHOWN)
    .execute()
  const tradeNos = draws.map(({ trade_no }) => trade_no)
  if (tradeNos.length === 0) return { draws, returns: [] }
  const returns = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.draw_return')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('trade_no', 'in', tradeNos)
    .execute()
  return { draws, returns }
}

type DrawKey = { hospitalId: HospitalId; tradeNo: string }

export async function lockDraw(tx: Tx, { hospitalId, tradeNo }: DrawKey): Promise<DrawRow | null> {
  const row = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.draw')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('trade_no', '=', tradeNo)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function updateDraw(
  tx: Tx,
  { hospital_id, trade_no, ...draw }: DrawRow,
): Promise<void> {
  const { status, refusal, hold_id, returned_fen, taken_at, updated_at } = draw
  await tx
    .withTables<DepositTables>()
    .updateTable('deposits.draw')
    .set({ status, refusal, hold_id, returned_fen, taken_at, updated_at })
    .where('hospital_id', '=', hospital_id)
    .where('trade_no', '=', trade_no)
    .executeTakeFirstOrThrow()
}

/** Whether something is promised of the account to a payment under way. */
export async function hasHeldDraws(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
): Promise<boolean> {
  const row = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.draw')
    .select('trade_no')
    .where('hospital_id', '=', hospitalId)
    .where('account_id', '=', accountId)
    .where('status', '=', 'held')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertDrawReturn(tx: Tx, row: DrawReturnRow): Promise<void> {
  await tx.withTables<DepositTables>().insertInto('deposits.draw_return').values(row).execute()
}

export async function findDrawReturn(
  tx: Tx,
  hospitalId: HospitalId,
  refundNo: string,
): Promise<DrawReturnRow | null> {
  const row = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.draw_return')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('refund_no', '=', refundNo)
    .executeTakeFirst()
  return row ?? null
}

export async function movesOfDeposits(
  tx: Tx,
  hospitalId: HospitalId,
  on: BusinessDate,
): Promise<{ taken: DrawRow[]; returned: DrawReturnRow[] }> {
  const [from, to] = [instantAt(on), instantAt(addDays(on, 1))]
  const taken = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.draw')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('taken_at', '>=', from)
    .where('taken_at', '<', to)
    .orderBy('trade_no')
    .execute()
  const returned = await tx
    .withTables<DepositTables>()
    .selectFrom('deposits.draw_return')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('refund_no')
    .execute()
  return { taken, returned }
}

const selectAccounts = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<DepositTables>()
    .selectFrom('deposits.account')
    .selectAll()
    .where('hospital_id', '=', hospitalId)

const selectTopUps = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<DepositTables>()
    .selectFrom('deposits.top_up')
    .selectAll()
    .where('hospital_id', '=', hospitalId)

const toAccount = (row: Selectable<DepositTables['deposits.account']>): DepositAccount => ({
  hospitalId: row.hospital_id,
  id: row.id,
  personId: row.person_id,
  kind: row.kind,
  stayNo: row.stay_no,
  custody: { bank: row.custody_bank, accountNo: row.custody_no },
  status: row.status,
  balanceFen: row.balance_fen,
  heldFen: row.held_fen,
  lowFen: row.low_fen,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
})

const toTopUp = (row: Selectable<DepositTables['deposits.top_up']>): TopUp => ({
  id: row.id,
  accountId: row.account_id,
  cause: row.cause,
  channel: row.channel,
  channelNo: row.channel_no,
  amountFen: row.amount_fen,
  returnedFen: row.returned_fen,
  at: row.at,
})
