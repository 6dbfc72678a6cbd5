import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { proofRoutes, receiptProofRoute } from '../../apps/api/proof-routes.ts'
import type { Id } from '../../kernel/id.ts'
import { seededRandom } from '../../kernel/random.ts'
import { ledgerLog } from '../../modules/ledger/index.ts'
import type { PaymentId } from '../../modules/payments/index.ts'
import { HOSPITAL, reconciliationWorld } from '../../modules/reconciliation/testing/world.ts'
import { createSealing, type Sealing } from '../../modules/sealing/index.ts'
import { newSigner } from '../../modules/sealing/testing/world.ts'
import { createHttp } from '../../platform/http/server.ts'
import { createSeal } from '../../platform/seal.ts'
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
  const seal = createSeal(Buffer.alloc(32, 7), seededRandom('receipt'))
  const parts = { db, seal, sealing }
  await http.register(proofRoutes(parts, { publicUrl: 'https://pay.example' }))
  await http.register(receiptProofRoute(parts))
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

/** Where the code on the receipt leads, as the payer’s page learns it. */
async function scannedPath(person = PAYER): Promise<string> {
  const answer = await http.inject({
    url: `/hospitals/${HOSPITAL}/payments/${paymentId}/proof-link`,
    headers: { 'x-person': person },
  })
  expect(answer.statusCode, answer.body).toBe(200)
  const url = new URL(answer.json<{ url: string }>().url)
  expect(url.origin).toBe('https://pay.example')
  return url.pathname + url.search
}

/** What the page that comes has in it. */
async function givenAt(path: string) {
  const page = await http.inject(path)
  expect(page.statusCode).toBe(200)
  const [, data = ''] = /id="given">(.*?)<\/script>/.exec(page.payload) ?? []
  return { page, given: JSON.parse(data) as { no?: string; proof?: string; reason?: string } }
}

it('[B1] the code on a receipt says so while the payment is not sealed', async () => {
  expect((await givenAt(await scannedPath())).given).toEqual({ reason: 'notSealed' })
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

it('[B1] the code on a receipt leads to its proof, in the page that checks it', async () => {
  const { page, given } = await givenAt(await scannedPath())
  expect(given.proof).toBe((await ask(PAYER)).body)
  expect((await checkProof(Buffer.from(given.proof ?? ''))).items.length).toBeGreaterThan(1)
  expect(page.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
  })
  // The page's own script runs, nothing else does, and nothing is fetched.
  const policy = String(page.headers['content-security-policy'])
  const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(page.payload) ?? []
  expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  expect(policy).toContain("default-src 'none'")
  // Neither who paid nor what was treated.
  expect(given.proof).not.toMatch(new RegExp(`${PAYER}|visit|[一-鿿]`))
})

it('[B1] the code cannot be guessed, or made from another’s', async () => {
  const path = await scannedPath()
  const [no = '', code = ''] = [...new URLSearchParams(path.split('?')[1]).values()]
  const other = code.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))
  for (const [wrongNo, wrongCode] of [
    [no, other],
    [no, ''],
    [no, code.slice(0, -1)],
    [no.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), code],
    ['', code],
  ]) {
    const search = new URLSearchParams({ no: wrongNo ?? '', code: wrongCode ?? '' })
    expect((await givenAt(`/proof?${search.toString()}`)).given).toEqual({ reason: 'unknown' })
  }
  const link = (person: string | null) =>
    http.inject({
      url: `/hospitals/${HOSPITAL}/payments/${paymentId}/proof-link`,
      headers: person === null ? {} : { 'x-person': person },
    })
  expect((await link(OTHER)).statusCode).toBe(404)
  expect((await link(null)).statusCode).toBe(401)
})

it.each(['check-proof.mjs', 'sm2.mjs'])('%s is given as it stands in the source', async (file) => {
  const path = file === 'sm2.mjs' ? '/proof-check/sm2' : '/proof-check/script'
  const answer = await http.inject(path)
  expect(answer.headers['content-disposition']).toContain(`filename="${file}"`)
  expect(answer.payload).toBe(await readFile(join(FOLDER, file), 'utf8'))
})
