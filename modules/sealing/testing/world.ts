import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { sm2 } from 'sm-crypto-v2'

import type { HospitalId } from '../../../kernel/id.ts'
import { addMs, SECOND_MS } from '../../../kernel/time.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import { ledgerLog } from '../../ledger/sealed-log-store.ts'
import { auditLog } from '../audit-log-store.ts'
import type { PartnerKey } from '../dependencies.ts'
import type { TreeHash } from '../hashing.ts'
import { headFileAt } from '../head-file.ts'
import { createSealing } from '../sealing.ts'
import type { HeadSignature, Signer } from '../signature.ts'
import { readFiledHeads } from '../verify-heads.ts'
import { verifyLog } from '../verify.ts'

export const HOSPITAL = 1 as HospitalId
export const OTHER_HOSPITAL = 2 as HospitalId

export type SealingWorld = Awaited<ReturnType<typeof openSealingWorld>>

/** Two hospitals whose ledger and audit are sealed, on a real database, with a way in for whoever owns the server. */
export async function openSealingWorld({
  treeHash = 'sha256',
  signer = newSigner('ed25519'),
}: { treeHash?: TreeHash; signer?: Signer } = {}) {
  const db = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-sealing-'))
  const path = join(folder, 'heads.jsonl')
  const platform = testPlatform()
  const owner = new pg.Client(db.url)
  await owner.connect()
  const keys: PartnerKey[] = []
  const dependencies = {
    db,
    clock: platform.clock,
    signer,
    logs: [ledgerLog, auditLog].map((log) => ({ log, treeHash })),
    headFile: headFileAt(path),
    keysOf: async () => keys,
  }
  const sealing = createSealing(dependencies)
  return {
    ...platform,
    db,
    /** Signed in as the owner of the server, whom no privilege holds. */
    owner,
    signer,
    keys,
    path,
    dependencies,
    sealing,
    /** What is found at both hospitals, as 'kind subject', with the file of heads or without it. */
    async findings({ withFile = true, trusted = [signer] } = {}): Promise<string[]> {
      const filed = withFile ? await readFiledHeads(path) : null
      const found: string[] = []
      for (const hospitalId of [HOSPITAL, OTHER_HOSPITAL]) {
        for (const { log } of dependencies.logs) {
          const { findings } = await verifyLog({ db, trusted, filed }, hospitalId, log)
          found.push(...findings.map(({ kind, subject }) => `${kind} ${subject}`))
        }
      }
      return found
    },
    async [Symbol.asyncDispose]() {
      await owner.end()
      await dependencies.headFile.close()
      await db[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

/** Entries of two transfers each, a second apart, written as they are there in the end. Returns their ids. */
export async function postEntries(
  { owner, clock, newId }: Pick<SealingWorld, 'owner' | 'clock' | 'newId'>,
  hospitalId: HospitalId,
  count: number,
): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    clock.set(addMs(clock.now(), SECOND_MS))
    const id = newId<'Entry'>()
    ids.push(id)
    // An entry is committed with its transfers.
    await owner.query(
      `with posted as (
          insert into ledger.entry (hospital_id, id, business_date, cause, subject, memo, created_at)
          values ($1, $2, '2026-11-21', $3, $4, '门诊 "收费"', $5) returning hospital_id, id)
        insert into ledger.transfer (hospital_id, entry_id, line_no, debit_account, credit_account, amount_fen)
        select hospital_id, id, 1, 'wechat', 'income', 100 from posted
        union all select hospital_id, id, 2, 'fees', 'wechat', 1 from posted`,
      [hospitalId, id, `cause:${id}`, `payment:${id}`, clock.now()],
    )
  }
  return ids
}

/** A key of this test, and how it signs: written from what the documents say, not from what checks it. */
export function newSigner(algorithm: HeadSignature): Signer {
  return algorithm === 'ed25519' ? ed25519Signer() : sm2Signer()
}

const keyIdOf = (algorithm: string, publicKey: string) =>
  `${algorithm}-${createHash('sha256').update(publicKey).digest('hex').slice(0, 16)}`

function ed25519Signer(): Signer {
  const pair = generateKeyPairSync('ed25519')
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return {
    algorithm: 'ed25519',
    keyId: keyIdOf('ed25519', publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), pair.privateKey).toString('base64'),
  }
}

function sm2Signer(): Signer {
  const { privateKey, publicKey } = sm2.generateKeyPairHex()
  return {
    algorithm: 'sm2',
    keyId: keyIdOf('sm2', publicKey),
    publicKey,
    sign: (text) => signBySm2(text, privateKey, publicKey),
  }
}

export function signBySm2(text: string, privateKey: string, publicKey: string): string {
  const options = { hash: true, der: true, userId: '1234567812345678', publicKey }
  return Buffer.from(sm2.doSignature(text, privateKey, options), 'hex').toString('base64')
}
