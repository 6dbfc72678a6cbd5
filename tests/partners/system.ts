import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'

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
import { noFaults } from '../../apps/simulators/kit/simulator.ts'
import { startRegion } from '../../apps/simulators/region.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { createWorker } from '../../apps/worker/worker.ts'
import { assert } from '../../kernel/assert.ts'
import { createNewId, type HospitalId } from '../../kernel/id.ts'
import { addFen, fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import {
  addPartnerHooks,
  createPartners,
  createPayableStanding,
  createPlatformKey,
  type FactsPort,
  partnerRoutes,
  verifyPaymentRoute,
} from '../../modules/partners/index.ts'
import { createAudit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { wakeBySweep } from '../../platform/jobs.ts'
import { systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'

// The whole system on real time, with an institution's application beside it: hub, worker, API over HTTP, wallet,
// insurer and hospitals. What `bin/yiqiao up` starts, in one process.

const PEOPLE = 20
const HOSPITAL = 1 as HospitalId

export type System = Awaited<ReturnType<typeof startSystem>>

export async function startSystem(seed: string) {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-partners-'))
  const world = createWorld(seed, { people: PEOPLE })
  const { region: secrets } = makeSecrets(world, seededRandom(seed))
  const db = await createTestDatabase()
  const [clock, random] = [systemClock, systemRandom]
  const platform = { db, clock, random, newId: createNewId(clock, random) }
  const seal = createSeal(random.bytes(32), random)
  const hub = createHub({
    ...platform,
    seal,
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 5_000,
    quoteDeadlineMs: 30_000,
  })
  const partners = createPartners({
    ...platform,
    seal,
    audit: createAudit(platform),
    environment: 'sandbox',
    platformKey: createPlatformKey(seal),
    facts: factsOf(db),
    creditOf: async () => null,
    payableStanding: createPayableStanding({
      identity: hub.identity,
      owedFen: async (hospitalId, personId) => {
        const { bills, stale } = await hub.billing.openBills(hospitalId, personId)
        return stale ? null : addFen(...bills.map((bill) => bill.totalFen))
      },
    }),
  })
  const { handlers } = hub
  const wired = {
    ...hub,
    handlers: {
      ...handlers,
      'payments.changed': [...(handlers['payments.changed'] ?? []), partners.onPaymentChanged],
      'refunds.changed': [...(handlers['refunds.changed'] ?? []), partners.onRefundChanged],
    },
  }
  const worker = createWorker(wired, platform, { atOnce: 1 })
  const api = await createApi(hub, {
    platform,
    logger: false,
    demo: { walletUrl: null },
    webRoot: null,
  })
  addPartnerHooks(api, partners, platform)
  await api.register(partnerRoutes(partners), { prefix: '/v1' })
  await api.register(verifyPaymentRoute(partners))
  const hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  const region = await startRegion({
    world,
    secrets,
    clock,
    random,
    faults: noFaults,
    folder,
    hubUrl,
    ports: { wechat: 0, insurance: 0, his: 0 },
  })
  const his = new Map([...region.his].map(([id, { url }]) => [id, url]))
  const urls = { hub: hubUrl, wechat: region.wechat.url, insurance: region.insurance.url, his }
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
  const running = keepRunning(async () => {
    const due = (await region.runDue()) + (await worker.workOffAll())
    return due + (await partners.deliverDue(HOSPITAL))
  })
  return {
    hubUrl,
    hub,
    partners,
    person: payer,
    personId: await hub.identity.findPersonByMedium('id_card', payer.idCardNo),
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
      hisUrl: his.get(HOSPITAL) ?? '',
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
      await api.close()
      await partners.close()
      await region.stop()
      await db[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What the module asks of payments, read where payments keeps it. */
const factsOf = (db: Db): FactsPort => ({
  async payment(hospitalId, id) {
    const { rows } = await inHospital(db, hospitalId, (tx) =>
      sql<{ status: string; totalFen: number; failureCode: string | null; version: number }>`
        select status, total_fen as "totalFen", failure_code as "failureCode", version
        from payments.payment where hospital_id = ${hospitalId} and id = ${id}`.execute(tx),
    )
    const [row] = rows
    return row ? { ...row, paymentNo: '', totalFen: fen(row.totalFen) } : null
  },
  async refund(hospitalId, id) {
    type Row = { cause: 'requested' | 'compensation'; status: string; amountFen: number }
    const { rows } = await inHospital(db, hospitalId, (tx) =>
      sql<Row & { refusalCode: string | null; version: number }>`
        select cause, status, amount_fen as "amountFen", refusal_code as "refusalCode", version
        from payments.refund where hospital_id = ${hospitalId} and id = ${id}`.execute(tx),
    )
    const [row] = rows
    return row ? { ...row, amountFen: fen(row.amountFen) } : null
  },
})

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
