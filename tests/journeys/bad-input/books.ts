import type pg from 'pg'
import { expect } from 'vitest'

import type { Bed } from './bed.ts'

// All that bad input must leave alone: every row of our books, and of everybody else's.

const SCHEMAS = ['payments', 'ledger', 'billing', 'insurance', 'reconciliation']
/** What is told to others, and what was told to us: whoever works these off would act on it. */
const TOLD = ['platform.outbox', 'platform.inbox']

/** Totals are folded into each other as time goes by: what an account stands at is their sum. */
const FOLDED = ['ledger.account', 'ledger.rollup', 'ledger.hour_total']
const BALANCES = 'ledger.account_balance'

/** When something is looked at next, and how often it was: a question asked in between moves these and no money. */
const TIMETABLE = [
  'due_at',
  'retry_at',
  'attempts',
  'in_call_until',
  'call_no',
  'version',
  'updated_at',
]

type Leeway = {
  /** True where the machine may have been woken to ask somebody, and to hear nothing new. */
  mayAsk?: boolean
  /** Tables in which what was tried is written down. */
  apartFrom?: readonly string[]
}

/** Does something that must change nothing, and returns what it came to. */
export async function unchanged<T>(
  bed: Bed,
  work: () => Promise<T>,
  { mayAsk = false, apartFrom = [] }: Leeway = {},
): Promise<T> {
  const columns = mayAsk ? TIMETABLE : []
  const before = await booksOf(bed, columns, apartFrom)
  const result = await work()
  expect(await booksOf(bed, columns, apartFrom)).toEqual(before)
  return result
}

async function booksOf(bed: Bed, columns: readonly string[], apartFrom: readonly string[]) {
  const { wechat, insurance, his } = bed.region
  return {
    ours: (await rowsByTable(bed, columns)).filter(({ table }) => !apartFrom.includes(table)),
    wallet: { orders: wechat.orders(), refunds: wechat.refunds(), money: [...wechat.balances()] },
    hospitals: [...his.values()].map((hospital) => hospital.bills({})),
    problems: [wechat, insurance, ...his.values()].flatMap((simulator) => simulator.checkBooks()),
  }
}

/** How many rows each table has, and a digest of all that stands in them. */
async function rowsByTable(bed: Bed, without: readonly string[]): Promise<Rows[]> {
  const tables = await askOwner<{ name: string }>(bed, TABLES, [SCHEMAS, TOLD, FOLDED])
  const each = [...tables, { name: BALANCES }].map(
    ({ name }) => `select '${name}' as "table", count(*)::int as rows,
      md5(string_agg(row, ',' order by row)) as digest
      from (select (to_jsonb(t) - $1::text[])::text as row from ${rowsOf(name)} t) rows`,
  )
  return askOwner<Rows>(bed, each.join(' union all '), [without])
}

/** What the clock alone tells of is left out: that a case is past its deadline. */
const rowsOf = (table: string): string =>
  table === 'platform.outbox'
    ? `(select * from platform.outbox where name <> 'reconciliation.case_overdue')`
    : table

type Rows = { table: string; rows: number; digest: string | null }

const TABLES = `select n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and (n.nspname = any($1) or n.nspname || '.' || c.relname = any($2))
    and n.nspname || '.' || c.relname <> all($3)
  order by 1`

/** How many rows a table has, of whatever hospital. */
export async function countRows(bed: Bed, table: string): Promise<number> {
  const [found] = await askOwner<{ rows: number }>(
    bed,
    `select count(*)::int as rows from ${table}`,
  )
  return found?.rows ?? 0
}

/** Asks as the owner of the schemas, who sees the rows of every hospital. */
export async function askOwner<Row extends pg.QueryResultRow>(
  { owner }: Bed,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { rows } = await owner.query<Row>(statement, [...values])
  return rows
}
