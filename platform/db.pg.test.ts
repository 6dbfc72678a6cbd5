import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../kernel/id.ts'
import { type Db, inHospital, openDb, sqlStateOf, violatedConstraint } from './db.ts'
import { createTestDatabase, type TestDatabase } from './testing/database.ts'

const ONE = 1 as HospitalId
let db: TestDatabase

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

describe('a violated constraint', () => {
  const pgError = (message: string, fields: object) => Object.assign(new Error(message), fields)

  it.each<[string, Error, string | null]>([
    [
      'as PostgreSQL names it',
      pgError('x', { code: '23505', constraint: 'hold_once' }),
      'hold_once',
    ],
    ['of a shard', pgError('x', { code: '23505', constraint: 'hold_once_102008' }), 'hold_once'],
    [
      'in the message only',
      pgError('duplicate key value violates unique constraint "hold_once"', { code: '23505' }),
      'hold_once',
    ],
    [
      'of a shard, in the message only',
      pgError('duplicate key value violates unique constraint "hold_once_1020081"', {
        code: '23505',
      }),
      'hold_once',
    ],
    [
      'with a short number of its own',
      pgError('violates check constraint "line_2"', { code: '23514' }),
      'line_2',
    ],
    ['of another kind of error', pgError('constraint "x"', { code: '40001' }), null],
    ['that is not named', pgError('null value in column "a"', { code: '23502' }), null],
    ['of no error of the database', new Error('constraint "x"'), null],
  ])('%s', (_what, error, name) => {
    expect(violatedConstraint(error)).toBe(name)
  })

  it('is read from the server itself', async () => {
    const error = await inHospital(db, ONE, (tx) =>
      sql`insert into platform.inbox
        (hospital_id, id, source, dedupe_key, content, received_at, attempts)
        values (1, '0190b3a0-0000-7000-8000-000000000001', 's', 'k', '{}', now(), -1)`.execute(tx),
    ).catch((thrown: unknown) => thrown)
    expect([sqlStateOf(error), violatedConstraint(error)]).toEqual([
      '23514',
      'inbox_attempts_check',
    ])
  })
})

describe('what the database holds reaches us as what we mean', () => {
  const one = async <T>(expression: string) =>
    (await sql<{ value: T }>`select ${sql.raw(expression)} as value`.execute(db)).rows[0]?.value

  it('a bigint and a sum of them as numbers, exactly', async () => {
    expect(await one('9007199254740991::bigint')).toBe(Number.MAX_SAFE_INTEGER)
    expect(await one('-1::bigint')).toBe(-1)
    expect(await one('(select sum(x) from (values (1::bigint), (2)) t(x))')).toBe(3)
    expect(await one('null::bigint')).toBeNull()
  })

  it.each(['9007199254740992::bigint', '0.5::numeric', "'NaN'::numeric"])(
    'and %s not at all',
    async (expression) => {
      await expect(one(expression)).rejects.toThrow('whole and within 2^53')
    },
  )

  it('a date as its text, whatever zone the machine is in', async () => {
    expect(await one("'2026-11-21'::date")).toBe('2026-11-21')
  })

  it('an instant as an instant', async () => {
    expect(await one("'2026-11-21T08:00:00+08:00'::timestamptz")).toEqual(
      new Date('2026-11-21T00:00:00Z'),
    )
    expect(await one("current_setting('timezone')")).toBe('UTC')
  })
})

describe('a transaction', () => {
  it('that loses against another is run again, from its beginning', async () => {
    let tries = 0
    const result = await inHospital(db, ONE, async (tx) => {
      if (++tries < 3) {
        const lost = sql`do $$ begin raise exception 'x' using errcode = '40P01'; end $$`
        await lost.execute(tx)
      }
      return 'done'
    })
    expect([result, tries]).toEqual(['done', 3])
  })

  it('is not run again for ever, and not for another error', async () => {
    const triesOf = async (state: string) => {
      let tries = 0
      const failing = inHospital(db, ONE, (tx) => {
        tries++
        return sql`do $$ begin raise exception 'lost' using errcode = ${sql.raw(`'${state}'`)}; end $$`.execute(
          tx,
        )
      })
      await expect(failing).rejects.toThrow('lost')
      return tries
    }
    expect([await triesOf('40001'), await triesOf('23505')]).toEqual([5, 1])
  })

  it('takes two that wait for each other apart', async () => {
    await inHospital(db, ONE, async (tx) => {
      for (const key of ['a', 'b']) await insertKey(tx, key)
    })
    const both = (first: string, second: string) =>
      inHospital(db, ONE, async (tx) => {
        await touch(tx, first)
        await sql`select pg_sleep(0.05)`.execute(tx)
        await touch(tx, second)
        return 'done'
      })
    expect(await Promise.all([both('a', 'b'), both('b', 'a')])).toEqual(['done', 'done'])
  })

  it('is ended by the server when it takes too long', async () => {
    const impatient = openDb({ url: db.url, role: 'yiqiao_app', statementTimeoutMs: 50 })
    const slow = inHospital(impatient, ONE, (tx) => sql`select pg_sleep(5)`.execute(tx))
    expect(await slow.catch(sqlStateOf)).toBe('57014')
    await impatient.destroy()
  })

  const insertKey = (tx: Db, key: string) =>
    sql`insert into platform.idempotency (hospital_id, principal, key, request_hash, resource_id,
      status, leased_until, created_at) values (1, 'p', ${key}, '',
      '0190b3a0-0000-7000-8000-000000000001', 'running', now(), now())`.execute(tx)
  const touch = (tx: Db, key: string) =>
    sql`update platform.idempotency set request_hash = 'x' where key = ${key}`.execute(tx)
})
