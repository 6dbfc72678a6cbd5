import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { proofRoutes } from '../../apps/api/proof-routes.ts'
import type { Id } from '../../kernel/id.ts'
import { ledgerLog } from '../../modules/ledger/index.ts'
import type { PaymentId } from '../../modules/payments/index.ts'
import { HOSPITAL, reconciliationWorld } from '../../modules/reconciliation/testing/world.ts'
import { createSealing, type Sealing } from '../../modules/sealing/index.ts'
import { newSigner } from '../../modules/sealing/testing/world.ts'
import { createHttp } from '../../platform/http/server.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

// Whoever paid keeps the proof of it, and needs nobody to check it.

const PAYER = '0190b3a0-0000-7000-8000-000000000001'
const OTHER = '0190b3a0-0000-7000-8000-000000000002'
const FOLDER = join(import.meta.dirname, '../../docs/proofs')
const { checkProof } = (await import(pathToFileURL(join(FOLDER, 'check-proof.mjs')).href)) as {
  checkProof: (bytes: Buffer) => Promise<{ items: string[] }>
}

let db: TestDatabase
let http: Awaited<ReturnType<typeof createHttp>>
let sealing: Sealing
let paymentId: PaymentId

beforeAll(async () => {
  db = await createTestDatabase()
  const world = reconciliationWorld(db)
  const signer = newSigner('ed25519')
  const logs = [{ log: ledgerLog, treeHash: 'sha256' as const }]
  sealing = createSealing({ ...world, db, signer, logs, headFile: null, keysOf: async () => [] })
  http = await createHttp({
    newId: world.newId,
    authenticate: async ({ headers }) => {
      const personId = headers['x-person']
      return typeof personId === 'string'
        ? { kind: 'person', personId: personId as Id<'Person'> }
        : null
    },
  })
  await http.register(proofRoutes({ sealing }, { db }))
  await http.ready()
  paymentId = await world.pay('B1')
})
afterAll(async () => {
  await http.close()
  await db[Symbol.asyncDispose]()
})

const ask = (person: string | null, id: string = paymentId) =>
  http.inject({
    url: `/hospitals/${HOSPITAL}/payments/${id}/proof`,
    headers: person === null ? {} : { 'x-person': person },
  })

it('[B1] a payer is told to come again while the payment is not sealed', async () => {
  const answer = await ask(PAYER)
  expect(answer.statusCode).toBe(404)
  expect(answer.json<{ code: string }>().code).toMatch(
    /^sealing\.(head_not_found|item_not_sealed)$/,
  )
})

it('[B1] a payer’s proof holds without us, and fails with one byte changed', async () => {
  await sealing.sealNext(HOSPITAL)
  const { rawPayload, statusCode, headers } = await ask(PAYER)
  expect(statusCode).toBe(200)
  expect(headers['content-disposition']).toContain(`proof-${paymentId}.json`)
  const { items } = await checkProof(rawPayload)
  expect(items.length).toBeGreaterThan(1)
  expect(items.every((text) => text.includes(paymentId))).toBe(true)
  const forged = Buffer.from(rawPayload)
  const at = forged.indexOf(paymentId)
  forged[at] = forged[at] === 0x30 ? 0x31 : 0x30
  await expect(checkProof(forged)).rejects.toThrow(/./)
})

it('is the payer’s own: nobody else’s payment is there', async () => {
  expect((await ask(OTHER)).statusCode).toBe(404)
  expect((await ask(null)).statusCode).toBe(401)
  expect((await ask(PAYER, OTHER)).statusCode).toBe(404)
})

it('the page that checks it is given to be kept, as it stands in the source', async () => {
  const page = await http.inject('/proof-check')
  expect(page.headers['content-disposition']).toContain('attachment')
  expect(page.payload).toBe(await readFile(join(FOLDER, 'check.html'), 'utf8'))
})
