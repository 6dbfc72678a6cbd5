import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { createApi } from '../../apps/api/app.ts'
import { makeSecrets } from '../../apps/cli/sandbox/files.ts'
import { savePersonas } from '../../apps/cli/sandbox/personas.ts'
import { connectLenders, seedLenders } from '../../apps/cli/sandbox/seed-lenders.ts'
import { connectRegion, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createHub } from '../../apps/hub/create-hub.ts'
import { noFaults } from '../../apps/simulators/kit/simulator.ts'
import { ANY_PORTS, openBills, startRegion, urlsOf } from '../../apps/simulators/region.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { createWorker } from '../../apps/worker/worker.ts'
import { createNewId } from '../../kernel/id.ts'
import { seededRandom } from '../../kernel/random.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

// A region in one process, on real time, with the lenders of the demo: people have bills, and no limit yet.

const PEOPLE = 20
const WORK_EVERY_MS = 200

export type CreditBed = Awaited<ReturnType<typeof openCreditBed>>

/** Starts everything. What has started is stopped again when something else does not. */
export async function openCreditBed(webRoot: string) {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const each of stops.toReversed()) await each()
  }
  try {
    return { ...(await start(webRoot, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(webRoot: string, stops: (() => Promise<unknown>)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-credit-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const [clock, random] = [systemClock, systemRandom]
  const world = createWorld('credit in the browser', { people: PEOPLE })
  const { region: secrets } = makeSecrets(world, random, clock.now())
  const db = await createTestDatabase()
  stops.push(() => db[Symbol.asyncDispose]())
  const platform = { db, clock, random, newId: createNewId(clock, random) }
  const hub = createHub({
    ...platform,
    seal: createSeal(random.bytes(32), random),
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 5_000,
    quoteDeadlineMs: 30_000,
    environment: 'sandbox',
    pause: (ms) => sleep(ms),
  })
  const api = await createApi(hub, { platform, logger: false, demo: { walletUrl: null }, webRoot })
  stops.push(async () => {
    api.server.closeAllConnections()
    await api.close()
  })
  const hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  const outside = { world, secrets, clock, random, faults: noFaults, folder, hubUrl }
  const region = await startRegion({ ...outside, ports: ANY_PORTS })
  stops.push(() => region.stop())
  openBills(region, world, seededRandom('bills of the credit bed'))
  await seedRegion(hub, world)
  await savePersonas(hub, world)
  await seedLenders(hub, world)
  const urls = { ...urlsOf(region), hub: hubUrl }
  await connectRegion(hub, world, secrets, urls)
  await connectLenders(hub, world, secrets, urls)
  for (const { id } of world.hospitals) await hub.hospitals.syncDepartments(id)
  stops.push(workAlways(createWorker(hub, platform, { atOnce: 1 })))
  return { hub, hubUrl, world }
}

/** Does what is due, over and over, until it is stopped. */
function workAlways(worker: ReturnType<typeof createWorker>): () => Promise<void> {
  const stopped = new AbortController()
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await worker.workOffAll()
      await worker.workOffLenders()
      await sleep(WORK_EVERY_MS)
    }
  })()
  return async () => {
    stopped.abort()
    await running
  }
}
