import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { createApi } from '../../apps/api/app.ts'
import type { DemoRegion } from '../../apps/cli/events/demo-visit.ts'
import { createPartnerApi } from '../../apps/cli/events/partner-api.ts'
import { makeSecrets } from '../../apps/cli/sandbox/files.ts'
import {
  connectRegion,
  DEMO_PASSWORD,
  seedRegion,
  staffLogin,
} from '../../apps/cli/sandbox/seed.ts'
import { createHub } from '../../apps/hub/create-hub.ts'
import { bySandboxValue } from '../../apps/simulators/kit/sandbox-values.ts'
import { ANY_PORTS, startRegion, urlsOf } from '../../apps/simulators/region.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { createWorker } from '../../apps/worker/worker.ts'
import { assert } from '../../kernel/assert.ts'
import { createNewId, type HospitalId } from '../../kernel/id.ts'
import { seededRandom } from '../../kernel/random.ts'
import { systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

// The whole system on real time, with an institution's application beside it: hub, worker, API over HTTP, wallet,
// insurer and hospitals. What `bin/yiqiao up` starts, in one process.

const PEOPLE = 20
const HOSPITAL = 1 as HospitalId

export type System = Awaited<ReturnType<typeof startSystem>>

export async function startSystem(seed: string) {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-partners-'))
  const world = createWorld(seed, { people: PEOPLE })
  const { region: secrets } = makeSecrets(world, seededRandom(seed), systemClock.now())
  const db = await createTestDatabase()
  const [clock, random] = [systemClock, systemRandom]
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
  const { partners } = hub
  const worker = createWorker(hub, platform, { atOnce: 1 })
  const api = await createApi(hub, {
    platform,
    logger: false,
    demo: { walletUrl: null },
    webRoot: null,
  })
  const hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  const region = await startRegion({
    world,
    secrets,
    clock,
    random,
    faults: bySandboxValue,
    folder,
    hubUrl,
    ports: ANY_PORTS,
  })
  const urls = { ...urlsOf(region), hub: hubUrl }
  await seedRegion(hub, world)
  await connectRegion(hub, world, secrets, urls)
  const application = await partners.registerApplication(
    HOSPITAL,
    {
      name: '滨海银行',
      kind: 'bank',
      scopes: ['events:read', 'payments:read', 'verify:read'],
    },
    systemActor('test'),
  )
  const payer = world.people.find(
    ({ insurance, media }) =>
      insurance === null && media.hospitalCards.some(({ hospitalId }) => hospitalId === HOSPITAL),
  )
  assert(payer, 'somebody without insurance has a card of the hospital')
  const personId = await hub.identity.findPersonByMedium('id_card', payer.idCardNo)
  assert(personId, 'the person is known in the region')
  const running = keepRunning(async () => {
    const due = (await region.runDue()) + (await worker.workOffAll())
    return due + (await worker.deliverWebhooks())
  })
  return {
    hubUrl,
    hub,
    partners,
    person: payer,
    personId,
    newBill: async () => void region.his.get(HOSPITAL)?.createRandomBill(random, payer.no),
    application,
    hospitalId: HOSPITAL,
    api: createPartnerApi({
      hubUrl,
      clientId: application.application.clientId,
      clientSecret: application.clientSecret,
      hospitalId: HOSPITAL,
    }),
    demo: {
      hubUrl,
      hisUrl: urls.his[HOSPITAL] ?? '',
      walletUrl: region.wechat.url,
      hospitalId: HOSPITAL,
      payer: { no: payer.no, login: payer.phone },
      finance: staffLogin(HOSPITAL),
      password: DEMO_PASSWORD,
      walletPassword: '123456',
      random,
    } satisfies DemoRegion,
    async stop() {
      await running.stop()
      // A client that broke off has opened another connection, on which it may never ask.
      api.server.closeAllConnections()
      await api.close()
      await partners.close()
      await region.stop()
      await db[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const PAUSE_MS = 50

function keepRunning(step: () => Promise<number>) {
  let stopping = false
  const ended = (async () => {
    while (!stopping) if ((await step()) === 0) await sleep(PAUSE_MS)
  })()
  return {
    async stop() {
      stopping = true
      await ended
    },
  }
}
