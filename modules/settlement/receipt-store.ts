import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { SettlementTables } from './tables.ts'

export type ReceiptRow = Selectable<SettlementTables['settlement.receipt']>
export type AllocationRow = Selectable<SettlementTables['settlement.allocation']>
export type ReceiptKey = {
  hospitalId: HospitalId
  account: string
  bankRef: string
  variant: number
}

export const variantsOf = (
  tx: Tx,
  { hospitalId, account, bankRef }: Omit<ReceiptKey, 'variant'>,
): Promise<ReceiptRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.receipt')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('account', '=', account)
    .where('bank_ref', '=', bankRef)
    .orderBy('variant')
    .execute()

/** False when it is there already. */
export async function insertReceipt(
  tx: Tx,
  row: Omit<ReceiptRow, 'allocated_fen' | 'status' | 'called_at'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<SettlementTables>()
    .insertInto('settlement.receipt')
    .values({ ...row, allocated_fen: ZERO, status: 'unexplained', called_at: null })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'account', 'bank_ref', 'variant']).doNothing(),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function lockReceipt(tx: Tx, key: ReceiptKey): Promise<ReceiptRow | null> {
  const row = await tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.receipt')
    .selectAll()
    .where('hospital_id', '=', key.hospitalId)
    .where('account', '=', key.account)
    .where('bank_ref', '=', key.bankRef)
    .where('variant', '=', key.variant)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

const MOST_OPEN = 2_000

/** Locked in one order, the first booked first. */
export const lockUnexplained = (tx: Tx, hospitalId: HospitalId): Promise<ReceiptRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.receipt')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('status', '=', 'unexplained')
    .orderBy('booked_on')
    .orderBy('account')
    .orderBy('bank_ref')
    .orderBy('variant')
    .limit(MOST_OPEN)
    .forUpdate()
    .execute()

export async function updateReceipt(
  tx: Tx,
  { hospital_id, account, bank_ref, variant }: ReceiptRow,
  change: Pick<ReceiptRow, 'allocated_fen' | 'status'>,
): Promise<void> {
  await tx
    .withTables<SettlementTables>()
    .updateTable('settlement.receipt')
    .set(change)
    .where('hospital_id', '=', hospital_id)
    .where('account', '=', account)
    .where('bank_ref', '=', bank_ref)
    .where('variant', '=', variant)
    .executeTakeFirstOrThrow()
}

/** Unexplained by their time, of which nobody was told; the longest due first. */
export const lockReceiptsToCall = (
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
): Promise<ReceiptRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.receipt')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('status', '=', 'unexplained')
    .where('called_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('account')
    .orderBy('bank_ref')
    .orderBy('variant')
    .limit(MOST_OPEN)
    .forUpdate()
    .execute()

export async function markCalled(tx: Tx, key: ReceiptKey, now: Date): Promise<void> {
  await tx
    .withTables<SettlementTables>()
    .updateTable('settlement.receipt')
    .set({ called_at: now })
    .where('hospital_id', '=', key.hospitalId)
    .where('account', '=', key.account)
    .where('bank_ref', '=', key.bankRef)
    .where('variant', '=', key.variant)
    .executeTakeFirstOrThrow()
}

export async function earliestReceiptToCall(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const row = await tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.receipt')
    .select('due_at')
    .where('hospital_id', '=', hospitalId)
    .where('status', '=', 'unexplained')
    .where('called_at', 'is', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return row?.due_at ?? null
}

export async function insertAllocation(tx: Tx, row: AllocationRow): Promise<void> {
  await tx.withTables<SettlementTables>().insertInto('settlement.allocation').values(row).execute()
}

/** Booked on these days; with `onlyUnexplained`, the work list. */
export function listReceipts(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to, onlyUnexplained }: { from: BusinessDate; to: BusinessDate; onlyUnexplained: boolean },
): Promise<ReceiptRow[]> {
  const query = tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.receipt')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('booked_on', '>=', from)
    .where('booked_on', '<=', to)
    .orderBy('booked_on')
    .orderBy('account')
    .orderBy('bank_ref')
    .orderBy('variant')
    .limit(MOST_OPEN)
  return (onlyUnexplained ? query.where('status', '=', 'unexplained') : query).execute()
}

export const allocationsOfBatch = (
  tx: Tx,
  { hospitalId, provider, date }: { hospitalId: HospitalId; provider: string; date: BusinessDate },
): Promise<AllocationRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.allocation')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('business_date', '=', date)
    .orderBy('id')
    .limit(MOST_OPEN)
    .execute()

export type StandingFigures = {
  expectedFen: Fen
  receivedFen: Fen
  shortFen: Fen
  overFen: Fen
  receiptsFen: Fen
  unexplainedFen: Fen
}

/** All batches and receipts of the hospital there are, added up. */
export async function standingFigures(tx: Tx, hospitalId: HospitalId): Promise<StandingFigures> {
  const { rows } = await sql<StandingFigures>`
    select b.*, r.* from
      (select coalesce(sum(payout_fen), 0) as "expectedFen",
        coalesce(sum(received_fen), 0) as "receivedFen",
        coalesce(sum(greatest(payout_fen - received_fen, 0)), 0) as "shortFen",
        coalesce(sum(greatest(received_fen - payout_fen, 0)), 0) as "overFen"
        from settlement.batch where hospital_id = ${hospitalId}) b,
      (select coalesce(sum(amount_fen), 0) as "receiptsFen",
        coalesce(sum(amount_fen - allocated_fen), 0) as "unexplainedFen"
        from settlement.receipt where hospital_id = ${hospitalId}) r`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('sums are one row')
  return row
}
