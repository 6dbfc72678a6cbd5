import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { AccountingTables, ExportId, VoucherId } from './tables.ts'
import type { LineRow, VoucherRow } from './voucher-store.ts'

export type ExportRow = Selectable<AccountingTables['accounting.export']>
export type AcknowledgementRow = Selectable<AccountingTables['accounting.acknowledgement']>

/** The lines of vouchers, of each the financial book first; one more than `limit` when there are more. */
export const linesOfVouchers = (
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly VoucherId[],
  limit: number,
): Promise<LineRow[]> =>
  tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.line')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('voucher_id', 'in', ids)
    .orderBy('voucher_id')
    .orderBy('book', 'desc')
    .orderBy('line_no')
    .limit(limit + 1)
    .execute()

export const vouchersById = (
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly VoucherId[],
): Promise<VoucherRow[]> =>
  tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.voucher')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', 'in', ids)
    .orderBy('month')
    .orderBy('type')
    .orderBy('no')
    .execute()

/** Returns the export there is: this one, or the same made before. */
export async function insertExport(tx: Tx, row: ExportRow): Promise<ExportRow> {
  await tx
    .withTables<AccountingTables>()
    .insertInto('accounting.export')
    .values({ ...row, voucher_ids: JSON.stringify(row.voucher_ids) })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'layout', 'from_date', 'to_date', 'digest']).doNothing(),
    )
    .execute()
  return tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.export')
    .selectAll()
    .where('hospital_id', '=', row.hospital_id)
    .where('layout', '=', row.layout)
    .where('from_date', '=', row.from_date)
    .where('to_date', '=', row.to_date)
    .where('digest', '=', row.digest)
    .executeTakeFirstOrThrow()
}

export async function findExport(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: ExportId },
): Promise<ExportRow | null> {
  const row = await tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.export')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

const MOST_EXPORTS = 200

/** Newest first. */
export const listExports = (tx: Tx, hospitalId: HospitalId): Promise<ExportRow[]> =>
  tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.export')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('id', 'desc')
    .limit(MOST_EXPORTS)
    .execute()

export const acknowledgementsOf = async (
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly VoucherId[],
): Promise<AcknowledgementRow[]> =>
  ids.length === 0
    ? []
    : tx
        .withTables<AccountingTables>()
        .selectFrom('accounting.acknowledgement')
        .selectAll()
        .where('hospital_id', '=', hospitalId)
        .where('voucher_id', 'in', ids)
        .execute()

/** False when the voucher is acknowledged already. */
export async function insertAcknowledgement(tx: Tx, row: AcknowledgementRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<AccountingTables>()
    .insertInto('accounting.acknowledgement')
    .values(row)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'voucher_id']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
