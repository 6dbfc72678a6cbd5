import { createHash, createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { request } from 'undici'
import { onTestFinished } from 'vitest'

import { randomHex, seededRandom } from '../../../kernel/random.ts'
import { addMs, type Clock } from '../../../kernel/time.ts'
import { noFaults } from '../kit/simulator.ts'
import { createWorld } from '../world/index.ts'
import type { Bill, HisOptions, HisSimulator } from './index.ts'
import { startHis } from './index.ts'
import { recallNewcomers } from './patients.ts'
import { createRegistry } from './registry.ts'
import { openStore } from './store.ts'

// A hub for tests, written from the interface's page alone: it signs and verifies by itself, so that
// a mistake in the HIS's own signing cannot hide behind its use on both sides.

export const world = createWorld('his tests', { people: 40 })

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

export const hospitalPair = pair()
const hubPair = pair()
export const HOSPITAL_KEY_ID = 'hospital-1'
const HUB_KEY_ID = 'hub'

const nonces = seededRandom('nonces of the hub')

/** A clock that stands until it is moved. */
export class TestClock implements Clock {
  #now: Date

  constructor(text = '2026-11-21T09:00:00+08:00') {
    this.#now = new Date(text)
  }

  now(): Date {
    return this.#now
  }

  set(text: string): void {
    this.#now = new Date(text)
  }

  move(ms: number): void {
    this.#now = addMs(this.#now, ms)
  }
}

/** A file that outlives its simulator and goes with the test that asks for it. */
export function newDatabaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'his-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'his.sqlite')
}

export function testOptions(clock: Clock, options: Partial<HisOptions> = {}): HisOptions {
  const [hospital] = world.hospitals
  if (!hospital) throw new Error('the world has a hospital')
  return {
    clock,
    random: seededRandom('his'),
    faults: noFaults,
    databaseFile: ':memory:',
    port: 0,
    hospital,
    people: world.people,
    catalogue: world.catalogue,
    keys: {
      hospitalKeyId: HOSPITAL_KEY_ID,
      hospitalPrivateKeyPem: hospitalPair.privateKey,
      hubKeyId: HUB_KEY_ID,
      hubPublicKeyPem: hubPair.publicKey,
    },
    hubUrl: null,
    ...options,
  }
}

export const startTestHis = (clock: Clock, options: Partial<HisOptions> = {}) =>
  startHis(testOptions(clock, options))

export type TestAnswer = { code: string; message: string; data?: Record<string, never> }

/** Calls an operation as the hub, and throws unless the answer is rightly signed. */
export async function call(
  his: HisSimulator,
  clock: Clock,
  operation: string,
  body: object,
): Promise<TestAnswer> {
  const sent = Buffer.from(JSON.stringify(body))
  const path = `/yiqiao/v1/${operation}`
  const headers = signedHeaders(clock, path, sent)
  const response = await send(his, path, headers, sent)
  if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${response.text}`)
  assertSignedAnswer(response, headers['x-yiqiao-nonce'])
  return JSON.parse(response.text) as TestAnswer
}

export type TestResponse = { status: number; headers: Record<string, unknown>; text: string }

export async function send(
  his: HisSimulator,
  path: string,
  headers: Record<string, string>,
  body: Buffer | string,
): Promise<TestResponse> {
  const response = await request(his.url + path, { method: 'POST', headers, body })
  return {
    status: response.statusCode,
    headers: response.headers,
    text: await response.body.text(),
  }
}

/** Section 1.1, over method POST. */
export function signedHeaders(
  clock: Clock,
  path: string,
  body: Buffer | string,
  nonce = randomHex(nonces, 16),
) {
  const timestamp = String(Math.floor(clock.now().getTime() / 1000))
  const text = ['POST', path, timestamp, nonce, sha256(body), ''].join('\n')
  return {
    'content-type': 'application/json',
    'x-yiqiao-key-id': HUB_KEY_ID,
    'x-yiqiao-timestamp': timestamp,
    'x-yiqiao-nonce': nonce,
    'x-yiqiao-signature': createSign('RSA-SHA256').update(text).sign(hubPair.privateKey, 'base64'),
  }
}

/** Section 1.2. */
export function assertSignedAnswer({ headers, text }: TestResponse, nonce: string): void {
  const timestamp = String(headers['x-yiqiao-timestamp'])
  const signedText = [timestamp, nonce, sha256(text), ''].join('\n')
  const signature = String(headers['x-yiqiao-signature'])
  const verifier = createVerify('RSA-SHA256').update(signedText)
  const right = verifier.verify(hospitalPair.publicKey, signature, 'base64')
  const named = headers['x-yiqiao-key-id'] === HOSPITAL_KEY_ID
  const bound = headers['x-yiqiao-nonce'] === nonce
  if (!right || !named || !bound) throw new Error(`the answer is not signed: ${text}`)
}

const sha256 = (body: Buffer | string): string => createHash('sha256').update(body).digest('hex')

/** A consultation of cheap lines of classes A, B and C, for the person. */
export const simpleBill = (his: HisSimulator, personNo = 1): Bill =>
  his.createBill({
    personNo,
    departmentCode: firstDepartment().code,
    kind: 'outpatient',
    items: ['阿司匹林肠溶片', '阿托伐他汀钙片', '维生素C咀嚼片'].map((name) => ({
      code: codeOf(name),
      quantity: 2,
    })),
  })

export function codeOf(name: string): string {
  const item = world.catalogue.find((i) => i.name === name)
  if (!item) throw new Error(`no item ${name}`)
  return item.code
}

export function firstDepartment() {
  const department = world.hospitals[0]?.departments[0]
  if (!department) throw new Error('the world has a department')
  return department
}

/** A write-back that pays the bill in full by one tender. */
export const writeBackOf = (bill: Bill, paymentNo: string, clock: Clock) => ({
  paymentNo,
  billNo: bill.billNo,
  version: bill.version,
  totalFen: bill.totalFen as number,
  paidAt: clock.now().toISOString(),
  tenders: [{ kind: 'self_pay', amountFen: bill.totalFen as number, tradeNo: `WX-${paymentNo}` }],
  insuranceSettlementNo: null as string | null,
})

/** Whether a request to the hub is signed by the hospital, by section 1.1. */
export function isSignedRequest(
  clock: Clock,
  headers: Record<string, unknown>,
  path: string,
  body: string,
): boolean {
  const timestamp = String(headers['x-yiqiao-timestamp'])
  const nonce = String(headers['x-yiqiao-nonce'])
  const text = ['POST', path, timestamp, nonce, sha256(body), ''].join('\n')
  const verifier = createVerify('RSA-SHA256').update(text)
  const signature = String(headers['x-yiqiao-signature'])
  const fresh = Math.abs(Number(timestamp) - clock.now().getTime() / 1000) <= 300
  return fresh && verifier.verify(hospitalPair.publicKey, signature, 'base64')
}

/** The hospital's rules without a door, for tests of what no face is needed for. Close the store at the end. */
export function openTestBooks(clock: Clock, databaseFile = ':memory:') {
  const { hospital, people, catalogue } = testOptions(clock)
  const store = openStore(databaseFile)
  const registry = createRegistry(hospital, people, catalogue)
  recallNewcomers(store, registry)
  return { clock, store, registry }
}
