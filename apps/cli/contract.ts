import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Command } from 'commander'

import { createNewId } from '../../kernel/id.ts'
import { hospitalDocument } from '../../modules/hospitals/index.ts'
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

/** Writes the contracts as they are committed: ours, and the hospitals'. A test compares them. */
export async function writeContract(): Promise<void> {
  const folder = join(import.meta.dirname, '../../contract')
  await mkdir(folder, { recursive: true })
  const documents = { 'hub.json': await contractOf(), 'hospital.json': hospitalDocument() }
  for (const [name, document] of Object.entries(documents)) {
    await writeFile(join(folder, name), `${JSON.stringify(document, null, 2)}\n`)
  }
}

export const contractCommand = (): Command =>
  new Command('contract')
    .description('write contract/hub.json and hospital.json anew from their own schemas')
    .action(writeContract)
