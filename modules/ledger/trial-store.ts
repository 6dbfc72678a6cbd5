import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { AccountKind } from './entry.ts'

// Whether debits and credits come to the same (试算平衡), and how one account went: reads only, by sums of hours.

/** What the accounts of one kind come to. An account stands on one side: on the debit side by what its debits exceed. */
export type TrialLine = {
  kind: AccountKind
  accounts: number
  debitFen: Fen
  creditFen: Fen
  debitBalanceFen: Fen
  creditBalanceFen: Fen
}

/** Now, or at the end of a business date. The kinds that moved, in the order of a chart. */
export async function trialBalance(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate | null,
): Promise<TrialLine[]> {
  const { rows } = await sql<TrialLine>`
    select a.kind, count(*)::int as accounts, sum(s.debit_fen)::bigint as "debitFen",
      sum(s.credit_fen)::bigint as "creditFen",
      sum(greatest(s.debit_fen - s.credit_fen, 0))::bigint as "debitBalanceFen",
      sum(greatest(s.credit_fen - s.debit_fen, 0))::bigint as "creditBalanceFen"
    from (${sumsOfAccounts(hospitalId, date)}) s
    join ledger.account a on a.hospital_id = s.hospital_id and a.code = s.account
    where a.hospital_id = ${hospitalId}
    group by a.kind
    order by array_position(array['asset', 'liability', 'equity', 'income', 'expense'], a.kind)`.execute(
    tx,
  )
  return rows
}

const sumsOfAccounts = (hospitalId: HospitalId, date: BusinessDate | null) => {
  const until = date === null ? sql`` : sql`and business_date <= ${date}`
  return sql`
    select hospital_id, account, sum(debit_fen) as debit_fen, sum(credit_fen) as credit_fen
    from (
      select hospital_id, account, debit_fen, credit_fen from ledger.hour_total
      where hospital_id = ${hospitalId} ${until}
      union all
      select hospital_id, account, debit_fen, credit_fen from ledger.rollup
      where hospital_id = ${hospitalId} ${until}
    ) moved
    group by hospital_id, account`
}

/** What moved on one account on each business date of a range that anything moved on. */
export type DayMovement = { date: BusinessDate; debitFen: Fen; creditFen: Fen }

export async function movementsByDate(
  tx: Tx,
  hospitalId: HospitalId,
  { account, from, to }: { account: string; from: BusinessDate; to: BusinessDate },
): Promise<DayMovement[]> {
  const within = sql`
    account = ${account} and business_date >= ${from} and business_date <= ${to}`
  const { rows } = await sql<DayMovement>`
    select business_date as date, sum(debit_fen)::bigint as "debitFen", sum(credit_fen)::bigint as "creditFen"
    from (
      select business_date, debit_fen, credit_fen from ledger.hour_total
      where hospital_id = ${hospitalId} and ${within}
      union all
      select business_date, debit_fen, credit_fen from ledger.rollup
      where hospital_id = ${hospitalId} and ${within}
    ) moved
    group by business_date order by business_date`.execute(tx)
  return rows
}
