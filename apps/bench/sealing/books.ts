import type pg from 'pg'

import type { HospitalId } from '../../../kernel/id.ts'

export const TRANSFERS_OF_ENTRY = 2

const AT_ONCE = 100_000
/** As far apart as the entries of a hospital that posts a thousand a second. */
const APART_MS = 1
const FIRST_MS = Date.UTC(2026, 10, 1)

/** Writes so many entries of two transfers each, as the ledger would: this is about what comes after that. */
export async function enterEntries(
  client: pg.Client,
  hospitalId: HospitalId,
  entries: number,
): Promise<void> {
  await client.query(`set session_replication_role = replica`) // the accounts are not looked at
  for (let from = 0; from < entries; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, entries - from)
    await client.query(
      `with made as (
          select i, (lpad(to_hex($4::bigint + i * ${APART_MS}), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid as id
          from generate_series($2::bigint, $2::bigint + $3::bigint - 1) i),
        entries as (
          insert into ledger.entry (hospital_id, id, business_date, cause, subject, memo, created_at)
          select $1, id, '2026-11-01', 'payment:' || id || ':succeeded', 'payment:' || id, '门诊缴费',
            to_timestamp(($4::bigint + i * ${APART_MS}) / 1000.0) from made)
        insert into ledger.transfer (hospital_id, entry_id, line_no, debit_account, credit_account, amount_fen)
        select $1, id, line_no, 'clearing:wechat', 'income:outpatient:' || line_no, 1000 + i
        from made, generate_series(1, ${TRANSFERS_OF_ENTRY}) line_no`,
      [hospitalId, from, count, FIRST_MS],
    )
  }
  await client.query(`set session_replication_role = default`)
  await client.query(`analyze ledger.entry, ledger.transfer`)
}
