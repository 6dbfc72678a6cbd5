import { sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'

/** What is wrong with the books of a hospital, by name; nothing, at every commit. */
export async function problemsOf(tx: Tx, hospitalId: HospitalId): Promise<string[]> {
  const problems: string[] = []
  for (const [name, query] of Object.entries(CHECKS)) {
    const { rows } = await query(hospitalId).execute(tx)
    for (const row of rows) problems.push(`${name} ${JSON.stringify(row)}`)
  }
  return problems
}

const CHECKS = {
  sides_differ: (hospitalId: HospitalId) => sql`
    select sum(debit_fen) as debit, sum(credit_fen) as credit from ledger.account_balance
    where hospital_id = ${hospitalId} having sum(debit_fen) <> sum(credit_fen)`,

  totals_differ_from_transfers: (hospitalId: HospitalId) => sql`
    select a.code, a.debit_fen, a.credit_fen from ledger.account_balance a
    where a.hospital_id = ${hospitalId} and (
      a.debit_fen <> (select coalesce(sum(t.amount_fen), 0) from ledger.transfer t
        where t.hospital_id = a.hospital_id and t.debit_account = a.code)
      or a.credit_fen <> (select coalesce(sum(t.amount_fen), 0) from ledger.transfer t
        where t.hospital_id = a.hospital_id and t.credit_account = a.code))`,

  held_differs_from_open_holds: (hospitalId: HospitalId) => sql`
    select a.code, a.held_fen from ledger.account_balance a
    where a.hospital_id = ${hospitalId} and a.held_fen <> (
      select coalesce(sum(h.amount_fen - (select coalesce(sum(p.amount_fen), 0) from ledger.hold_part p
        where p.hospital_id = h.hospital_id and p.hold_id = h.id)), 0) from ledger.hold h
      where h.hospital_id = a.hospital_id and h.credit_account = a.code and not exists (
        select from ledger.hold_end e where e.hospital_id = h.hospital_id and e.hold_id = h.id))`,

  entry_without_transfers: (hospitalId: HospitalId) => sql`
    select e.cause from ledger.entry e where e.hospital_id = ${hospitalId} and not exists (
      select from ledger.transfer t where t.hospital_id = e.hospital_id and t.entry_id = e.id)`,

  posted_hold_without_its_entry: (hospitalId: HospitalId) => sql`
    select h.cause from ledger.hold_end x
    join ledger.hold h on h.hospital_id = x.hospital_id and h.id = x.hold_id
    where x.hospital_id = ${hospitalId} and x.outcome = 'posted' and not exists (
      select from ledger.transfer t where t.hospital_id = x.hospital_id and t.entry_id = x.entry_id
        and t.debit_account = h.debit_account and t.credit_account = h.credit_account
        and t.amount_fen = coalesce(x.amount_fen, h.amount_fen))`,
}
