import { execFile } from 'node:child_process'
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'

import { sm2 } from 'sm-crypto-v2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { addMs, DAY_MS } from '../../kernel/time.ts'
import { countersignedText, headText } from '../../modules/sealing/head.ts'
import { proofText } from '../../modules/sealing/proof-file.ts'
import {
  HOSPITAL,
  newSigner,
  openSealingWorld,
  postEntries,
  type SealingWorld,
  signBySm2,
} from '../../modules/sealing/testing/world.ts'

const FOLDER = join(import.meta.dirname, '../../docs/proofs')
const SCRIPT = join(FOLDER, 'check-proof.mjs')
const OF = { hospitalId: HOSPITAL, log: 'ledger' }

type Checked = { size: number; keyId: string; countersignedBy: string[]; items: string[] }
const { checkProof } = (await import(pathToFileURL(SCRIPT).href)) as {
  checkProof: (bytes: Buffer) => Promise<Checked>
}

/** What the page does without a page around it, as it stands in the file. */
async function checkerOfPage() {
  const html = await readFile(join(FOLDER, 'check.html'), 'utf8')
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? ''
  const inside = createContext({ TextEncoder, TextDecoder })
  runInContext(script, inside)
  return (bytes: Buffer): Checked => {
    Object.assign(inside, { bytes: new Uint8Array(bytes) })
    return JSON.parse(String(runInContext('JSON.stringify(checkProof(bytes))', inside))) as Checked
  }
}

/** True when the script takes it. */
const holds = (bytes: Buffer): Promise<boolean> =>
  checkProof(bytes).then(
    () => true,
    () => false,
  )

describe('[B1] a proof by SHA-256, Ed25519 and RSA', () => {
  let world: SealingWorld
  let ids: string[]
  let proof: Buffer

  beforeEach(async () => {
    world = await openSealingWorld()
    ids = await postEntries(world, HOSPITAL, 23)
    await world.sealing.sealNext(HOSPITAL)
    await countersign(world, 'rsa-sha256')
    proof = Buffer.from(proofText(await world.sealing.proofOf(OF, [ids[4] ?? '', ids[22] ?? ''])))
  })
  afterEach(() => world[Symbol.asyncDispose]())

  it('is checked by the script alone, which says what it shows', async () => {
    const shown = await checkProof(proof)
    expect(shown).toMatchObject({ size: 23, keyId: world.signer.keyId })
    expect(shown.countersignedBy).toHaveLength(1)
    expect(shown.items.map((text) => (JSON.parse(text) as unknown[])[2])).toEqual([ids[4], ids[22]])
  })

  it('fails with any one byte of it changed, whichever it is', async () => {
    const taken: number[] = []
    for (let at = 0; at < proof.length; at++) {
      // Another digit or letter, another case, and a byte that is no text at all.
      for (const flip of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(proof)
        changed.writeUInt8(changed.readUInt8(at) ^ flip, at)
        if (await holds(changed)) taken.push(at)
      }
    }
    expect(taken).toEqual([])
  }, 180_000) // some ten thousand proofs, with a signature each

  it('fails with a byte more or less, and with fields moved, added or left out', async () => {
    const text = proof.toString('utf8')
    const parsed = JSON.parse(text) as Record<string, unknown>
    const { items, ...rest } = parsed
    const [first, second] = items as Record<string, unknown>[]
    const line = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`)
    const wrong = [
      Buffer.from(` ${text}`),
      Buffer.from(text.trimEnd()),
      Buffer.from(`\ufeff${text}`),
      line({ ...rest, items }),
      line({ ...parsed, note: 1 }),
      line({ ...parsed, items: [] }),
      line({ ...parsed, items: [{ ...first, leafIndex: 5 }, second] }),
      line({ ...parsed, items: [{ ...first, text: second?.['text'] }, second] }),
      line({ ...parsed, items: [{ ...first, path: second?.['path'] }, second] }),
    ]
    for (const each of wrong) expect(await holds(each)).toBe(false)
  })

  it('is checked by the page as by the script, and fails there too', async () => {
    const check = await checkerOfPage()
    expect(check(proof)).toEqual(await checkProof(proof))
    // Each byte would take minutes by its own arithmetic: every fiftieth, so that all fields are among them.
    for (let at = 7; at < proof.length; at += 50) {
      const changed = Buffer.from(proof)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      expect(() => check(changed), `byte ${at}`).toThrow(
        /^(form|signature|tree|countersignature)$|JSON|undefined|null|iterable/,
      )
    }
  }, 120_000)

  it('is a file that the script reads as a program, ending with 0 or 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yiqiao-proof-'))
    try {
      const path = join(folder, 'proof.json')
      await writeFile(path, proof)
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, path])
      expect(stdout).toContain('The proof holds')
      await writeFile(path, proof.toString().replace('payment:', 'payment;'))
      const failed = promisify(execFile)(process.execPath, [SCRIPT, path])
      await expect(failed).rejects.toMatchObject({ code: 1 })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

it('a proof by SM3 and SM2 holds, and fails with a byte of each field changed', async () => {
  await using world = await openSealingWorld({ treeHash: 'sm3', signer: newSigner('sm2') })
  const ids = await postEntries(world, HOSPITAL, 5)
  await world.sealing.sealNext(HOSPITAL)
  await countersign(world, 'sm2-sm3')
  const proof = Buffer.from(proofText(await world.sealing.proofOf(OF, [ids[2] ?? ''])))
  expect(await checkProof(proof)).toMatchObject({ size: 5, keyId: world.signer.keyId })
  const checkOnPage = await checkerOfPage()
  expect(checkOnPage(proof)).toEqual(await checkProof(proof))
  const text = proof.toString('latin1')
  // The bytes of the proof at the beginning and in the middle of each field's value.
  const places = [...text.matchAll(/":(\[?"[^"]{2,}|\d+)/g)].flatMap(({ index, 1: value = '' }) => {
    const start = index + 2
    return [start + value.length - 1, start + Math.ceil(value.length / 2)]
  })
  expect(places.length).toBeGreaterThan(20)
  for (const at of places) {
    const changed = Buffer.from(proof)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    expect(await holds(changed), `byte ${at}`).toBe(false)
  }
}, 120_000)

/** A partner of this test signs the newest head. */
async function countersign(
  world: SealingWorld,
  algorithm: 'rsa-sha256' | 'sm2-sm3',
): Promise<void> {
  const now = world.clock.now()
  const [applicationId, keyId] = [randomUUID(), randomUUID()]
  const { publicKey, signed } = partner(algorithm)
  const validity = { validFrom: now, validUntil: addMs(now, DAY_MS) }
  world.keys.push({ id: keyId, algorithm, publicKey, ...validity })
  const { head } = await world.sealing.headDetail(OF, 'newest')
  const signature = signed(countersignedText({ applicationId, keyId }, headText(head)))
  await world.sealing.countersign(OF, head.size, { applicationId, keyId, signature })
}

function partner(algorithm: 'rsa-sha256' | 'sm2-sm3') {
  if (algorithm === 'sm2-sm3') {
    const { privateKey, publicKey } = sm2.generateKeyPairHex()
    return { publicKey, signed: (text: string) => signBySm2(text, privateKey, publicKey) }
  }
  const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return {
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    signed: (text: string) => sign('sha256', Buffer.from(text), pair.privateKey).toString('base64'),
  }
}
