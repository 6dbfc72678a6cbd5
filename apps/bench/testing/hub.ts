import { setTimeout as delay } from 'node:timers/promises'

import { createNewId, type HospitalId } from '../../../kernel/id.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { Provider } from '../../../modules/payments/index.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { createSeal } from '../../../platform/seal.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import type { TestDatabase } from '../../../platform/testing/database.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import { createApi } from '../../api/app.ts'
import { createHub, type Hub } from '../../hub/create-hub.ts'
import type { createWorker } from '../../worker/worker.ts'
import { instantProviders, instantSystem } from '../payments/outside.ts'

export const HOSPITALS = [1, 2] as HospitalId[]
export const PAYER = { login: '19900000001', password: 'a-password-of-payers' }

/**
 * A hub in this process, with hospitals and a payer. Its outside systems answer at once unless told otherwise; null for those
 * that the hospitals' connections name.
 */
export async function openTestHub(
  db: TestDatabase,
  providers: ReadonlyMap<string, Provider> | null = instantProviders(systemClock),
) {
  const { platform, hub } = hubOn(db, providers)
  await enter(hub)
  const api = await createApi(hub, { platform, logger: false, demo: null, webRoot: null })
  const url = await api.listen({ host: '127.0.0.1', port: 0 })
  return { platform, hub, url, close: () => api.close() }
}

export function workUntilStopped(worker: ReturnType<typeof createWorker>) {
  let isStopping = false
  const working = (async () => {
    while (!isStopping) {
      await worker.workOffAll()
      await delay(5)
    }
    await worker.workOffAll()
    await worker.settled()
  })()
  return {
    async stop() {
      isStopping = true
      await working
    },
  }
}

function hubOn(db: TestDatabase, providers: ReadonlyMap<string, Provider> | null) {
  const platform = {
    db,
    clock: systemClock,
    random: systemRandom,
    newId: createNewId(systemClock, systemRandom),
  }
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
    ...(providers && { providersOf: async () => providers, systemOf: async () => system }),
  }
  return { platform, hub: createHub(options) }
}

async function enter({ hospitals, identity }: Hub): Promise<void> {
  for (const id of HOSPITALS) {
    await hospitals.register({
      id,
      insuranceCode: `H3301000000${id}`,
      name: `海岳第${id}医院`,
      shortName: `海岳${id}`,
      level: '三级甲等',
      status: 'active',
    })
  }
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
