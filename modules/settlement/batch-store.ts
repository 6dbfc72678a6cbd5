import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { FeeDifference } from './fee.ts'
import type { BatchFigures, SettlementTables, TermsId } from './tables.ts'

export type BatchRow = Selectable<SettlementTables['settlement.batch']>
export type BatchKey = { hospitalId: HospitalId; provider: string; date: BusinessDate }
export type FeeDifferenceRow = Selectable<SettlementTables['settlement.fee_difference']>
export type BatchVersionRow = Selectable<SettlementTables['settlement.batch_version']>

/** The batch, locked; made if it was not there. */
export async function lockBatch(tx: Tx, key: BatchKey, now: Date): Promise<BatchRow> {
  await tx
    .withTables<SettlementTables>()
    .insertInto('settlement.batch')
    .values({
      hospital_id: key.hospitalId,
      provider: key.provider,
      business_date: key.date,
      version: 0,
      terms_id: null,
      payout_fen: ZERO,
      received_fen: ZERO,
      fee_fen: ZERO,
      contract_fee_fen: ZERO,
      account: null,
      expected_on: null,
      late_on: null,
      calendar_known: false,
      status: 'no_contract',
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'provider', 'business_date']).doNothing(),
    )
    .execute()
  const row = await findBatch(tx, key, true)
  if (!row) throw new Error(`the batch of ${key.provider} for ${key.date} was made`)
  return row
}

export async function findBatch(tx: Tx, key: BatchKey, lock = false): Promise<BatchRow | null> {
  const query = tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.batch')
    .selectAll()
    .where('hospital_id', '=', key.hospitalId)
    .where('provider', '=', key.provider)
    .where('business_date', '=', key.date)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return row ?? null
}

export async function updateBatch(
  tx: Tx,
  { hospital_id, provider, business_date }: BatchRow,
  change: Partial<Omit<BatchRow, 'hospital_id' | 'provider' | 'business_date'>>,
): Promise<void> {
  await tx
    .withTables<SettlementTables>()
    .updateTable('settlement.batch')
    .set(change)
    .where('hospital_id', '=', hospital_id)
    .where('provider', '=', provider)
    .where('business_date', '=', business_date)
    .executeTakeFirstOrThrow()
}

export async function versionOf(
  tx: Tx,
  key: BatchKey,
  version: number,
): Promise<BatchVersionRow | null> {
  const row = await tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.batch_version')
    .selectAll()
    .where('hospital_id', '=', key.hospitalId)
    .where('provider', '=', key.provider)
    .where('business_date', '=', key.date)
    .where('version', '=', version)
    .executeTakeFirst()
  return row ?? null
}

export async function insertVersion(
  tx: Tx,
  { hospitalId, provider, date }: BatchKey,
  made: {
    version: number
    termsId: TermsId | null
    digest: string
    figures: BatchFigures
    at: Date
  },
): Promise<void> {
  await tx
    .withTables<SettlementTables>()
    .insertInto('settlement.batch_version')
    .values({
      hospital_id: hospitalId,
      provider,
      business_date: date,
      version: made.version,
      terms_id: made.termsId,
      digest: made.digest,
      figures: JSON.stringify(made.figures),
      at: made.at,
    })
    .execute()
}

const ROWS_AT_ONCE = 500

export async function insertFeeDifferences(
  tx: Tx,
  { hospitalId, provider, date }: BatchKey,
  version: number,
  differences: readonly FeeDifference[],
): Promise<void> {
  for (let from = 0; from < differences.length; from += ROWS_AT_ONCE) {
    await tx
      .withTables<SettlementTables>()
      .insertInto('settlement.fee_difference')
      .values(
        differences.slice(from, from + ROWS_AT_ONCE).map((difference) => ({
          hospital_id: hospitalId,
          provider,
          business_date: date,
          version,
          line_no: difference.lineNo,
          kind: difference.kind,
          our_no: difference.ourNo,
          amount_fen: difference.amountFen,
          billed_fen: difference.billedFen,
          contract_fen: difference.contractFen,
        })),
      )
      .execute()
  }
}

const MOST_DIFFERENCES = 1_000

/** Of the newest list, in its order, after a line; the first thousand. */
export const feeDifferencesOf = (
  tx: Tx,
  { hospitalId, provider, date }: BatchKey,
  { version, afterLine }: { version: number; afterLine: number },
) =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.fee_difference')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('business_date', '=', date)
    .where('version', '=', version)
    .where('line_no', '>', afterLine)
    .orderBy('line_no')
    .limit(MOST_DIFFERENCES)
    .execute()

const MOST_OPEN = 2_000

/** Those that money is still to come for, locked in one order, the first expected first. */
export const lockOpenBatches = (tx: Tx, hospitalId: HospitalId): Promise<BatchRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.batch')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('status', 'in', ['expected', 'short', 'late'])
    .orderBy('expected_on')
    .orderBy('provider')
    .orderBy('business_date')
    .limit(MOST_OPEN)
    .forUpdate()
    .execute()

export const batchesWithout = (
  tx: Tx,
  hospitalId: HospitalId,
  provider: string,
): Promise<{ date: BusinessDate }[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.batch')
    .select('business_date as date')
    .where('hospital_id', '=', hospitalId)
    .where('provider', '=', provider)
    .where('status', '=', 'no_contract')
    .orderBy('business_date')
    .limit(MOST_OPEN)
    .execute()

/** Expected on the dates from the one to the other, or taken on them without a contract. */
export const listBatches = (
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<BatchRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.batch')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .orderBy('business_date')
    .orderBy('provider')
    .limit(MOST_OPEN)
    .execute()

/** The earliest day after which something that has not come is late. */
export async function earliestLateOn(tx: Tx, hospitalId: HospitalId): Promise<BusinessDate | null> {
  const { rows } = await sql<{ lateOn: BusinessDate | null }>`
    select min(late_on) as "lateOn" from settlement.batch
    where hospital_id = ${hospitalId} and status = 'expected'`.execute(tx)
  return rows[0]?.lateOn ?? null
}
