import type { HospitalId } from '../../kernel/id.ts'
import type { HospitalBilling } from '../../modules/hospitals/index.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog, logOptions } from '../../platform/log.ts'
import { announceReady, endWithGrace } from '../../platform/process.ts'
import { systemClock } from '../../platform/system.ts'
import { createApi } from '../api/app.ts'
import { openHub } from '../hub/open-hub.ts'
import { PATIENCE_MS, runQueue } from '../worker/queue.ts'
import { createWorker } from '../worker/worker.ts'
import { hangingWhile, isThere, silentWhile, SLOW } from './isolation/slow.ts'
import { instantProviders, instantSystem, instantWallet } from './payments/outside.ts'

// The processes "api" and "worker" as they run anywhere, but for the outside systems, which answer at once
// and in here: what is measured is the hub and its database.

const GRACE_MS = 10_000
const AT_ONCE = 8

const [, , part, settings = '{}'] = process.argv
const { quoteMs, slowWhile, silentSystemWhile } = JSON.parse(settings) as HubSettings
const config = readConfig()
const log = createLog(config.YIQIAO_LOG_LEVEL)
const providers = instantProviders(systemClock, quoteMs)
if (slowWhile !== undefined) {
  providers.set(SLOW, hangingWhile(instantWallet(systemClock, SLOW), isThere(slowWhile)))
}
const system = instantSystem(systemClock)
const systems = new Map<HospitalId, HospitalBilling>()
if (silentSystemWhile !== undefined) {
  systems.set(silentSystemWhile.hospitalId, silentWhile(system, isThere(silentSystemWhile.file)))
}
const { platform, hub, close } = openHub(config, part === 'api' ? 'api' : 'worker', {
  providersOf: async () => providers,
  systemOf: async (hospitalId) => systems.get(hospitalId) ?? system,
  onError: (error, about) => log.error({ err: error, ...about }, 'work failed'),
})
const running = part === 'api' ? await serveApi() : await work()
endWithGrace(GRACE_MS, log, async () => {
  await running.stop()
  await close()
})
announceReady(running.message)

async function serveApi() {
  const logger = logOptions(config.YIQIAO_LOG_LEVEL)
  const app = await createApi(hub, { platform, logger, demo: null, webRoot: null })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { stop: () => app.close(), message: { url } }
}

async function work() {
  const worker = createWorker(hub, platform, { atOnce: AT_ONCE, patienceMs: PATIENCE_MS })
  const queue = await runQueue(worker, { databaseUrl: config.DATABASE_URL, log })
  return { stop: () => queue.stop(), message: {} }
}

type HubSettings = {
  /** How long the insurer takes to say what it pays. */
  quoteMs?: number
  /** While this file is there, the second channel does not answer. Without it there is none. */
  slowWhile?: string
  /** While this file is there, the system of that hospital does not answer. */
  silentSystemWhile?: { hospitalId: HospitalId; file: string }
}
