import { sql } from 'kysely'
import Type from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { defineErrors } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../db.ts'
import { testPlatform } from '../testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Answer, idempotently, purgeIdempotencyKeys } from './idempotency.ts'
import { problems } from './problem.ts'
import { createHttp } from './server.ts'

const errors = defineErrors('orders', {
  taken: 'conflict',
  refused: 'rejected',
  system_down: 'unavailable',
})

/** A server with one money route, whose work the test chooses. */
async function openShop(db: TestDatabase) {
  const { clock, newId } = testPlatform()
  const app = await createHttp({
    newId,
    authenticate: async ({ headers }) => ({
      kind: 'person',
      personId: String(headers['x-person'] ?? 'p1') as never,
    }),
  })
  const shop = {
    app,
    clock,
    ids: [] as string[],
    work: (async (id) => ({
      status: 201,
      body: { id, zeta: 1, alpha: { y: 'ü', x: [1, 2] } },
    })) as (id: string) => Promise<Answer>,
    order: (options: { key?: string | null; body?: object; person?: string; hospital?: number }) =>
      app.inject({
        method: 'POST',
        url: `/hospitals/${options.hospital ?? 1}/orders`,
        headers: {
          'x-person': options.person ?? 'p1',
          ...(options.key === null ? {} : { 'idempotency-key': options.key ?? 'key-1' }),
        },
        payload: options.body ?? { amountFen: 100 },
      }),
  }
  app.post(
    '/hospitals/:hospitalId/orders',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        params: Type.Object({ hospitalId: Type.Integer() }),
        body: Type.Object({ amountFen: Type.Integer() }),
        response: { ...problems },
      },
    },
    (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      return idempotently({ db, clock, newId }, request, reply, hospitalId, (id) => {
        shop.ids.push(id)
        return shop.work(id)
      })
    },
  )
  await app.ready()
  return shop
}

describe('a money request', () => {
  let db: TestDatabase
  let shop: Awaited<ReturnType<typeof openShop>>

  beforeAll(async () => void (db = await createTestDatabase()))
  afterAll(() => db[Symbol.asyncDispose]())
  beforeEach(async () => {
    shop = await openShop(db)
    // Keys are kept for long, so that each test has those of a person of its own.
    const { order } = shop
    const person = crypto.randomUUID()
    shop.order = (options) => order({ person, ...options })
    return () => shop.app.close()
  })

  it.each([
    ['none', null],
    ['empty', ''],
    ['longer than 255', 'k'.repeat(256)],
  ])('needs a key: %s', async (_what, key) => {
    const answer = await shop.order({ key })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { code: 'http.idempotency_key_missing' },
    ])
    expect(shop.ids).toEqual([])
  })

  it('comes by a route that says so: any other is a mistake of ours', async () => {
    const { clock, newId } = testPlatform()
    const app = await createHttp({
      newId,
      authenticate: async () => ({ kind: 'person', personId: 'p1' as never }),
    })
    let ran = 0
    app.post('/orders', { config: { access: ['person'] } }, (request, reply) =>
      idempotently({ db, clock, newId }, request, reply, 1 as HospitalId, async () => {
        ran += 1
        return { status: 201, body: {} }
      }),
    )
    const headers = { 'idempotency-key': 'key-1' }
    const answer = await app.inject({ method: 'POST', url: '/orders', headers, payload: {} })
    expect([answer.statusCode, ran]).toEqual([500, 0])
    await app.close()
  })

  it('has the same answer to the byte, however often it is sent', async () => {
    const first = await shop.order({})
    expect([first.statusCode, first.json<{ id: string }>().id]).toEqual([201, shop.ids[0]])
    shop.work = () => Promise.reject(new Error('it is not done again'))
    for (let i = 0; i < 5; i++) {
      const again = await shop.order({})
      expect([again.statusCode, again.body]).toEqual([first.statusCode, first.body])
      expect(again.headers['content-type']).toBe(first.headers['content-type'])
    }
    expect(shop.ids).toHaveLength(1)
  })

  it('is done once when it comes fifty times in one moment', async () => {
    const { work } = shop
    shop.work = async (id) => {
      await sql`select pg_sleep(0.1)`.execute(db)
      return work(id)
    }
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.order({})))
    expect(shop.ids).toHaveLength(1)
    const done = answers.filter((answer) => answer.statusCode === 201)
    const running = answers.filter((answer) => answer.statusCode === 409)
    expect(done.length + running.length).toBe(50)
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map((answer) => answer.body)).size).toBe(1)
    for (const answer of running) {
      expect(answer.json()).toMatchObject({ code: 'http.idempotency_key_running' })
    }
    const later = await shop.order({})
    expect(later.body).toBe(done[0]?.body)
  })

  it('is another request under the same key when its body is another', async () => {
    await shop.order({})
    const other = await shop.order({ body: { amountFen: 101 } })
    expect([other.statusCode, other.json()]).toMatchObject([
      422,
      { code: 'http.idempotency_key_reused' },
    ])
    expect(shop.ids).toHaveLength(1)
  })

  it('has nothing to do with the same key of somebody else, or at another hospital', async () => {
    const mine = await shop.order({})
    const theirs = await shop.order({ person: crypto.randomUUID() })
    const elsewhere = await shop.order({ hospital: 2 })
    expect(new Set([mine.body, theirs.body, elsewhere.body]).size).toBe(3)
    expect(shop.ids).toHaveLength(3)
  })

  it('that was cut off is taken up after its lease, under the same id, and has one answer', async () => {
    let finish: (answer: Answer) => void = () => undefined
    shop.work = () => new Promise<Answer>((resolve) => void (finish = resolve))
    const dying = shop.order({}).then((answer) => answer)
    await expect.poll(() => shop.ids.length).toBe(1)

    shop.clock.advance(29 * SECOND_MS)
    expect((await shop.order({})).statusCode).toBe(409)
    shop.clock.advance(2 * SECOND_MS)
    shop.work = async (id) => ({ status: 201, body: { id, by: 'the second' } })
    const second = await shop.order({})
    expect(shop.ids).toEqual([shop.ids[0], shop.ids[0]])

    // The first was only slow. What is kept is the answer, for it too.
    finish({ status: 201, body: { id: shop.ids[0], by: 'the first' } })
    const [first, third] = [await dying, await shop.order({})]
    expect([first.body, third.body]).toEqual([second.body, second.body])
    expect(second.json()).toMatchObject({ by: 'the second' })
  })

  it('that fails after it was taken over leaves the lease to who has it now', async () => {
    let fail: (error: Error) => void = () => undefined
    shop.work = () => new Promise<Answer>((_resolve, reject) => void (fail = reject))
    const first = shop.order({}).then((answer) => answer.statusCode)
    await expect.poll(() => shop.ids.length).toBe(1)
    const failFirst = fail
    shop.clock.advance(31 * SECOND_MS)
    const second = shop.order({}).then((answer) => answer.statusCode)
    await expect.poll(() => shop.ids.length).toBe(2)
    failFirst(new Error('slow, and a bug'))
    expect(await first).toBe(500)
    expect((await shop.order({})).statusCode).toBe(409)
    fail(new Error('a bug'))
    expect(await second).toBe(500)
  })

  it('that was refused stays refused, in the same words', async () => {
    shop.work = () => Promise.reject(errors.refused({ limit: 3, billNo: 'B1' }))
    const first = await shop.order({})
    expect([first.statusCode, first.json()]).toMatchObject([
      422,
      { code: 'orders.refused', params: { limit: 3, billNo: 'B1' } },
    ])
    shop.work = async (id) => ({ status: 201, body: { id } })
    const again = await shop.order({})
    expect([again.statusCode, again.body]).toEqual([422, first.body])
    expect(again.headers['content-type']).toContain('application/problem+json')
    expect(shop.ids).toHaveLength(1)
  })

  it.each([
    ['of ours', new Error('a bug'), 500],
    ['of an outside system', errors.system_down(), 503],
  ])(
    'that met a failure %s may be sent again at once, under the same id',
    async (_whose, error, status) => {
      shop.work = () => Promise.reject(error)
      expect((await shop.order({})).statusCode).toBe(status)
      shop.work = async (id) => ({ status: 201, body: { id } })
      expect((await shop.order({})).statusCode).toBe(201)
      expect(shop.ids[1]).toBe(shop.ids[0])
    },
  )

  it('keeps its key from the other hospitals', async () => {
    await shop.order({})
    const seen = await inHospital(db, 3 as HospitalId, (tx) =>
      sql`select 1 from platform.idempotency`.execute(tx),
    )
    expect(seen.rows).toEqual([])
  })
})

describe('a key', () => {
  let db: TestDatabase
  let shop: Awaited<ReturnType<typeof openShop>>
  const first = 1 as HospitalId
  const purge = (hospitalId = first) => purgeIdempotencyKeys({ db, clock: shop.clock }, hospitalId)
  const asOf = <T>(hospitalId: HospitalId, query: ReturnType<typeof sql<T>>) =>
    inHospital(db, hospitalId, (tx) => query.execute(tx)).then(({ rows }) => rows)

  beforeEach(async () => {
    db = await createTestDatabase()
    shop = await openShop(db)
    return async () => {
      await shop.app.close()
      await db[Symbol.asyncDispose]()
    }
  })

  it('is kept for 90 days after its last work, and then forgotten', async () => {
    const answer = await shop.order({})
    shop.clock.advance(90 * DAY_MS + 29 * SECOND_MS) // its lease was for half a minute
    expect(await purge()).toBe(0)
    expect((await shop.order({})).body).toBe(answer.body)
    shop.clock.advance(2 * SECOND_MS)
    expect(await purge()).toBe(1)
    expect((await shop.order({})).body).not.toBe(answer.body)
    expect(shop.ids).toHaveLength(2)
  })

  it('is the hospital’s own to forget', async () => {
    await shop.order({ hospital: 1 })
    await shop.order({ hospital: 2 })
    shop.clock.advance(91 * DAY_MS)
    expect(await purge()).toBe(1)
    const left = sql<{ hospital_id: number }>`select hospital_id from platform.idempotency`
    expect(await asOf(first, left)).toEqual([])
    expect(await asOf(2 as HospitalId, left)).toEqual([{ hospital_id: 2 }])
  })

  it('is nobody’s to forget who names no hospital', async () => {
    await shop.order({})
    const before = addMs(shop.clock.now(), DAY_MS)
    const call = sql<{
      gone: number
    }>`select platform.forget_idempotency_keys(${before}, 10) as gone`
    expect((await call.execute(db)).rows).toEqual([{ gone: 0 }])
    expect(await asOf(first, call)).toEqual([{ gone: 1 }])
  })

  it('is forgotten with no more than 999 others at a time, the oldest first', async () => {
    const oldest = addMs(shop.clock.now(), -100 * DAY_MS)
    await asOf(
      first,
      sql`insert into platform.idempotency (hospital_id, principal, key, request_hash, resource_id, status,
          leased_until, response_code, response_body, created_at)
        select ${first}, 'person:p1', n::text, 'h', '01935000-0000-7000-8000-000000000000', 'done',
          ${oldest}::timestamptz + n * interval '1 second', 201, '{}', ${oldest}
        from generate_series(1, 1500) n`,
    )
    expect(await purge()).toBe(1_000)
    const keys = await asOf(
      first,
      sql<{ least: number }>`select min(key::int) as least from platform.idempotency`,
    )
    expect(keys).toEqual([{ least: 1_001 }])
    expect(await purge()).toBe(500)
    expect(await purge()).toBe(0)
  })

  it('that somebody takes up at that very moment is left to them', async () => {
    shop.work = () => Promise.reject(new Error('a bug'))
    await shop.order({})
    shop.clock.advance(91 * DAY_MS)
    const now = shop.clock.now()
    const purging = await inHospital(db, first, async (tx) => {
      await sql`update platform.idempotency set leased_until = ${now} where hospital_id = ${first}`.execute(
        tx,
      )
      const purged = purge()
      await expect
        .poll(async () => {
          const waiting = sql<{ waiting: number }>`select count(*) as waiting from pg_locks
            where not granted`
          return (await waiting.execute(db)).rows[0]?.waiting
        })
        .toBe(1)
      return { purged }
    })
    expect(await purging.purged).toBe(0)
  })
})
