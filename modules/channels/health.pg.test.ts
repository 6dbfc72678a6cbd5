import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { BREAKER_SETTINGS } from './breaker.ts'
import { callsOf } from './counts.ts'
import { CHANNEL_DOWN, guardChannel } from './guard.ts'
import { forgetMinutes, healthHistory, healthTotals } from './health-store.ts'
import { createHealth } from './health.ts'
import { newOrder, refundOf, scriptedChannel } from './testing/scripted-channel.ts'

const { clock, newId } = testPlatform()
let db: TestDatabase
let hospitalId: HospitalId
let next = 1

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())
// Each test has a hospital of its own, and begins with a minute of its own.
beforeEach(() => {
  hospitalId = next++ as HospitalId
  clock.set(new Date(Math.ceil((clock.now().getTime() + 1) / MINUTE_MS) * MINUTE_MS))
})

const errors: unknown[] = []
const newProcess = () => createHealth({ db, clock, onError: (error) => void errors.push(error) })
const call = () => ({ hospitalId, trace: () => undefined })
const order = (changes = {}) => newOrder(hospitalId, { newId, clock }, changes)

function setUp(health = newProcess()) {
  const { channel, script } = scriptedChannel('wechat', clock)
  const guarded = guardChannel(channel, health)
  const charge = (changes = {}) => guarded.charge(call(), order(changes))
  return { health, script, guarded, charge, own: () => health.of(hospitalId).get('wechat') }
}

const fall = async ({ script, charge }: ReturnType<typeof setUp>) => {
  script.answer = 'unknown'
  for (let i = 0; i < BREAKER_SETTINGS.inARow; i++) await charge()
}

describe('a guarded channel', () => {
  it('says what the channel says, and counts it', async () => {
    const { guarded, script, charge, own } = setUp()
    expect(guarded).toMatchObject({ name: 'wechat', phase: 'payer', methods: ['qr_code'] })
    expect(guarded.readNotice({ hospitalId, headers: {}, body: Buffer.alloc(0) })).toEqual({
      outcome: 'refused',
      code: 'signature',
    })
    expect(await charge()).toEqual({ outcome: 'pending', payerAction: null })
    expect(await guarded.query(call(), order())).toEqual({ outcome: 'absent' })
    script.answer = 'declined'
    expect(await charge()).toMatchObject({ outcome: 'declined', code: 'not_enough' })
    script.answer = 'unknown'
    script.takesMs = 5_000
    expect(await charge()).toMatchObject({ outcome: 'unknown' })
    expect(own()).toMatchObject({
      state: 'closed',
      calls: 4,
      answered: 2,
      declined: 1,
      unknown: 1,
      availabilityPpm: 750_000,
      charges: 3,
      chargesAnswered: 1,
      chargesDeclined: 1,
      p50Ms: 100,
      p99Ms: 5_000,
    })
  })

  it('lets an error of the adapter through, and counts it as silence', async () => {
    const { script, charge, own } = setUp()
    script.answer = 'throws'
    await expect(charge()).rejects.toThrow('the adapter has a bug')
    expect(own()).toMatchObject({ calls: 1, unknown: 1 })
  })

  it('[P4] refuses new charges at once when the channel is down, and asks about money in doubt all the same', async () => {
    const bed = setUp()
    await fall(bed)
    const { script, charge, guarded } = bed
    script.asked.length = 0
    expect(await charge()).toMatchObject({ outcome: 'declined', code: CHANNEL_DOWN })
    expect(script.asked).toEqual([])

    const old = order()
    await guarded.query(call(), old)
    await guarded.release(call(), old)
    await guarded.refund(call(), refundOf(old, newId))
    await guarded.queryRefund(call(), refundOf(old, newId))
    const statement = { hospitalId, businessDate: businessDate('2026-11-20'), ownMoves: [] }
    await guarded.statement(call(), statement)
    expect(script.asked).toEqual(['query', 'release', 'refund', 'queryRefund', 'statement'])
  })

  it('never refuses a charge that may have been sent: it is not known to be new', async () => {
    const bed = setUp()
    const { script, charge, guarded } = bed
    const sent = order()
    await guarded.charge(call(), sent)
    await fall(bed)
    script.asked.length = 0
    // Asked again by the machine, after a crash or a silence; and by a payer's second tap.
    expect(await charge({ presence: null })).toMatchObject({ outcome: 'unknown' })
    expect(await guarded.charge(call(), sent)).toMatchObject({ outcome: 'unknown' })
    expect(script.asked).toEqual(['charge', 'charge'])
  })

  it('is tried by two at once after the back-off, and is itself again after three answers', async () => {
    const bed = setUp()
    await fall(bed)
    const { script, charge, own, health } = bed
    clock.advance(BREAKER_SETTINGS.backOffMs)
    expect(own()?.state).toBe('half_open')
    script.answer = 'ok'
    const trials = [health.admit(hospitalId, 'wechat'), health.admit(hospitalId, 'wechat')]
    expect(trials.map(({ admitted }) => admitted)).toEqual([true, true])
    expect(await charge()).toMatchObject({ code: CHANNEL_DOWN })
    for (const trial of trials) if (trial.admitted) trial.end()
    for (let i = 0; i < BREAKER_SETTINGS.passes; i++) {
      expect(await charge()).toMatchObject({ outcome: 'pending' })
    }
    expect(own()?.state).toBe('closed')
    script.answer = 'unknown'
    await charge()
    expect(own()?.state).toBe('closed') // the silences of before count no more
  })

  it('gives its place as a trial back even when the adapter throws', async () => {
    const bed = setUp()
    await fall(bed)
    clock.advance(BREAKER_SETTINGS.backOffMs)
    bed.script.answer = 'throws'
    await expect(bed.charge()).rejects.toThrow('bug')
    clock.advance(2 * BREAKER_SETTINGS.backOffMs)
    bed.script.answer = 'ok'
    for (let i = 0; i < 5; i++) expect(await bed.charge()).toMatchObject({ outcome: 'pending' })
  })
})

describe('several processes', () => {
  it('add their counts to the same rows, and each sees the sum', async () => {
    const [a, b] = [setUp(), setUp()]
    await a.charge()
    await b.charge()
    b.script.answer = 'unknown'
    await b.charge()
    await a.health.sync(hospitalId)
    await b.health.sync(hospitalId)
    await a.health.sync(hospitalId)
    expect(a.own()).toMatchObject({ calls: 3, answered: 2, unknown: 1 })
    expect(b.own()).toEqual(a.own())
    const rows = await inHospital(db, hospitalId, (tx) =>
      healthTotals(tx, hospitalId, {
        channel: 'wechat',
        from: new Date(0),
        to: new Date('2100-01-01T00:00:00Z'),
      }),
    )
    expect(rows).toMatchObject([{ operation: 'charge', counts: { answered: 2, unknown: 1 } }])
    expect(rows[0]?.counts.latency.reduce((sum, n) => sum + n, 0)).toBe(3)
  })

  it('hear of a channel that went down, and a new one knows it from the start', async () => {
    const [a, b] = [setUp(), setUp()]
    await b.charge()
    await fall(a)
    clock.advance(10 * SECOND_MS) // until b hears of it
    expect(await b.charge()).toMatchObject({ code: CHANNEL_DOWN })
    const restarted = setUp()
    expect(await restarted.charge()).toMatchObject({ code: CHANNEL_DOWN })
    expect(restarted.script.asked).toEqual([])
  })

  it('both moved on: the first to write is right, and the other follows', async () => {
    const [a, b] = [setUp(), setUp()]
    await fall(a)
    await b.health.sync(hospitalId)
    clock.advance(BREAKER_SETTINGS.backOffMs)
    // A trial of a is silent, and one of b is answered before b hears of that.
    a.health.observe(observed('unknown'))
    b.health.observe(observed('pending'))
    await a.health.sync(hospitalId)
    await b.health.sync(hospitalId)
    expect(b.own()?.state).toBe('open')
    expect(b.own()?.retryAt).toEqual(a.own()?.retryAt)
    await a.health.sync(hospitalId)
    expect(a.own()?.state).toBe('open')
  })

  const observed = (outcome: string) => ({
    hospitalId,
    channel: 'wechat',
    operation: 'charge' as const,
    outcome,
    durationMs: 100,
    at: clock.now(),
  })

  it('lose nothing of what is counted while they write', async () => {
    const { health } = setUp()
    health.observe(observed('pending'))
    const syncing = health.sync(hospitalId)
    health.observe(observed('pending'))
    expect(health.of(hospitalId).get('wechat')?.calls).toBe(2)
    await syncing
    expect(health.of(hospitalId).get('wechat')?.calls).toBe(2)
    await Promise.all([health.sync(hospitalId), health.sync(hospitalId)])
    expect(health.of(hospitalId).get('wechat')?.calls).toBe(2)
    expect(health.hasNews(hospitalId)).toBe(false)
  })

  it('keep what they could not write, and go on without the database', async () => {
    const { channel, script } = scriptedChannel('wechat', clock)
    let isDown = true
    const unreliable = {
      transaction() {
        if (isDown) throw new Error('the database does not answer')
        return db.transaction()
      },
    } as TestDatabase
    const heard: unknown[] = []
    const health = createHealth({ db: unreliable, clock, onError: (e) => void heard.push(e) })
    const guarded = guardChannel(channel, health)
    expect(await guarded.charge(call(), order())).toMatchObject({ outcome: 'pending' })
    script.answer = 'unknown'
    for (let i = 0; i < BREAKER_SETTINGS.inARow; i++) await guarded.charge(call(), order())
    expect(await guarded.charge(call(), order())).toMatchObject({ code: CHANNEL_DOWN })
    expect(heard.length).toBeGreaterThan(0)
    isDown = false
    await health.sync(hospitalId)
    const restarted = setUp()
    await restarted.health.sync(hospitalId)
    expect(restarted.own()).toMatchObject({ calls: 6, unknown: 5, state: 'open' })
  })
})

describe('the past', () => {
  it('slides out of the window after five minutes, and stays in the history', async () => {
    const { charge, own, health } = setUp()
    const from = clock.now()
    await charge()
    clock.advance(4 * MINUTE_MS)
    expect(own()?.calls).toBe(1)
    clock.advance(MINUTE_MS)
    expect(own()?.calls ?? 0).toBe(0)
    await charge()
    await health.sync(hospitalId)
    const history = await inHospital(db, hospitalId, (tx) =>
      healthHistory(tx, hospitalId, { channel: 'wechat', from, to: clock.now() }, 2, [
        'charge',
        'query',
      ]),
    )
    expect(
      history.map(({ at, counts }) => [at.getTime() - from.getTime(), callsOf(counts)]),
    ).toEqual([
      [0, 1],
      [4 * MINUTE_MS, 1],
    ])
  })

  it('is forgotten some at a time, and other hospitals’ is not', async () => {
    const { charge, health } = setUp()
    for (let i = 0; i < 3; i++) {
      await charge()
      clock.advance(MINUTE_MS)
    }
    await health.sync(hospitalId)
    const forget = (id: HospitalId) =>
      inHospital(db, hospitalId, (tx) => forgetMinutes(tx, id, clock.now(), 2))
    expect(await forget((hospitalId - 1) as HospitalId)).toBe(0)
    expect(await forget(hospitalId)).toBe(2)
    expect(await forget(hospitalId)).toBe(1)
    const { rows } = await sql`select 1 from channels.health_minute`.execute(db)
    expect(rows).toEqual([])
  })
})

it('nothing was told that was not meant to be', () => {
  expect(errors).toEqual([])
})
