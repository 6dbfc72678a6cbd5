import { type RawBuilder, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
import { type BusinessDate, HOUR_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { AccountKind } from './entry.ts'
import { idAt, startOfHour } from './hour.ts'

// What accounts stood at: reads only. Sums of hours, what was added beside them since, and for an instant the entries
// of its hour: how many entries there are in all makes no difference.

/** With a date, all that is booked for days up to it, whenever it was; at an instant, all that was posted until then. */
export type BalanceAt = { date: BusinessDate } | { instant: Date }

export type AccountBalance = {
  code: string
  kind: AccountKind
  debitFen: Fen
  creditFen: Fen
  /** What is promised of it now. Of the past it is not known, and zero. */
  heldFen: Fen
}

/** Every account of the hospital with its running totals. */
export async function balancesOf(tx: Tx, hospitalId: HospitalId): Promise<AccountBalance[]> {
  const { rows } = await sql<AccountBalance>`
    select code, kind, debit_fen as "debitFen", credit_fen as "creditFen", held_fen as "heldFen"
    from ledger.account_balance where hospital_id = ${hospitalId} order by code`.execute(tx)
  return rows
}

/** One account, now or at a time; null when it was never opened. */
export async function balanceOf(
  tx: Tx,
  hospitalId: HospitalId,
  code: string,
  at?: BalanceAt,
): Promise<AccountBalance | null> {
  const accounts = sql`
    select code, kind from ledger.account where hospital_id = ${hospitalId} and code = ${code}`
  const [balance] = at
    ? await balancesThen(tx, hospitalId, accounts, at)
    : await balancesNow(tx, hospitalId, sql`code = ${code}`)
  return balance ?? null
}

/**
 * A page of the accounts, or of those that are named, by code, now or at a time. The code of the last one is where the
 * next page goes on.
 */
export async function balancePage(
  tx: Tx,
  hospitalId: HospitalId,
  { after = '', limit, at, codes }: BalancePage,
): Promise<AccountBalance[]> {
  const among = codes ? sql`and code = any(${[...codes]}::text[])` : sql``
  const which = sql`code > ${after} ${among} order by code limit ${limit}`
  if (!at) return balancesNow(tx, hospitalId, which)
  const accounts = sql`
    select code, kind from ledger.account where hospital_id = ${hospitalId} and ${which}`
  return balancesThen(tx, hospitalId, accounts, at)
}

type BalancePage = { after?: string; limit: number; at?: BalanceAt; codes?: readonly string[] }

export type AccountRow = { code: string; kind: AccountKind }

/** Accounts by code, without their balances: every one that was ever opened, one kind of them, or the one of a code. */
export async function accountPage(
  tx: Tx,
  hospitalId: HospitalId,
  { after = '', limit, kind, code }: AccountPage,
): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    select code, kind from ledger.account
    where hospital_id = ${hospitalId} and code > ${after}
      ${kind ? sql`and kind = ${kind}` : sql``} ${code === undefined ? sql`` : sql`and code = ${code}`}
    order by code limit ${limit}`.execute(tx)
  return rows
}

type AccountPage = { after?: string; limit: number; kind?: AccountKind; code?: string }

/** What moved on one account, from the beginning to the end of a business date. */
export async function movementsUntil(
  tx: Tx,
  hospitalId: HospitalId,
  account: string,
  date: BusinessDate,
): Promise<{ debitFen: Fen; creditFen: Fen }> {
  const balance = await balanceOf(tx, hospitalId, account, { date })
  return { debitFen: balance?.debitFen ?? ZERO, creditFen: balance?.creditFen ?? ZERO }
}

async function balancesNow(
  tx: Tx,
  hospitalId: HospitalId,
  which: RawBuilder<unknown>,
): Promise<AccountBalance[]> {
  const { rows } = await sql<AccountBalance>`
    select code, kind, debit_fen as "debitFen", credit_fen as "creditFen", held_fen as "heldFen"
    from ledger.account_balance where hospital_id = ${hospitalId} and ${which}`.execute(tx)
  return rows
}

async function balancesThen(
  tx: Tx,
  hospitalId: HospitalId,
  accounts: RawBuilder<unknown>,
  at: BalanceAt,
): Promise<AccountBalance[]> {
  const [within, more] =
    'date' in at
      ? [sql`business_date <= ${at.date}`, sql``]
      : [sql`posted_hour < ${startOfHour(at.instant)}`, ofTheHour(hospitalId, at.instant)]
  const { rows } = await sql<AccountBalance>`
    select a.code, a.kind, coalesce(sum(p.debit_fen), 0) as "debitFen",
      coalesce(sum(p.credit_fen), 0) as "creditFen", 0::bigint as "heldFen"
    from (${accounts}) a
    left join lateral (
      select sum(debit_fen) as debit_fen, sum(credit_fen) as credit_fen from ledger.hour_total
      where hospital_id = ${hospitalId} and account = a.code and ${within}
      union all
      select sum(debit_fen), sum(credit_fen) from ledger.rollup
      where hospital_id = ${hospitalId} and account = a.code and ${within}
      ${more}
    ) p on true
    group by a.code, a.kind order by a.code`.execute(tx)
  return rows
}

const ofTheHour = (hospitalId: HospitalId, instant: Date) => sql`
  union all
  select sum(case when t.debit_account = a.code then t.amount_fen end),
    sum(case when t.credit_account = a.code then t.amount_fen end)
  from ledger.entry e
  join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
  where e.hospital_id = ${hospitalId}
    and e.id >= ${idAt(startOfHour(instant).getTime() - HOUR_MS)}::uuid
    and e.id <= ${idAt(instant.getTime() + HOUR_MS)}::uuid
    and e.created_at >= ${startOfHour(instant)} and e.created_at <= ${instant}
    and a.code in (t.debit_account, t.credit_account)`
