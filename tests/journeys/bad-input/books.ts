import pg from 'pg'
import { expect } from 'vitest'

import type { Bed } from './bed.ts'

// All that bad input must leave alone: every row of our books, and of everybody else's.

const SCHEMAS = ['payments', 'ledger', 'billing', 'insurance', 'reconciliation']
const TOLD = 'platform.outbox' // who hears of it would act on it

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
}

/** Does something that must change nothing, and returns what it came to. */
export async function unchanged<T>(
  bed: Bed,
  work: () => Promise<T>,
  { mayAsk = false }: Leeway = {},
): Promise<T> {
  const without = mayAsk ? TIMETABLE : []
  const before = await booksOf(bed, without)
  const result = await work()
  expect(await booksOf(bed, without)).toEqual(before)
  return result
}

async function booksOf({ database, region }: Bed, without: readonly string[]) {
  const { wechat, insurance, his } = region
  return {
    ours: await rowsByTable(database.url, without),
    wallet: { orders: wechat.orders(), refunds: wechat.refunds(), money: [...wechat.balances()] },
    hospitals: [...his.values()].map((hospital) => hospital.bills({})),
    problems: [wechat, insurance, ...his.values()].flatMap((simulator) => simulator.checkBooks()),
  }
}

type Rows = { rows: number; digest: string }

/** How many rows each table has, and a digest of all that stands in them. */
async function rowsByTable(
  url: string,
  without: readonly string[],
): Promise<Record<string, Rows | undefined>> {
  return withOwner(url, async (client) => {
    const found = await client.query<{ name: string }>(TABLES, [SCHEMAS, TOLD])
    const tables: Record<string, Rows> = {}
    for (const { name } of found.rows) {
      const { rows } = await client.query<Rows>(
        `select count(*)::int as rows, coalesce(md5(string_agg(content, ',' order by content)), '') as digest
         from (select (to_jsonb(t) - $1::text[])::text as content from ${name} t) rows`,
        [without],
      )
      if (rows[0]) tables[name] = rows[0]
    }
    return tables
  })
}

const TABLES = `select n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and (n.nspname = any($1) or n.nspname || '.' || c.relname = $2)
  order by 1`

/** How many rows a table has, of whatever hospital. */
export async function countRows({ database }: Bed, table: string): Promise<number> {
  return (await rowsByTable(database.url, []))[table]?.rows ?? 0
}

/** Asks as the owner of the schemas, who sees the rows of every hospital. */
export async function askOwner<Row extends pg.QueryResultRow>(
  { database }: Bed,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return withOwner(database.url, async (client) => {
    const { rows } = await client.query<Row>(statement, [...values])
    return rows
  })
}

async function withOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
