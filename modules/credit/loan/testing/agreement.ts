import { sql } from 'kysely'

import { inHospital } from '../../../../platform/db.ts'
import type { Db } from '../../../../platform/db.ts'
import type { LenderId } from '../../terms.ts'

const ACCOUNTS = ['principal', 'interest', 'fee', 'penalty'] as const

export type Balances = Record<(typeof ACCOUNTS)[number], number>

/** What is owed, three times: by the instalments, by the sub-ledger and by the book's accounts. */
export async function threeBooks(
  db: Db,
  lender: LenderId,
): Promise<{ instalments: Balances; subLedger: Balances; ledger: Balances }> {
  const rowsOf = (statement: ReturnType<typeof sql<Balances>>) =>
    inHospital(db, lender, async (tx) => (await statement.execute(tx)).rows)
  const [instalments] = await rowsOf(sql<Balances>`
    select coalesce(sum(principal_fen - paid_principal_fen), 0) as principal,
      coalesce(sum(accrued_interest_fen - paid_interest_fen), 0) as interest,
      coalesce(sum(charged_fee_fen - paid_fee_fen), 0) as fee,
      coalesce(sum(accrued_penalty_fen - paid_penalty_fen), 0) as penalty
    from credit.instalment where hospital_id = ${lender} and status = 'open'`)
  const [subLedger] = await rowsOf(sql<Balances>`
    select coalesce(sum(principal_fen), 0) as principal, coalesce(sum(interest_fen), 0) as interest,
      coalesce(sum(fee_fen), 0) as fee, coalesce(sum(penalty_fen), 0) as penalty
    from credit.loan_entry where hospital_id = ${lender}`)
  const accounts = await inHospital(db, lender, async (tx) => {
    const { rows } = await sql<{ code: string; fen: number }>`
      select code, debit_fen - credit_fen as fen from ledger.account_balance where hospital_id = ${lender}`.execute(
      tx,
    )
    return rows
  })
  const balance = (name: string) => accounts.find(({ code }) => code === `loans/${name}`)?.fen ?? 0
  const ledger = Object.fromEntries(ACCOUNTS.map((name) => [name, balance(name)])) as Balances
  const none = { principal: 0, interest: 0, fee: 0, penalty: 0 }
  return { instalments: instalments ?? none, subLedger: subLedger ?? none, ledger }
}
