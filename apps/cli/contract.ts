import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Command } from 'commander'

import { createNewId } from '../../kernel/id.ts'
import { noCanaries } from '../../platform/canary.ts'
import { openDb } from '../../platform/db.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { wakeBySweep } from '../../platform/wake.ts'
import { createApi } from '../api/app.ts'
import { createHub } from '../hub/create-hub.ts'

/** The API's OpenAPI document, as the routes themselves declare it. Nothing is connected to. */
export async function contractOf(): Promise<object> {
  const [clock, random] = [systemClock, systemRandom]
  const db = openDb({ url: 'postgres://nobody@127.0.0.1:1/none' })
  const platform = { db, clock, random, newId: createNewId(clock, random) }
  const hub = createHub({
    ...platform,
    seal: createSeal(random.bytes(32), random),
    wake: wakeBySweep,
    canaries: noCanaries,
    providerTimeoutMs: 1_000,
    quoteDeadlineMs: 1_000,
    environment: 'sandbox',
    pause: async () => undefined,
  })
  const app = await createApi(hub, {
    platform,
    logger: false,
    demo: { walletUrl: null },
    webRoot: null,
  })
  await app.ready()
  const contract = app.swagger()
  await app.close()
  await db.destroy()
  return contract
}

/** Writes the contract as it is committed; a test compares the two. */
export async function writeContract(): Promise<void> {
  const folder = join(import.meta.dirname, '../../contract')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'hub.json'), `${JSON.stringify(await contractOf(), null, 2)}\n`)
}

export const contractCommand = (): Command =>
  new Command('contract')
    .description("write contract/hub.json anew from the routes' own schemas")
    .action(writeContract)
