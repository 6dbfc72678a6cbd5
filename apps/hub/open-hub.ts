import { setTimeout as sleep } from 'node:timers/promises'

import { folderDayFiles } from '../../adapters/channels/iso8583/index.ts'
import { createNewId } from '../../kernel/id.ts'
import { type Random, seededRandom } from '../../kernel/random.ts'
import { type Config, canariesOf, sealingKeysOf } from '../../platform/config.ts'
import type { Platform } from '../../platform/context.ts'
import { openDb } from '../../platform/db.ts'
import { createSeal, type Seal } from '../../platform/seal.ts'
import { fileClock, systemClock, systemRandom } from '../../platform/system.ts'
import { wakeByNotification, wakeBySweep } from '../../platform/wake.ts'
import { createHub, type Hub, type HubOptions } from './create-hub.ts'

const STATEMENT_TIMEOUT_MS = 15_000

/** The hub of one process, made of its configuration. `part` keeps the chance of two seeded processes apart. */
export function openHub(
  config: Config,
  part: 'api' | 'worker' | 'cli',
  outside: OutsideOptions = {},
): OpenHub {
  const clock = config.YIQIAO_CLOCK_FILE ? fileClock(config.YIQIAO_CLOCK_FILE) : systemClock
  // A process started again must not make the ids of its former self, so its start is in the seed too.
  const random = config.YIQIAO_SEED
    ? seededRandom(`${config.YIQIAO_SEED}/${part}/${config.YIQIAO_INCARNATION}`)
    : systemRandom
  const db = openDb({
    url: config.APP_DATABASE_URL ?? config.DATABASE_URL,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    ...(config.APP_DATABASE_URL ? {} : { role: 'yiqiao_app' }),
  })
  const platform = { db, clock, random, newId: createNewId(clock, random) }
  const hub = createHub({
    ...platform,
    seal: sealOf(config, random),
    wake: config.YIQIAO_STEP_PORT === undefined ? wakeByNotification(db) : wakeBySweep,
    canaries: canariesOf(config),
    providerTimeoutMs: config.YIQIAO_PROVIDER_TIMEOUT_MS,
    quoteDeadlineMs: config.YIQIAO_QUOTE_DEADLINE_MS,
    environment: config.YIQIAO_PROFILE === 'demo' ? 'sandbox' : 'live',
    pause: (ms) => sleep(ms),
    ...(config.YIQIAO_BANK_FILES ? { bankFile: folderDayFiles(config.YIQIAO_BANK_FILES) } : {}),
    ...(config.YIQIAO_STATEMENT_FILES ? { statementFolder: config.YIQIAO_STATEMENT_FILES } : {}),
    ...(config.YIQIAO_HEAD_FILE ? { headFilePath: config.YIQIAO_HEAD_FILE } : {}),
    ...outside,
  })
  return { platform, hub, close }

  async function close(): Promise<void> {
    await hub.partners.close()
    await hub.connections.bankLines.stop()
    await db.destroy()
  }
}

export const sealOf = (config: Config, random: Random): Seal =>
  createSeal(Buffer.from(config.YIQIAO_MASTER_KEY, 'hex'), random, sealingKeysOf(config))

/** Who hears of failures, and what to use in place of the outside systems that the connections name. */
type OutsideOptions = Pick<HubOptions, 'onError' | 'providersOf' | 'systemOf'>

export type OpenHub = { platform: Platform; hub: Hub; close: () => Promise<void> }
