import closeWithGrace from 'close-with-grace'

import { assert } from '../../kernel/assert.ts'
import { createNewId } from '../../kernel/id.ts'
import { noCanaries } from '../../platform/canary.ts'
import { readConfig } from '../../platform/config.ts'
import { openDb } from '../../platform/db.ts'
import { wakeByQueue } from '../../platform/jobs.ts'
import { createLog, logOptions } from '../../platform/log.ts'
import { announceReady } from '../../platform/process.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createApi } from '../api/app.ts'
import { createHub } from '../hub/create-hub.ts'
import { runQueue } from '../worker/queue.ts'
import { createWorker } from '../worker/worker.ts'
import { instantProviders, instantSystem } from './payments/outside.ts'

// The processes "api" and "worker" as they run anywhere, but for the outside systems, which answer at once
// and in here: what is measured is the hub and its database.

const GRACE_MS = 10_000
const STATEMENT_TIMEOUT_MS = 15_000

const [, , part] = process.argv
const config = readConfig()
assert(config.APP_DATABASE_URL, 'the hub signs in as the application')
const db = openDb({ url: config.APP_DATABASE_URL, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
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
  seal: createSeal(Buffer.from(config.YIQIAO_MASTER_KEY, 'hex'), systemRandom),
  wake: wakeByQueue,
  canaries: noCanaries,
  providerTimeoutMs: config.YIQIAO_PROVIDER_TIMEOUT_MS,
  quoteDeadlineMs: config.YIQIAO_QUOTE_DEADLINE_MS,
  providersOf: async () => providers,
  systemOf: async () => system,
}
const hub = createHub(options)
const running = part === 'api' ? await serveApi() : await work()
closeWithGrace({ delay: GRACE_MS }, async () => {
  await running.stop()
  await db.destroy()
})
announceReady(running.message)

async function serveApi() {
  const logger = logOptions(config.YIQIAO_LOG_LEVEL)
  const app = await createApi(hub, { platform, logger, demo: null, webRoot: null })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { stop: () => app.close(), message: { url } }
}

async function work() {
  const log = createLog(config.YIQIAO_LOG_LEVEL)
  const worker = createWorker(hub, platform)
  const queue = await runQueue(worker, { databaseUrl: config.DATABASE_URL, log })
  return { stop: () => queue.stop(), message: {} }
}
