import { sql } from 'kysely'

import { fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { LenderId } from '../terms.ts'
import type { Portfolio } from './loan.ts'

/** By days overdue, from and to inclusive. */
export const BUCKETS = [
  { name: 'current', from: null, to: 0 },
  { name: '1-30', from: 1, to: 30 },
  { name: '31-60', from: 31, to: 60 },
  { name: '61-90', from: 61, to: 90 },
  { name: '91-180', from: 91, to: 180 },
  { name: '181-360', from: 181, to: 360 },
  { name: 'over-360', from: 361, to: null },
] as const

const BAD_DAYS = 90

/** A lender's figures as of this date: what is open by age, and what the day brought. Nothing about any person. */
export async function portfolioOf(
  tx: Tx,
  lenderId: LenderId,
  date: BusinessDate,
): Promise<Portfolio> {
  const [open, day] = [await openOf(tx, lenderId, date), await dayOf(tx, lenderId, date)]
  const total = (key: keyof Omit<OpenRow, 'days'>) => open.reduce((sum, row) => sum + row[key], 0)
  const principalFen = total('principalFen')
  const badFen = open.reduce((sum, row) => sum + (row.days > BAD_DAYS ? row.principalFen : 0), 0)
  return {
    openLoans: total('loans'),
    principalFen: fen(principalFen),
    interestFen: fen(total('interestFen')),
    feeFen: fen(total('feeFen')),
    penaltyFen: fen(total('penaltyFen')),
    buckets: BUCKETS.map(({ name, from, to }) => {
      const rows = open.filter(({ days }) => days >= (from ?? 0) && (to === null || days <= to))
      return {
        name,
        loans: rows.reduce((sum, row) => sum + row.loans, 0),
        principalFen: fen(rows.reduce((sum, row) => sum + row.principalFen, 0)),
      }
    }),
    ...day,
    badDebtPpm:
      principalFen === 0 ? 0 : Number((BigInt(badFen) * 1_000_000n) / BigInt(principalFen)),
  }
}

/** By days overdue: at most one row for each day since the oldest. */
async function openOf(tx: Tx, lenderId: LenderId, date: BusinessDate): Promise<OpenRow[]> {
  const { rows } = await sql<OpenRow>`
    with owed as (
      select loan_id, sum(principal_fen - paid_principal_fen) as principal,
        sum(accrued_interest_fen - paid_interest_fen) as interest,
        sum(charged_fee_fen - paid_fee_fen) as fee, sum(accrued_penalty_fen - paid_penalty_fen) as penalty
      from credit.instalment where hospital_id = ${lenderId} and status = 'open' group by loan_id
    )
    select greatest(${date}::date - coalesce(l.overdue_since, ${date}::date), 0) as days,
      count(*)::int as loans, sum(o.principal) as "principalFen", sum(o.interest) as "interestFen",
      sum(o.fee) as "feeFen", sum(o.penalty) as "penaltyFen"
    from credit.loan l join owed o on o.loan_id = l.id
    where l.hospital_id = ${lenderId} and l.status = 'open'
    group by 1`.execute(tx)
  return rows
}

async function dayOf(tx: Tx, lenderId: LenderId, date: BusinessDate): Promise<DayFigures> {
  const { rows } = await sql<DayFigures>`
    select
      (select count(*) from credit.loan where hospital_id = ${lenderId} and opened_on = ${date}::date)::int
        as "newLoans",
      (select coalesce(sum(principal_fen), 0) from credit.loan
        where hospital_id = ${lenderId} and opened_on = ${date}::date) as "newPrincipalFen",
      coalesce(sum(amount_fen - excess_fen) filter (where source <> 'recovery'), 0) as "repaidFen",
      coalesce(sum(amount_fen - excess_fen) filter (where source = 'recovery'), 0) as "recoveredFen",
      (select count(*) from credit.write_off where hospital_id = ${lenderId}
        and (approved_at at time zone 'Asia/Shanghai')::date = ${date}::date)::int as "writtenOffLoans",
      (select coalesce(sum(amount_fen), 0) from credit.write_off where hospital_id = ${lenderId}
        and (approved_at at time zone 'Asia/Shanghai')::date = ${date}::date) as "writtenOffFen"
    from credit.repayment
    where hospital_id = ${lenderId} and status = 'done' and business_date = ${date}::date`.execute(
    tx,
  )
  const [row] = rows
  return row ?? NO_DAY
}

type OpenRow = {
  days: number
  loans: number
  principalFen: number
  interestFen: number
  feeFen: number
  penaltyFen: number
}

type DayFigures = Pick<
  Portfolio,
  | 'newLoans'
  | 'newPrincipalFen'
  | 'repaidFen'
  | 'recoveredFen'
  | 'writtenOffLoans'
  | 'writtenOffFen'
>

const NO_DAY: DayFigures = {
  newLoans: 0,
  newPrincipalFen: fen(0),
  repaidFen: fen(0),
  recoveredFen: fen(0),
  writtenOffLoans: 0,
  writtenOffFen: fen(0),
}
