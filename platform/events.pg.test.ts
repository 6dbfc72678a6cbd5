import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../kernel/id.ts'
import { MINUTE_MS, SECOND_MS } from '../kernel/time.ts'
import { inHospital, openDb, type Tx } from './db.ts'
import { earliestDue } from './due-rows.ts'
import { createPublish, deliverEvents, type Events, type Handlers } from './events.ts'
import { createKeepNotice, handleNotices } from './inbox.ts'
import { testPlatform } from './testing/clock.ts'
import { createTestDatabase, type TestDatabase } from './testing/database.ts'
import { listenForWakes, wakeByNotification, wakeBySweep } from './wake.ts'

let db: TestDatabase
let hospitalNo = 0

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

type Changed = Events['payments.ended']

/** A hospital of its own for each test, with a clock that stands still. */
function newHospital() {
  const hospitalId = ++hospitalNo as HospitalId
  const { clock, newId } = testPlatform(undefined, `hospital ${hospitalNo}`)
  const publish = createPublish({ clock, newId, wake: wakeBySweep })
  const event = (paymentId: string): Changed => ({ hospitalId, paymentId, status: 'succeeded' })
  return {
    hospitalId,
    clock,
    newId,
    publish,
    event,
    publishOne: (paymentId: string) =>
      inHospital(db, hospitalId, (tx) => publish(tx, 'payments.ended', event(paymentId))),
    deliver: (handlers: Handlers) => deliverEvents({ db, clock }, hospitalId, handlers),
    due: () =>
      inHospital(db, hospitalId, async (tx) => {
        const due = earliestDue('platform.outbox', hospitalId)
        const { rows } = await sql<{ due: Date | null }>`select ${due} as due`.execute(tx)
        return rows[0]?.due
      }),
    rows: async (table: 'platform.outbox' | 'platform.inbox') =>
      (
        await inHospital(db, hospitalId, (tx) =>
          sql<Record<string, unknown>>`select * from ${sql.table(table)} order by id`.execute(tx),
        )
      ).rows,
  }
}

describe('an event', () => {
  let at: ReturnType<typeof newHospital>
  beforeEach(() => void (at = newHospital()))

  it('is told when its transaction commits, and once', async () => {
    await at.publishOne('p1')
    await at.publishOne('p2')
    const heard: Changed[] = []
    const handlers = { 'payments.ended': [async (e: Changed) => void heard.push(e)] }
    expect(await at.deliver(handlers)).toBe(2)
    expect(await at.deliver(handlers)).toBe(0)
    expect(heard).toEqual([at.event('p1'), at.event('p2')])
    expect(await at.due()).toBeNull()
  })

  it('is never told of what was rolled back', async () => {
    const failing = inHospital(db, at.hospitalId, async (tx) => {
      await at.publish(tx, 'payments.ended', at.event('p1'))
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    const heard: unknown[] = []
    await at.deliver({ 'payments.ended': [async (e) => void heard.push(e)] })
    expect(heard).toEqual([])
  })

  it('comes again to a handler that failed, ever later, and not to the others for ever', async () => {
    await at.publishOne('p1')
    const tries: number[] = []
    const start = at.clock.now().getTime()
    const handlers: Handlers = {
      'payments.ended': [
        async () => {
          tries.push((at.clock.now().getTime() - start) / SECOND_MS)
          if (tries.length < 4) throw new Error('not yet')
        },
      ],
    }
    for (let i = 0; i < 20; i++) {
      await at.deliver(handlers)
      at.clock.advance(SECOND_MS)
    }
    // Two seconds, four, eight.
    expect(tries).toEqual([0, 2, 6, 14])
    expect(await at.rows('platform.outbox')).toMatchObject([
      { attempts: 4, due_at: null, last_error: null },
    ])
  })

  it('does not keep the others waiting when its handler fails', async () => {
    await at.publishOne('bad')
    await at.publishOne('good')
    const heard: string[] = []
    await at.deliver({
      'payments.ended': [
        async ({ paymentId }) => {
          if (paymentId === 'bad') throw new Error('bad')
          heard.push(paymentId)
        },
      ],
    })
    expect(heard).toEqual(['good'])
  })

  it('stays with its error when nobody could do anything with it', async () => {
    await at.publishOne('p1')
    const failing = { 'payments.ended': [() => Promise.reject(new Error('never'))] }
    for (let i = 0; i < 30; i++) {
      await at.deliver(failing)
      const due = await at.due()
      if (!due) break
      at.clock.set(due)
    }
    expect(await at.rows('platform.outbox')).toMatchObject([
      { attempts: 12, due_at: null, done_at: null, last_error: 'never' },
    ])
  })

  it('comes again when the worker that had it in hand has died', async () => {
    await at.publishOne('p1')
    // The worker's process ends while the handler runs: its answer never comes.
    let reached: () => void = () => undefined
    const inHand = new Promise<void>((resolve) => void (reached = resolve))
    let die: (error: Error) => void = () => undefined
    const dead = at.deliver({
      'payments.ended': [
        () => {
          reached()
          return new Promise<void>((_resolve, reject) => void (die = reject))
        },
      ],
    })
    await inHand
    const heard: string[] = []
    const handlers: Handlers = {
      'payments.ended': [async (e) => void heard.push(e.paymentId)],
    }
    at.clock.advance(MINUTE_MS - SECOND_MS)
    expect(await at.deliver(handlers)).toBe(0)
    at.clock.advance(SECOND_MS)
    expect(await at.deliver(handlers)).toBe(1)
    expect(heard).toEqual(['p1'])
    die(new Error('gone'))
    await dead
  })

  it('is taken by one of several workers', async () => {
    for (let i = 0; i < 60; i++) await at.publishOne(`p${i}`)
    const heard: string[] = []
    const handlers: Handlers = {
      'payments.ended': [async (e) => void heard.push(e.paymentId)],
    }
    for (let round = 0; round < 3; round++) {
      await Promise.all([1, 2, 3].map(() => at.deliver(handlers)))
    }
    expect(heard).toHaveLength(60)
    expect(new Set(heard).size).toBe(60)
  })

  it('wakes whoever listens once the transaction has committed, and not for one that was undone', async () => {
    const { clock, newId, hospitalId } = at
    const publish = createPublish({ clock, newId, wake: wakeByNotification(db) })
    const woken: number[] = []
    const listener = await listenForWakes(db.url, (id) => void woken.push(id))
    const publishTwo = async (tx: Tx) => {
      await publish(tx, 'payments.ended', at.event('p1'))
      await publish(tx, 'payments.ended', at.event('p2'))
    }
    const undone = inHospital(db, hospitalId, async (tx) => {
      await publishTwo(tx)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    // Sixty facts of one transaction, and two wakes are enough: one on its way, and one more.
    await inHospital(db, hospitalId, async (tx) => {
      for (let i = 0; i < 30; i++) await publishTwo(tx)
    })
    await expect.poll(() => woken).toContain(hospitalId)
    const other = newHospital()
    await inHospital(db, other.hospitalId, (tx) => publish(tx, 'payments.ended', other.event('p1')))
    await expect.poll(() => woken).toContain(other.hospitalId)
    expect(woken.filter((id) => id === hospitalId).length).toBeLessThanOrEqual(2)
    await listener.stop()
  })

  it('is not harmed by a notification that names no hospital', async () => {
    const woken: number[] = []
    const listener = await listenForWakes(db.url, (id) => void woken.push(id))
    await sql`select pg_notify('yiqiao_wake', 'x'), pg_notify('yiqiao_wake', '0')`.execute(db)
    await sql`select pg_notify('yiqiao_wake', ${String(at.hospitalId)})`.execute(db)
    await expect.poll(() => woken).toEqual([at.hospitalId])
    await listener.stop()
  })

  it('wakes again after the connection of the listener was cut', async () => {
    const wake = wakeByNotification(db)
    const woken: number[] = []
    const listener = await listenForWakes(db.url, (id) => void woken.push(id))
    const owner = openDb({ url: db.url, maxConnections: 1 })
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'yiqiao-wake' and datname = current_database()`.execute(owner)
    await expect
      .poll(
        async () => {
          await inHospital(db, at.hospitalId, async (tx) => wake(tx, at.hospitalId))
          return woken
        },
        { timeout: 10_000, interval: 200 },
      )
      .toContain(at.hospitalId)
    await owner.destroy()
    await listener.stop()
  })
})

describe('a notice', () => {
  let at: ReturnType<typeof newHospital>
  beforeEach(() => void (at = newHospital()))

  const keep = (dedupeKey: string, content: object = { about: dedupeKey }) =>
    createKeepNotice({ db, clock: at.clock, newId: at.newId, wake: wakeBySweep })(at.hospitalId, {
      source: 'payments',
      dedupeKey,
      content,
    })
  const handle = (read: (hospitalId: HospitalId, content: never) => Promise<void>) =>
    handleNotices(
      { db, clock: at.clock, publish: at.publish },
      at.hospitalId,
      new Map([['payments', read]]),
    )

  it('is kept once, however often it is delivered, also in one moment', async () => {
    await Promise.all(Array.from({ length: 8 }, () => keep('n1')))
    await keep('n2')
    const read: unknown[] = []
    await handle(async (_hospital, content) => void read.push(content))
    await keep('n1')
    await handle(async (_hospital, content) => void read.push(content))
    expect(read).toEqual([{ about: 'n1' }, { about: 'n2' }])
  })

  it('is not lost by what reads it: it comes again', async () => {
    await keep('n1')
    let tries = 0
    const read = async () => {
      if (++tries === 1) throw new Error('a bug')
    }
    expect(await handle(read)).toBe(1)
    expect(await handle(read)).toBe(0)
    at.clock.advance(2 * SECOND_MS)
    expect(await handle(read)).toBe(1)
    expect(await at.rows('platform.inbox')).toMatchObject([{ done_at: at.clock.now() }])
  })

  it('that nobody reads stays with its error', async () => {
    await keep('n1')
    await handleNotices({ db, clock: at.clock, publish: at.publish }, at.hospitalId, new Map())
    expect(await at.rows('platform.inbox')).toMatchObject([
      { attempts: 1, last_error: 'nobody reads notices of payments' },
    ])
  })

  it('that nobody could read is told of after the last attempt, once', async () => {
    await keep('n1')
    const told: Events['notices.given_up'][] = []
    for (let i = 0; i < 30; i++) {
      await handle(() => Promise.reject(new Error('about nothing of ours')))
      await at.deliver({ 'notices.given_up': [async (event) => void told.push(event)] })
      at.clock.advance(2 * 60 * MINUTE_MS)
    }
    const [row] = await at.rows('platform.inbox')
    expect(row).toMatchObject({ attempts: 12, due_at: null, done_at: null })
    expect(told).toEqual([
      {
        hospitalId: at.hospitalId,
        noticeId: row?.['id'],
        source: 'payments',
        error: 'about nothing of ours',
      },
    ])
  })

  it('is kept for its own hospital only', async () => {
    await keep('n1')
    const other = newHospital()
    const read: unknown[] = []
    const readers = new Map([['payments', async (_h: unknown, c: unknown) => void read.push(c)]])
    await handleNotices(
      { db, clock: other.clock, publish: other.publish },
      other.hospitalId,
      readers,
    )
    expect(read).toEqual([])
  })
})
