import { setTimeout as delay } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { createNewId, type HospitalId } from '../../../kernel/id.ts'
import { businessDate } from '../../../kernel/time.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { wakeBySweep } from '../../../platform/jobs.ts'
import { createSeal } from '../../../platform/seal.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { createApi } from '../../api/app.ts'
import { checkInvariants } from '../../cli/invariants/index.ts'
import { createHub } from '../../hub/create-hub.ts'
import { createWorker } from '../../worker/worker.ts'
import { payForAWhile } from './load.ts'
import { instantProviders, instantSystem } from './outside.ts'

const HOSPITAL = 1 as HospitalId
const PAYER = { login: '19900000001', password: 'a-password-of-payers' }

it('payers pay in full by the public API, and the books hold', async () => {
  await using database = await createTestDatabase()
  const { hub, platform } = hubOn(database)
  await enter(hub)
  const api = await createApi(hub, { platform, logger: false, demo: null, webRoot: null })
  const url = await api.listen({ host: '127.0.0.1', port: 0 })
  const worker = workUntilStopped(createWorker(hub, platform, { atOnce: 4 }))
  const payers = [PAYER, PAYER]
  const paying = payForAWhile({ url, hospitalId: HOSPITAL, payers, seconds: 1 })
  await Promise.allSettled([paying])
  await worker.stop()
  await api.close()
  const work = await paying

  expect(work.payments).toBeGreaterThanOrEqual(2)
  expect(work.latenciesMs).toHaveLength(work.payments)
  expect(work.seconds).toBeGreaterThanOrEqual(1)
  const results = await checkInvariants({ url: database.url, now: systemClock.now() })
  expect(results.filter(({ state }) => state === 'broken')).toEqual([])
  const settled = results.find(({ id }) => id === 'I11')?.figure
  expect(settled).toBe(
    `${work.payments} bills of payments that succeeded, ${work.payments} receipts`,
  )
})

function workUntilStopped(worker: ReturnType<typeof createWorker>) {
  let isStopping = false
  const working = (async () => {
    while (!isStopping) {
      await worker.workOffAll()
      await delay(5)
    }
    await worker.workOffAll()
  })()
  return {
    async stop() {
      isStopping = true
      await working
    },
  }
}

function hubOn(db: TestDatabase) {
  const platform = {
    db,
    clock: systemClock,
    random: systemRandom,
    newId: createNewId(systemClock, systemRandom),
  }
  const providers = instantProviders(systemClock)
  const system = instantSystem(systemClock)
  const options = {
    ...platform,
    seal: createSeal(systemRandom.bytes(32), systemRandom),
    wake: wakeBySweep,
    canaries: noCanaries,
    providerTimeoutMs: 1_000,
    quoteDeadlineMs: 1_000,
    environment: 'sandbox' as const,
    pause: async () => undefined,
    providersOf: async () => providers,
    systemOf: async () => system,
  }
  return { platform, hub: createHub(options) }
}

async function enter({ hospitals, identity }: ReturnType<typeof createHub>): Promise<void> {
  await hospitals.register({
    id: HOSPITAL,
    insuranceCode: 'H33010000001',
    name: '海岳医院',
    shortName: '海岳',
    level: '三级甲等',
    status: 'active',
  })
  await identity.registerPerson({
    name: '付款人',
    idCardNo: '990101199001010013',
    phone: PAYER.login,
    gender: 'unknown',
    birthDate: businessDate('1990-01-01'),
    password: PAYER.password,
    media: [{ kind: 'wechat_openid', value: 'openid-1' }],
  })
}
