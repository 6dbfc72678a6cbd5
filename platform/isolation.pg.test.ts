import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../kernel/id.ts'
import { auditAbout, createAudit } from './audit.ts'
import { inHospital, openDb, sqlStateOf, type Tx } from './db.ts'
import { exchangesAbout, saveExchanges } from './exchange.ts'
import { testPlatform } from './testing/clock.ts'
import { createTestDatabase, type TestDatabase } from './testing/database.ts'

// What the database itself refuses, whatever the statements say.

const { clock, newId } = testPlatform()
const [ONE, TWO] = [1 as HospitalId, 2 as HospitalId]
const DENIED = '42501'

let db: TestDatabase
let owner: ReturnType<typeof openDb>

beforeAll(async () => {
  db = await createTestDatabase()
  owner = openDb({ url: db.url, maxConnections: 2 })
  for (const hospitalId of [ONE, TWO]) {
    await inHospital(db, hospitalId, async (tx) => {
      await audit(tx, hospitalId, ACTOR, { action: 'payments.confirm', subject: 'payment:1' })
      await saveExchanges(tx, newId, hospitalId, 'payment:1', [EXCHANGE])
    })
  }
})
afterAll(async () => {
  await owner.destroy()
  await db[Symbol.asyncDispose]()
})

const ACTOR = { name: 'staff:s1', requestId: 'r1' }
const EXCHANGE = {
  system: 'wechat',
  operation: 'GET /v3/x',
  direction: 'out' as const,
  request: 'q',
  response: 'a'.repeat(30_000),
  outcome: 'confirmed',
  startedAt: clock.now(),
  durationMs: 12,
}
const audit = createAudit({ clock, newId })

const stateOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => sqlStateOf(error),
  )

describe('a row of a hospital', () => {
  const count = (tx: Tx, table: string) =>
    sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`
      .execute(tx)
      .then(({ rows }) => rows[0]?.n)

  it('is seen by its own hospital only', async () => {
    for (const hospitalId of [ONE, TWO]) {
      const seen = await inHospital(db, hospitalId, async (tx) => ({
        rows: await count(tx, 'platform.audit'),
        about: await auditAbout(tx, hospitalId, 'payment:1'),
        // Asked for by name, another's rows are not there either.
        ofOthers: await auditAbout(tx, (3 - hospitalId) as HospitalId, 'payment:1'),
      }))
      expect([seen.rows, seen.about.length, seen.ofOthers]).toEqual([1, 1, []])
    }
  })

  it('is not there for whoever names no hospital', async () => {
    expect(await count(db as never, 'platform.audit')).toBe(0)
    await db.transaction().execute(async (tx) => {
      expect(await count(tx, 'platform.exchange')).toBe(0)
    })
  })

  it('leaves no trace of its hospital in the connection that was lent', async () => {
    const one = openDb({ url: db.url, role: 'yiqiao_app', maxConnections: 1 })
    await inHospital(one, ONE, (tx) => count(tx, 'platform.audit'))
    expect(await count(one as never, 'platform.audit')).toBe(0)
    await one.destroy()
  })

  it('is not written for another hospital', async () => {
    const foreign = inHospital(db, ONE, (tx) =>
      audit(tx, TWO, ACTOR, { action: 'x', subject: 'payment:2' }),
    )
    expect(await stateOf(foreign)).toBe(DENIED)
  })

  it('is not handed over to another hospital', async () => {
    const moved = inHospital(db, ONE, async (tx) => {
      await sql`insert into platform.outbox
        (hospital_id, id, name, payload, created_at, attempts, due_at)
        values (1, ${newId()}, 'x', '{}', ${clock.now()}, 0, null)`.execute(tx)
      await sql`update platform.outbox set hospital_id = 2`.execute(tx)
    })
    expect(await stateOf(moved)).toBe(DENIED)
  })

  it.each([0, -1, 1.5, Number.NaN])('has a hospital that is a number above zero, not %s', (no) => {
    expect(() => inHospital(db, no as HospitalId, async () => 1)).toThrow("is a hospital's number")
  })
})

it('security by row is on and forced for every table whose key begins with the hospital', async () => {
  const { rows } = await sql<{ name: string; forced: boolean }>`
    select c.oid::regclass::text as name, c.relrowsecurity and c.relforcerowsecurity
      and exists (select from pg_policy p where p.polrelid = c.oid) as forced
    from pg_class c
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attname = 'hospital_id'
    where c.relkind in ('r', 'p')`.execute(owner)
  const names = rows.map((row) => row.name)
  expect(names).toEqual(
    expect.arrayContaining(['platform.audit', 'ledger.transfer', 'payments.move']),
  )
  expect(rows.filter((row) => !row.forced)).toEqual([])
})

it('the role of the application owns nothing and cannot pass by security by row', async () => {
  const { rows } = await sql<Record<string, unknown>>`
    select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
      (select count(*) from pg_class where relowner = r.oid) as owned
    from pg_roles r where rolname = 'yiqiao_app'`.execute(owner)
  expect(rows).toEqual([
    {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: false,
      owned: 0,
    },
  ])
})

describe('what was written down', () => {
  it.each(['platform.audit', 'platform.exchange'])('is never changed: %s', async (table) => {
    const attempts = [
      sql`update ${sql.table(table)} set subject = 'payment:2'`,
      sql`delete from ${sql.table(table)}`,
      sql`truncate ${sql.table(table)}`,
      sql`alter table ${sql.table(table)} disable row level security`,
      sql`drop table ${sql.table(table)}`,
    ]
    for (const attempt of attempts) {
      expect(await stateOf(inHospital(db, ONE, (tx) => attempt.execute(tx)))).toBe(DENIED)
    }
  })

  it.each(['platform.idempotency', 'platform.outbox', 'platform.inbox'])(
    'is never deleted: %s',
    async (table) => {
      const attempts = [sql`delete from ${sql.table(table)}`, sql`truncate ${sql.table(table)}`]
      for (const attempt of attempts) {
        expect(await stateOf(inHospital(db, ONE, (tx) => attempt.execute(tx)))).toBe(DENIED)
      }
    },
  )

  it('is read back as it was said, cut where it is too long', async () => {
    const [exchange] = await inHospital(db, ONE, (tx) => exchangesAbout(tx, ONE, 'payment:1'))
    expect(exchange).toMatchObject({ ...EXCHANGE, response: 'a'.repeat(20_000) })
    const [row] = await inHospital(db, ONE, (tx) => auditAbout(tx, ONE, 'payment:1'))
    expect(row).toMatchObject({
      at: clock.now(),
      actor: 'staff:s1',
      action: 'payments.confirm',
      outcome: 'done',
      detail: {},
    })
  })
})
