import { setTimeout as delay } from 'node:timers/promises'

import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'

/** Rows by table, and transactions that wrote something, since the server was started. */
export type Written = { transactions: number; tables: Map<string, Rows> }

type Rows = { inserted: number; updated: number; deleted: number }

export const NOTHING: Written = { transactions: 0, tables: new Map() }

export async function written(client: pg.Client): Promise<Written> {
  const { rows } = await client.query<{ table: string } & Record<keyof Rows, string>>(
    `select schemaname || '.' || relname as table, n_tup_ins as inserted, n_tup_upd as updated,
      n_tup_del as deleted from pg_stat_user_tables`,
  )
  const counter = await client.query<{ next: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as next',
  )
  return {
    transactions: Number(counter.rows[0]?.next),
    tables: new Map(
      rows.map(({ table, inserted, updated, deleted }) => [
        table,
        { inserted: Number(inserted), updated: Number(updated), deleted: Number(deleted) },
      ]),
    ),
  }
}

const LOOK_EVERY_MS = 1_000
// A session that has nothing to do reports what it wrote after ten seconds at the latest.
const SETTLED_AFTER_LOOKS = 11
const MOST_LOOKS = 60

/** A session reports what it wrote only now and then: looks until all of `payments` are counted and nothing changes. */
export async function writtenOnceReported(
  client: pg.Client,
  before: Written,
  payments: number,
): Promise<Written> {
  let last = ''
  let same = 0
  for (let look = 0; look < MOST_LOOKS; look++) {
    const now = await written(client)
    const { inserted = 0 } = perPayment(before, now, 1).tables.get('payments.payment') ?? {}
    const text = JSON.stringify([...now.tables])
    same = text === last ? same + 1 : 0
    if (inserted >= payments && same >= SETTLED_AFTER_LOOKS) return now
    last = text
    await delay(LOOK_EVERY_MS)
  }
  return assert(false, 'the server has counted all rows in a minute') as never
}

export function perPayment(before: Written, after: Written, payments: number): Written {
  const tables = [...after.tables].map(([table, rows]) => {
    const earlier = before.tables.get(table) ?? { inserted: 0, updated: 0, deleted: 0 }
    const mean = (of: keyof Rows) => (rows[of] - earlier[of]) / payments
    const means = {
      inserted: mean('inserted'),
      updated: mean('updated'),
      deleted: mean('deleted'),
    }
    return [table, means] as const
  })
  return {
    transactions: (after.transactions - before.transactions) / payments,
    tables: new Map(tables),
  }
}

/** Signing in is no part of a payment. */
const SIGN_IN = /^identity\./

/** Of the payments alone. */
export const ofPayments = ({ transactions, tables }: Written): Written => ({
  transactions,
  tables: new Map([...tables].filter(([table]) => !SIGN_IN.test(table))),
})

/** Rows added and changed in all tables. */
export function totalsOf({ tables }: Written): { inserted: number; updated: number } {
  const sum = (of: keyof Rows) => [...tables.values()].reduce((total, rows) => total + rows[of], 0)
  return { inserted: sum('inserted'), updated: sum('updated') }
}
