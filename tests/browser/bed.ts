import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createApi } from '../../apps/api/app.ts'
import { makeSecrets } from '../../apps/cli/sandbox/files.ts'
import { createHub, type HubOptions } from '../../apps/hub/create-hub.ts'
import { noFaults } from '../../apps/simulators/kit/simulator.ts'
import { ANY_PORTS, startRegion, urlsOf } from '../../apps/simulators/region.ts'
import type { World } from '../../apps/simulators/world/index.ts'
import { createNewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

// What the beds of this folder stand on: a hub whose API serves the web apps, on a database of its own, and where it is
// wanted the outside systems of a region, all in one process.

/** What is to be stopped again, in the order in which it was started. */
export type Stops = (() => Promise<unknown>)[]

/** Opens a bed. What has started is stopped again when something else does not. */
export async function openBed<T extends object>(start: (stops: Stops) => Promise<T>) {
  const stops: Stops = []
  const stop = async () => {
    for (const each of stops.toReversed()) await each()
  }
  try {
    return { ...(await start(stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type HubBedOptions = {
  webRoot: string | null
  clock?: Clock
  logger?: boolean
  /** Beyond what every bed has. */
  hub?: Partial<HubOptions>
}

/** The hub and its API, with nobody in it. On the machine's time, unless a bed brings a clock of its own. */
export async function startHub(
  stops: Stops,
  { webRoot, clock = systemClock, logger = false, hub: more = {} }: HubBedOptions,
) {
  const random = systemRandom
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
    pause: async () => undefined,
    ...more,
  })
  const api = await createApi(hub, { platform, logger, demo: { walletUrl: null }, webRoot })
  stops.push(async () => {
    api.server.closeAllConnections()
    await api.close()
  })
  const hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  return { db, platform, hub, api, hubUrl }
}

/** The outside systems of the world, which know where the hub is. What connects the hub to them comes with it. */
export async function startOutside(
  stops: Stops,
  world: World,
  { hubUrl, platform: { clock, random } }: Awaited<ReturnType<typeof startHub>>,
) {
  const folder = await newFolder(stops)
  const { region: secrets } = makeSecrets(world, random, clock.now())
  const outside = { world, secrets, clock, random, faults: noFaults, folder, hubUrl }
  const region = await startRegion({ ...outside, ports: ANY_PORTS })
  stops.push(() => region.stop())
  return { region, secrets, urls: { ...urlsOf(region), hub: hubUrl } }
}

/** Gone with the bed. */
export async function newFolder(stops: Stops): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-bed-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}
