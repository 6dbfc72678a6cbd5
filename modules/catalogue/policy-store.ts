import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Policy, PolicyKey } from './policy.ts'
import type { CatalogueTables } from './tables.ts'

// The one place that reads or writes policies, and how far estimates were off.

const tables = (db: Db | Tx) => db.withTables<CatalogueTables>()

export async function putPolicy(db: Db | Tx, policy: Policy, now: Date): Promise<void> {
  const values = { terms: JSON.stringify(policy.terms), updated_at: now }
  await tables(db)
    .insertInto('catalogue.policy')
    .values({
      region: policy.region,
      insutype: policy.insutype,
      level: policy.level,
      visit_kind: policy.visitKind,
      from_on: policy.from,
      ...values,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['region', 'insutype', 'level', 'visit_kind', 'from_on'])
        .doUpdateSet(values),
    )
    .execute()
}

const MOST_POLICIES = 500

/** All of a region, the latest of each kind first. */
export async function policiesOf(db: Db, region: string): Promise<Policy[]> {
  const rows = await tables(db)
    .selectFrom('catalogue.policy')
    .selectAll()
    .where('region', '=', region)
    .orderBy('insutype')
    .orderBy('visit_kind')
    .orderBy('level')
    .orderBy('from_on', 'desc')
    .limit(MOST_POLICIES)
    .execute()
  return rows.map((row) => ({
    region,
    insutype: row.insutype,
    level: row.level,
    visitKind: row.visit_kind,
    from: row.from_on,
    terms: row.terms,
  }))
}

/** The policy in force on a day; null when nobody has put one. */
export async function policyOn(db: Db, key: PolicyKey, on: BusinessDate): Promise<Policy | null> {
  const row = await tables(db)
    .selectFrom('catalogue.policy')
    .selectAll()
    .where('region', '=', key.region)
    .where('insutype', '=', key.insutype)
    .where('level', '=', key.level)
    .where('visit_kind', '=', key.visitKind)
    .where('from_on', '<=', on)
    .orderBy('from_on', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { ...key, from: row.from_on, terms: row.terms } : null
}

/** An estimate beside what the insurer settled. */
export type Measured = {
  settlementNo: string
  businessDate: BusinessDate
  insutype: string
  totalFen: Fen
  estimated: Shares
  settled: Shares
}
export type Shares = { inScopeFen: Fen; fundFen: Fen; cashFen: Fen }

/** Once per settlement: what was measured first stays. */
export async function insertDifference(
  tx: Tx,
  hospitalId: HospitalId,
  { settlementNo, businessDate, insutype, totalFen, estimated, settled }: Measured,
  now: Date,
): Promise<void> {
  await tables(tx)
    .insertInto('catalogue.estimate_difference')
    .values({
      hospital_id: hospitalId,
      settlement_no: settlementNo,
      business_date: businessDate,
      insutype,
      total_fen: totalFen,
      estimated_scope_fen: estimated.inScopeFen,
      settled_scope_fen: settled.inScopeFen,
      estimated_fund_fen: estimated.fundFen,
      settled_fund_fen: settled.fundFen,
      estimated_cash_fen: estimated.cashFen,
      settled_cash_fen: settled.cashFen,
      compared_at: now,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'settlement_no']).doNothing())
    .execute()
}

/** How good estimates were, by kind of insurance. Averages are rounded to whole fen; "off" is without its sign. */
export type Accuracy = {
  insutype: string
  settlements: number
  exact: number // those whose cash was right to the fen
  averageTotalFen: number
  averageCashFen: number // estimated less settled: above zero, the patient was told too much
  averageCashOffFen: number
  averageFundOffFen: number
  averageScopeOffFen: number
  worstCashOffFen: number
}

export async function accuracyOf(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<Accuracy[]> {
  const { rows } = await sql<Accuracy>`
    select insutype, count(*) as settlements,
      count(*) filter (where estimated_cash_fen = settled_cash_fen) as exact,
      round(avg(total_fen)) as "averageTotalFen",
      round(avg(estimated_cash_fen - settled_cash_fen)) as "averageCashFen",
      round(avg(abs(estimated_cash_fen - settled_cash_fen))) as "averageCashOffFen",
      round(avg(abs(estimated_fund_fen - settled_fund_fen))) as "averageFundOffFen",
      round(avg(abs(estimated_scope_fen - settled_scope_fen))) as "averageScopeOffFen",
      max(abs(estimated_cash_fen - settled_cash_fen)) as "worstCashOffFen"
    from catalogue.estimate_difference
    where hospital_id = ${hospitalId} and business_date between ${from} and ${to}
    group by insutype order by insutype`.execute(tx)
  return rows
}
