import { sql, type Selectable } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import { addFen, type Fen } from '../../../kernel/money.ts'
import type { Tx } from '../../../platform/db.ts'
import { NOT_LEASED, takeLease } from '../../../platform/lease.ts'
import type { Figures } from '../figures.ts'
import type { InsuranceTables } from '../tables.ts'
import type { ComparedClearing, MonthStatus, OwnSettlement } from './compare.ts'

// The one place that reads or writes the months of clearing.

export type MonthRecord = {
  month: string // '2026-11'
  status: MonthStatus
  confirmationNo: string | null
  listed: number
  confirmed: number
  totalFen: Fen
  insurersFen: Fen
  note: string | null
  checkedAt: Date
  confirmedAt: Date | null
}

type MonthRow = Selectable<InsuranceTables['insurance.clearing_month']>

const tables = (tx: Tx) => tx.withTables<InsuranceTables>()

/** Takes a month for one worker, opening it where it is new. Null when it is another's. */
export async function leaseMonth(
  tx: Tx,
  hospitalId: HospitalId,
  month: string,
  { now, until }: { now: Date; until: Date },
): Promise<{ record: MonthRecord; leaseNo: number } | null> {
  await tables(tx)
    .insertInto('insurance.clearing_month')
    .values({
      hospital_id: hospitalId,
      month,
      status: 'open',
      confirmation_no: null,
      listed: 0,
      confirmed: 0,
      total_fen: addFen(),
      insurers_fen: addFen(),
      note: null,
      checked_at: now,
      confirmed_at: null,
      ...NOT_LEASED,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'month']).doNothing())
    .execute()
  const leased = { table: 'insurance.clearing_month', hospitalId, column: 'month', value: month }
  const row = await takeLease<MonthRow>(tx, leased, { now, until })
  return row ? { record: toRecord(row), leaseNo: row.lease_no } : null
}

/** False when the lease is another's by now: nothing was written. */
export async function saveMonth(
  tx: Tx,
  hospitalId: HospitalId,
  record: MonthRecord,
  { leaseNo, until }: { leaseNo: number; until: Date | null },
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('insurance.clearing_month')
    .set({
      status: record.status,
      confirmation_no: record.confirmationNo,
      listed: record.listed,
      confirmed: record.confirmed,
      total_fen: record.totalFen,
      insurers_fen: record.insurersFen,
      note: record.note,
      checked_at: record.checkedAt,
      confirmed_at: record.confirmedAt,
      leased_until: until,
    })
    .where('hospital_id', '=', hospitalId)
    .where('month', '=', record.month)
    .where('lease_no', '=', leaseNo)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const CHUNK = 500

/** The rows of a month in place of those of an earlier look. */
export async function putClearingRows(
  tx: Tx,
  hospitalId: HospitalId,
  month: string,
  rows: readonly (ComparedClearing & { isConfirmed: boolean })[],
): Promise<void> {
  await tables(tx)
    .deleteFrom('insurance.clearing_row')
    .where('hospital_id', '=', hospitalId)
    .where('month', '=', month)
    .execute()
  for (let from = 0; from < rows.length; from += CHUNK) {
    await tables(tx)
      .insertInto('insurance.clearing_row')
      .values(
        rows.slice(from, from + CHUNK).map((row) => ({
          hospital_id: hospitalId,
          month,
          number: row.number,
          result: row.result,
          msgid: row.msgid,
          settled_at: row.settledAt,
          total_fen: row.totalFen,
          insurers_fen: row.insurersFen,
          is_confirmed: row.isConfirmed,
        })),
      )
      .execute()
  }
}

export async function confirmRows(tx: Tx, hospitalId: HospitalId, month: string, is: boolean) {
  await tables(tx)
    .updateTable('insurance.clearing_row')
    .set({ is_confirmed: is })
    .where('hospital_id', '=', hospitalId)
    .where('month', '=', month)
    .where('result', '=', 'agrees')
    .execute()
}

/**
 * Our settlements of people of other pools in a time, visits and stays, without those that were given back. `isElsewhere`
 * says which areas are others.
 */
export async function ownElsewhere(
  tx: Tx,
  hospitalId: HospitalId,
  { from, until }: { from: Date; until: Date },
  isElsewhere: (region: string) => boolean,
): Promise<OwnSettlement[]> {
  const { rows } = await sql<OwnSettlement & { insuredRegion: string }>`
    select msgid, settled_at as "settledAt", figures, insured_region as "insuredRegion"
    from insurance.settlement s
    where hospital_id = ${hospitalId} and status = 'done' and kind = 'charge'
      and insured_region is not null and settled_at >= ${from} and settled_at < ${until}
      and not exists (select from insurance.refund r join insurance.settlement v
          on v.hospital_id = r.hospital_id and v.msgid = r.void_msgid
        where r.hospital_id = ${hospitalId} and r.old_msgid = s.msgid and v.status = 'done')
    union all
    select m.msgid, m.settled_at, m.figures, m.insured_region
    from insurance.stay_settlement m
      join insurance.stay s on s.hospital_id = m.hospital_id and s.settled_msgid = m.msgid
    where m.hospital_id = ${hospitalId} and s.hospital_id = ${hospitalId} and m.status = 'done'
      and m.kind = 'charge' and m.insured_region is not null
      and m.settled_at >= ${from} and m.settled_at < ${until}
    order by 2, 1`.execute(tx)
  return rows
    .filter(({ insuredRegion }) => isElsewhere(insuredRegion))
    .map(({ msgid, settledAt, figures }) => ({ msgid, settledAt, figures: figures as Figures }))
}

const MOST_MONTHS = 60

/** The latest first. */
export async function monthsOf(tx: Tx, hospitalId: HospitalId): Promise<MonthRecord[]> {
  const rows = await tables(tx)
    .selectFrom('insurance.clearing_month')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('month', 'desc')
    .limit(MOST_MONTHS)
    .execute()
  return rows.map(toRecord)
}

export type ClearingRow = ComparedClearing & { isConfirmed: boolean }

/** By number. The cursor is the last number of the page before. */
export async function clearingRowsOf(
  tx: Tx,
  hospitalId: HospitalId,
  month: string,
  { after, limit, result }: ClearingQuery,
): Promise<ClearingRow[]> {
  let query = tables(tx)
    .selectFrom('insurance.clearing_row')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('month', '=', month)
  if (result) query = query.where('result', '=', result)
  if (after !== undefined) query = query.where('number', '>', after)
  const rows = await query.orderBy('number').limit(limit).execute()
  return rows.map((row) => ({
    number: row.number,
    result: row.result,
    msgid: row.msgid,
    settledAt: row.settled_at,
    totalFen: row.total_fen,
    insurersFen: row.insurers_fen,
    isConfirmed: row.is_confirmed,
  }))
}

export type ClearingQuery = {
  after?: string | undefined
  limit: number
  result?: ComparedClearing['result'] | undefined
}

const toRecord = (row: MonthRow): MonthRecord => ({
  month: row.month,
  status: row.status,
  confirmationNo: row.confirmation_no,
  listed: row.listed,
  confirmed: row.confirmed,
  totalFen: row.total_fen,
  insurersFen: row.insurers_fen,
  note: row.note,
  checkedAt: row.checked_at,
  confirmedAt: row.confirmed_at,
})
