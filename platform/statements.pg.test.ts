import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { HospitalId } from '../kernel/id.ts'
import { inHospital } from './db.ts'
import { administer } from './testing/admin.ts'
import { createTestDatabase, type TestDatabase } from './testing/database.ts'

const ONE = 1 as HospitalId
let db: TestDatabase
const sent = vi.spyOn(pg.Client.prototype, 'query')

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void sent.mockClear())

const texts = () =>
  sent.mock.calls.map(([query]) =>
    typeof query === 'string' ? query : (query as { text: string }).text,
  )

describe('a transaction', () => {
  it('begins with its first statement and not before it', async () => {
    const answer = await inHospital(db, ONE, async (tx) => {
      const { rows } = await sql<{ n: number }>`select ${7}::int as n`.execute(tx)
      return rows
    })
    expect(answer).toEqual([{ n: 7 }])
    expect(texts()).toEqual([
      `begin; set local app.hospital_id = '1'`,
      'select $1::int as n',
      'commit',
    ])
  })

  it('begins before a statement with parameters', async () => {
    await db.transaction().execute((tx) => sql`select ${1}::int`.execute(tx))
    expect(texts()).toEqual(['begin', 'select $1::int', 'commit'])
  })

  it('does at once what is given at once, in that order, and sees what was written before', async () => {
    const seen = await inHospital(db, ONE, async (tx) => {
      const insert = sql`insert into platform.audit
        (hospital_id, id, at, actor, action, subject, outcome, detail)
        values (1, gen_random_uuid(), now(), ${'a'}, 'at-once', 'c', 'done', '{}')`
      const count = sql<{
        n: number
      }>`select count(*) as n from platform.audit where action = ${'at-once'}`
      const [, first, , second] = await Promise.all([
        insert.execute(tx),
        count.execute(tx),
        insert.execute(tx),
        count.execute(tx),
      ])
      return [first.rows[0]?.n, second.rows[0]?.n]
    })
    expect(seen).toEqual([1, 2])
  })

  it('fails whole when one of those fails, and its connection is as good as new', async () => {
    const work = () =>
      inHospital(db, ONE, (tx) =>
        Promise.all([
          sql`insert into platform.audit (hospital_id, id, at, actor, action, subject, outcome, detail)
            values (1, gen_random_uuid(), now(), ${'a'}, 'half', 'c', 'done', '{}')`.execute(tx),
          sql`select ${1}::int / ${0}::int`.execute(tx),
          sql`select ${1}::int`.execute(tx),
        ]),
      )
    await expect(work()).rejects.toMatchObject({ code: '22012' })
    const left = await inHospital(db, ONE, async (tx) => {
      const { rows } = await sql`select 1 from platform.audit where action = 'half'`.execute(tx)
      return rows
    })
    expect(left).toEqual([])
  })

  it('of nothing is nothing', async () => {
    await db.transaction().execute(async () => undefined)
    expect(texts()).toEqual([])
  })

  it('is rolled back whole when its work throws', async () => {
    const work = inHospital(db, ONE, async (tx) => {
      await sql`insert into platform.audit (hospital_id, id, at, actor, action, subject, outcome, detail)
        values (1, gen_random_uuid(), now(), 'a', 'b', 'c', 'done', '{}')`.execute(tx)
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(texts().at(-1)).toBe('rollback')
    const left = await inHospital(db, ONE, (tx) =>
      sql`select 1 from platform.audit where action = 'b'`.execute(tx),
    )
    expect(left.rows).toEqual([])
  })
})

describe('a prepared statement', () => {
  it('survives a migration that changes what it reads', async () => {
    const migrate = (text: string) => administer(db.url, text)
    await migrate('create table public.changing as select 1 as a')
    await migrate('grant select on public.changing to yiqiao_app')
    const read = () =>
      inHospital(db, ONE, async (tx) => {
        const { rows } = await sql`select * from public.changing where a = ${1}::int`.execute(tx)
        return rows
      })
    expect(await read()).toEqual([{ a: 1 }])
    await migrate('alter table public.changing add column b int default 2')
    expect(await read()).toEqual([{ a: 1, b: 2 }])
  })
})
