import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { assert } from '../../../kernel/assert.ts'
import { systemClock } from '../../../platform/system.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { createWorker } from '../../worker/worker.ts'
import { payForAWhile } from '../payments/load.ts'
import { instantProviders, instantWallet } from '../payments/outside.ts'
import { HOSPITALS, openTestHub, PAYER, workUntilStopped } from '../testing/hub.ts'
import { resultOf, takeTurns, untilAllPaid } from './isolation.ts'
import { openSidePayers } from './side.ts'
import { hangingWhile, isThere, SLOW } from './slow.ts'

const [FIRST] = HOSPITALS
const AT_ONCE = 2
const PATIENCE_MS = 20
const TIMEOUT_MS = 120_000

let database: TestDatabase
let client: pg.Client
let slowWhile: string
let hub: Awaited<ReturnType<typeof openTestHub>>
let worker: ReturnType<typeof workUntilStopped>

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client(database.url)
  await client.connect()
  slowWhile = join(await mkdtemp(join(tmpdir(), 'yiqiao-isolation-')), 'slow')
  const providers = instantProviders(systemClock)
  providers.set(SLOW, hangingWhile(instantWallet(systemClock, SLOW), isThere(slowWhile)))
  hub = await openTestHub(database, providers)
  const options = { atOnce: AT_ONCE, patienceMs: PATIENCE_MS }
  worker = workUntilStopped(createWorker(hub.hub, hub.platform, options))
}, TIMEOUT_MS)
afterAll(async () => {
  await worker.stop()
  await hub.close()
  await client.end()
  await database[Symbol.asyncDispose]()
  await rm(dirname(slowWhile), { recursive: true, force: true })
})

const counted = async (query: string): Promise<number> => {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${query}`)
  return Number(rows[0]?.count)
}

const PER_SECOND = 8

it(
  'a channel that does not answer holds up nobody else, and its own payments come to their end',
  async () => {
    assert(FIRST, 'there is a hospital')
    const side = await openSidePayers({ url: hub.url, payer: PAYER })
    await writeFile(slowWhile, '')
    // More at each hospital than are worked on at once, so that they would fill every place while the channel hangs.
    await side.come(HOSPITALS, PER_SECOND, 1)
    const paying = { url: hub.url, hospitalId: FIRST, payers: [PAYER], seconds: 1 }
    const { payments } = await payForAWhile(paying)
    const hanging = await counted("payments.payment where status <> 'succeeded'")
    await rm(slowWhile)
    await side.close()
    await untilAllPaid(client)

    expect(payments).toBeGreaterThan(0)
    expect(hanging).toBe(HOSPITALS.length * PER_SECOND)
    expect(await counted('payments.payment')).toBe(hanging + payments)
    expect(await counted('platform.inbox where last_error is not null')).toBe(0)
    await expect.poll(() => counted('platform.inbox where done_at is null')).toBe(0)
  },
  TIMEOUT_MS,
)

it(
  'measures payments while the channel answers, and while it hangs',
  async () => {
    const bed = { client, payers: [PAYER, PAYER] }
    const options = { seconds: 1, rounds: 1 }
    const taken = await takeTurns(bed, { url: hub.url, slowWhile, side: 'channel' }, options)
    const both = { channel: taken, system: taken }
    const { bench, figures, conditions } = resultOf(both, { ...options, concurrency: 1, load: 0 })
    expect(bench).toBe('isolation')
    expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'ms', 'ms', 'ms'])
    for (const { value, beside } of figures) {
      expect(value).toBeGreaterThan(0)
      expect(beside.value).toBeGreaterThan(0)
    }
    expect(conditions).toMatchObject({ 'payments by the slow channel': 8 })
  },
  TIMEOUT_MS,
)
