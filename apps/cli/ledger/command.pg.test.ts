import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { tradeNoOf } from '../../../kernel/trade-no.ts'
import {
  HOSPITAL,
  openSealingWorld,
  postEntries,
  type SealingWorld,
} from '../../../modules/sealing/testing/world.ts'
import { ledgerCommand } from './command.ts'

let world: SealingWorld
let folder: string

beforeEach(async () => {
  world = await openSealingWorld()
  folder = await mkdtemp(join(tmpdir(), 'yiqiao-ledger-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
  await world[Symbol.asyncDispose]()
})

async function run(...args: string[]) {
  const printed = { stdout: '', stderr: '' }
  const keep = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text)
      return true
    })
  keep('stdout')
  keep('stderr')
  await ledgerCommand().parseAsync(args, { from: 'user' })
  const code = process.exitCode
  vi.restoreAllMocks()
  return { code, ...printed }
}

const verifyAll = async () => {
  const keys = join(folder, 'keys.json')
  await writeFile(keys, JSON.stringify({ items: [world.signer] }))
  return run('verify', '--database-url', world.db.url, '--heads', world.path, '--keys', keys)
}

it('[B1] ends with 0 when all is as it was sealed, and with 1 when not, naming each finding', async () => {
  const ids = await postEntries(world, HOSPITAL, 5)
  await world.sealing.sealNext(HOSPITAL)
  const sound = await verifyAll()
  expect(sound).toMatchObject({ code: 0, stderr: '' })
  expect(sound.stdout).toBe(
    'hospital 1 ledger: 5 items under 1 heads, 0 waiting to be sealed: sound\n',
  )
  await world.owner.query(`update ledger.transfer set amount_fen = 9 where entry_id = $1`, [ids[1]])
  const changed = await verifyAll()
  expect(changed.code).toBe(1)
  expect(changed.stdout).toContain(`hospital 1 ledger: item_changed: ${ids[1]}\n`)
})

it('a book of which nothing is left is looked for where the file names it', async () => {
  await postEntries(world, HOSPITAL, 5)
  await world.sealing.sealNext(HOSPITAL)
  await world.owner.query(`truncate sealing.book, sealing.head, sealing.leaf, sealing.node cascade`)
  const { code, stdout } = await verifyAll()
  expect(code).toBe(1)
  expect(stdout).toContain('hospital 1 ledger: head_missing: head 5')
})

it('writes a proof of a receipt’s payment and of an entry, that the script takes', async () => {
  const [id = ''] = await postEntries(world, HOSPITAL, 3)
  await world.sealing.sealNext(HOSPITAL)
  const script = join(import.meta.dirname, '../../../docs/proofs/check-proof.mjs')
  const { checkProof } = (await import(pathToFileURL(script).href)) as {
    checkProof: (bytes: Buffer) => Promise<{ items: string[] }>
  }
  const out = join(folder, 'proof.json')
  const to = ['--database-url', world.db.url, '--out', out]
  // The entries of this world are each about a payment of the same id.
  const paymentNo = tradeNoOf(HOSPITAL, id as Parameters<typeof tradeNoOf>[1])
  for (const args of [[paymentNo], [id, '--hospital', '1']]) {
    expect((await run('prove', ...args, ...to)).code).toBe(0)
    const { items } = await checkProof(await readFile(out))
    expect(items).toHaveLength(1)
    expect(items[0]).toContain(id)
  }
})

it('says why when there is nothing to prove', async () => {
  const [id = ''] = await postEntries(world, HOSPITAL, 1)
  const to = ['--database-url', world.db.url, '--out', join(folder, 'none.json')]
  expect(await run('prove', id, ...to)).toMatchObject({ code: 1 })
  const unsealed = await run('prove', id, '--hospital', '1', ...to)
  expect(unsealed).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('sealing.head_not_found'),
  })
  expect(await run('prove', 'rubbish', ...to)).toMatchObject({ code: 1 })
})

it('ends with 2 when the database cannot be read', async () => {
  const { code, stderr } = await run(
    'verify',
    '--database-url',
    'postgres://nobody@127.0.0.1:1/none',
  )
  expect(code).toBe(2)
  expect(stderr).toContain('the books cannot be read')
})
