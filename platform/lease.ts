import { sql } from 'kysely'

import type { HospitalId } from '../kernel/id.ts'
import type { Tx } from './db.ts'

/**
 * The columns of a table whose rows are worked on by one worker at a time. The number of the lease fences: a write under
 * an earlier one is refused.
 */
export type LeaseColumns = { lease_no: number; leased_until: Date | null }

/** Of a row that nobody works on yet. */
export const NOT_LEASED: LeaseColumns = { lease_no: 0, leased_until: null }

/** Thrown when a write is refused because another worker has taken over: nothing of it was written. */
export class LeaseLost extends Error {}

/** By the column that, besides hospital_id, names one row: 'payment_id'. */
export type LeasedRow = { table: string; hospitalId: HospitalId; column: string; value: string }

/** Takes the row for one worker until `until`. Null when there is none, or another worker has it. */
export async function takeLease<Row extends LeaseColumns>(
  tx: Tx,
  row: LeasedRow,
  { now, until }: { now: Date; until: Date },
): Promise<Row | null> {
  const { rows } = await sql<Row>`update ${sql.table(row.table)}
    set lease_no = lease_no + 1, leased_until = ${until}
    where hospital_id = ${row.hospitalId} and ${sql.ref(row.column)} = ${row.value}
      and (leased_until is null or leased_until <= ${now})
    returning *`.execute(tx)
  return rows[0] ?? null
}

/** Does nothing when the lease is another's by now. */
export async function endLease(tx: Tx, row: LeasedRow, leaseNo: number): Promise<void> {
  await sql`update ${sql.table(row.table)} set leased_until = null
    where hospital_id = ${row.hospitalId} and ${sql.ref(row.column)} = ${row.value}
      and lease_no = ${leaseNo}`.execute(tx)
}

/** Works while a lease is held and ends it, whatever came of it. 'busy': another worker has taken over. */
export async function whileLeased<T>(
  work: () => Promise<T>,
  end: () => Promise<unknown>,
): Promise<T | 'busy'> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LeaseLost) return 'busy'
    throw error
  } finally {
    await end()
  }
}
