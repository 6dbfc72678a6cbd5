import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { createApi } from '../../../apps/api/app.ts'
import { makeSecrets } from '../../../apps/cli/sandbox/files.ts'
import { connectRegion, seedRegion } from '../../../apps/cli/sandbox/seed.ts'
import { createHub } from '../../../apps/hub/create-hub.ts'
import { type FaultPlan, noFaults } from '../../../apps/simulators/kit/simulator.ts'
import { ANY_PORTS, startRegion, urlsOf } from '../../../apps/simulators/region.ts'
import { createWorld } from '../../../apps/simulators/world/index.ts'
import { createWorker } from '../../../apps/worker/worker.ts'
import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { seededRandom } from '../../../kernel/random.ts'
import type { Db } from '../../../platform/db.ts'
import { createSeal } from '../../../platform/seal.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import { startGoBetween } from './go-between.ts'

// The running system and the outside world, each in its own right: PostgreSQL, the API over HTTP, the worker, and
// the simulated wallet, insurer and hospitals over HTTP, on one clock that stands still until a test moves it.

export type Bed = Awaited<ReturnType<typeof openBed>>

const START = '2026-11-23T09:00:00+08:00' // a Monday
const PEOPLE = 10
const PROVIDER_TIMEOUT_MS = 5_000
const QUOTE_DEADLINE_MS = 30_000
const MOST_ROUNDS = 100

/** One hospital, and another that is none of its business. */
export const OURS = 1 as HospitalId
export const FOREIGN = 2 as HospitalId

/** Starts everything; by `faults` the outside world goes wrong. What has started is stopped again when something else does not. */
export async function openBed(seed: string, faults: FaultPlan = noFaults) {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const each of stops.toReversed()) await each()
  }
  try {
    return { ...(await start(seed, faults, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(seed: string, faults: FaultPlan, stops: (() => Promise<unknown>)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-bad-input-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const world = createWorld(seed, { people: PEOPLE })
  const { masterKey, region: secrets } = makeSecrets(
    world,
    seededRandom(`${seed}/secrets`),
    new Date(START),
  )
  const database = await createTestDatabase()
  stops.push(() => database[Symbol.asyncDispose]())
  const owner = new pg.Client(database.url)
  await owner.connect()
  stops.push(() => owner.end())
  const platform = { ...testPlatform(START, seed), db: database }
  const { clock } = platform
  const hubOn = (db: Db) =>
    createHub({
      ...platform,
      db,
      seal: createSeal(Buffer.from(masterKey, 'hex'), platform.random),
      wake: wakeBySweep,
      canaries: new Set(),
      providerTimeoutMs: PROVIDER_TIMEOUT_MS,
      quoteDeadlineMs: QUOTE_DEADLINE_MS,
      environment: 'sandbox',
      pause: async () => undefined,
    })
  const hub = hubOn(database)
  const worker = createWorker(hub, platform, { atOnce: 1 })
  /** Another process, which knows nothing but the rows. */
  const workerOn = (db: Db) => createWorker(hubOn(db), { ...platform, db }, { atOnce: 1 })

  const between = async (target: () => string) => {
    const goBetween = await startGoBetween(target)
    stops.push(() => goBetween.stop())
    return goBetween
  }
  let hubUrl = ''
  const toHub = await between(() => hubUrl)
  const region = await startRegion({
    world,
    secrets,
    clock,
    random: seededRandom(`${seed}/outside`),
    faults,
    folder: join(folder, 'books'),
    hubUrl: toHub.url,
    ports: ANY_PORTS,
  })
  stops.push(() => region.stop())
  const toWallet = await between(() => region.wechat.url)
  const ourHis = region.his.get(OURS)
  assert(ourHis, 'our hospital has a system')
  const toHis = await between(() => ourHis.url)
  const urls = urlsOf(region)
  await seedRegion(hub, world)
  const addresses = {
    ...urls,
    hub: toHub.url,
    wechat: toWallet.url,
    his: { ...urls.his, [OURS]: toHis.url },
  }
  // A day of these tests ends with the lists of one wallet.
  await connectRegion(hub, world, secrets, addresses, ['wechat'])
  // Last of all, as it sheds load while the rest of this process is busy with starting.
  const api = await createApi(hub, { platform, logger: false, demo: null, webRoot: null })
  stops.push(() => api.close())
  hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  const lines = { toHub, toWallet, toHis }
  return { world, secrets, database, owner, clock, hub, workerOn, hubUrl, region, ...lines, rest }

  /** Has the outside world and the worker do all that is due at this moment. */
  async function rest(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      if ((await region.runDue()) + (await worker.workOffAll()) === 0) return
    }
    assert(false, 'everything comes to rest')
  }
}
