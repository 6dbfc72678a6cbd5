import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { createApi } from '../../apps/api/app.ts'
import { makeSecrets } from '../../apps/cli/sandbox/files.ts'
import { savePersonas } from '../../apps/cli/sandbox/personas.ts'
import { connectRegion, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createHub } from '../../apps/hub/create-hub.ts'
import { noFaults } from '../../apps/simulators/kit/simulator.ts'
import { ANY_PORTS, startRegion, urlsOf } from '../../apps/simulators/region.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { createNewId, type HospitalId } from '../../kernel/id.ts'
import { newOrder } from '../../modules/channels/testing/scripted-channel.ts'
import type { Channel } from '../../modules/payments/index.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

// A region in one process, on real time, whose first hospital finds one of its channels dead: the address that the
// connection names answers nobody.

const HOSPITAL = 1 as HospitalId
const PEOPLE = 20
const NOBODY_THERE = 'http://127.0.0.1:1'

/** So many silences in a row, and the channel is down. */
const SILENCES = 5

/** Starts everything. What has started is stopped again when something else does not. */
export async function openChannelsBed(webRoot: string) {
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
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-channels-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const [clock, random] = [systemClock, systemRandom]
  const world = createWorld('channels in the browser', { people: PEOPLE })
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
  const api = await createApi(hub, {
    platform,
    logger: false,
    demo: { walletUrl: null },
    webRoot,
  })
  stops.push(async () => {
    api.server.closeAllConnections()
    await api.close()
  })
  const hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  const outside = { world, secrets, clock, random, faults: noFaults, folder, hubUrl }
  const region = await startRegion({ ...outside, ports: ANY_PORTS })
  stops.push(() => region.stop())
  await seedRegion(hub, world)
  await savePersonas(hub, world)
  const urls = { ...urlsOf(region), hub: hubUrl, wechat: NOBODY_THERE }
  await connectRegion(hub, world, secrets, urls)

  const channelOf = async (name: string): Promise<Channel> => {
    const channel = (await hub.providersOf(HOSPITAL)).get(name)
    assert(channel && 'readNotice' in channel, `the hospital is connected to ${name}`)
    return channel as Channel
  }
  const call = { hospitalId: HOSPITAL, trace: () => undefined }
  return {
    hubUrl,
    /** Charges that nobody answers, until the hub keeps from the channel; then its alert is opened. */
    async bringDown(name: string) {
      const channel = await channelOf(name)
      for (let i = 0; i < SILENCES; i++) await channel.charge(call, newOrder(HOSPITAL, platform))
      await hub.channels.housekeeping(HOSPITAL)
    },
    /** Questions that the channel does answer. */
    async ask(name: string, times: number) {
      const channel = await channelOf(name)
      for (let i = 0; i < times; i++) await channel.query(call, newOrder(HOSPITAL, platform))
    },
  }
}
