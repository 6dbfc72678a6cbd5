import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { HOSPITAL, PERSON } from '../../../modules/payments/testing/hospital.ts'
import { paymentsWorld } from '../../../modules/payments/testing/world.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { rowsOfPayment, tablesOf } from './rows.ts'
import { chooseRunner, runByDriver } from './run-script.ts'
import { type Script, scriptOfSameRows } from './script.ts'
import type { Written } from './written.ts'

const OTHER = 2 as HospitalId
const BILL = 'B-0123456789abcdef01234567'
const UPDATES = { 'payments.payment': 3, 'payments.tender': 4, 'platform.outbox': 2 }

describe('the script of the same rows', () => {
  let database: TestDatabase
  let client: pg.Client
  let script: Script

  beforeAll(async () => {
    database = await createTestDatabase()
    const world = paymentsWorld(database)
    world.insurer.script.available = false // its numbers are not trade numbers
    for (const billNo of ['B-000000000000000000000001', BILL]) {
      await world.confirm(await world.quote([world.hospital.addBill(billNo, [10_000, 5_000])]))
      world.wallet.payAll()
      await world.pass(10 * SECOND_MS)
    }
    client = new pg.Client(database.url)
    await client.connect()
    await client.query(
      "insert into identity.person values ($1, '', '', '', null, null, '', '', '2026-11-21')",
      [PERSON],
    )
    const options = {
      hospitalId: HOSPITAL,
      other: OTHER,
      billNo: BILL,
      each: await writtenBy(client),
    }
    script = await scriptOfSameRows(client, options)
  })
  afterAll(async () => {
    await client.end()
    await database[Symbol.asyncDispose]()
  })

  it('is in as many transactions, with every row and every change', async () => {
    const rows = [...(await countsOf(client, HOSPITAL)).values()].reduce((a, b) => a + b, 0) / 2
    const changes = Object.values(UPDATES).reduce((a, b) => a + b, 0)
    expect(script.transactions).toHaveLength(5)
    expect(script.statements).toBe(rows + changes)
  })

  const runners = [
    { name: 'the bare driver', run: runByDriver },
    chooseRunner(), // pgbench, where it is installed
  ]

  it.each(runners)('writes the rows of one payment each time, by $name', async ({ run }) => {
    const before = await countsOf(client, OTHER)
    const { payments, latenciesMs } = await run({
      url: database.url,
      script,
      seconds: 1,
      concurrency: 2,
    })
    const after = await countsOf(client, OTHER)
    const ours = await countsOf(client, HOSPITAL)
    expect(payments).toBeGreaterThan(0)
    expect(latenciesMs).toHaveLength(payments)
    for (const [table, count] of ours) {
      const added = (after.get(table) ?? 0) - (before.get(table) ?? 0)
      expect(added / payments, table).toBe(count / 2)
    }
  })

  it('refuses a payment that is not like the others', async () => {
    const each = await writtenBy(client)
    each.tables.set('payments.move', { inserted: 9, updated: 0, deleted: 0 })
    const options = { hospitalId: HOSPITAL, other: OTHER, billNo: BILL, each }
    await expect(scriptOfSameRows(client, options)).rejects.toThrow(/1 rows of payments.move/)
  })

  it('takes no row of another payment of the same person', async () => {
    const { rows } = await rowsOfPayment(client, await tablesOf(client), HOSPITAL, BILL)
    expect(rows.get('payments.payment')).toHaveLength(1)
    expect(rows.get('payments.tender')).toHaveLength(1)
  })
})

/** Rows of a hospital by table, but for its accounts and books, which payments share. */
async function countsOf(client: pg.Client, hospitalId: HospitalId): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { name } of await tablesOf(client)) {
    if (name === 'ledger.account' || name === 'ledger.books') continue
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from ${name} where hospital_id = $1`,
      [hospitalId],
    )
    counts.set(name, Number(rows[0]?.count))
  }
  return counts
}

/** Of two payments alike, as the server would have counted it. */
async function writtenBy(client: pg.Client): Promise<Written> {
  const counts = await countsOf(client, HOSPITAL)
  const tables = [...counts].map(([table, count]) => {
    const updated = Object.entries(UPDATES).find(([name]) => name === table)?.[1] ?? 0
    return [table, { inserted: count / 2, updated, deleted: 0 }] as const
  })
  return { transactions: 5, tables: new Map(tables) }
}
