import {
  createHash,
  createPrivateKey,
  createSign,
  createVerify,
  X509Certificate,
} from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { request } from 'undici'

import { assert } from '../../../../kernel/assert.ts'
import { fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import { addMs, type Clock } from '../../../../kernel/time.ts'
import { makeUnionPayKeys } from '../certificates.ts'
import { startUnionPay, type UnionPayOptions, type UnionPaySimulator } from '../start.ts'

// What the tests stand on: a merchant that speaks the protocol with its own code, and shares none with the simulator;
// its server for notices; and a clock that is moved by hand.

const START = '2026-11-21T09:30:00+08:00'
export const MER_ID = '898340183980105'
const OTHER_MER_ID = '777290058110048'
export const CARD = '6217001210024455220'
export const POOR_CARD = '6225888800001234'
const SECURE_KEY = 'a key of two sides'

const keys = makeUnionPayKeys(new Date(START), seededRandom('unionpay simulator'), [MER_ID])
const merchantKey = keys.merchants[0]
assert(merchantKey, 'there is a merchant')
const ownKey = merchantKey

export type Fields = Record<string, string>

export type TestClock = Clock & { set(text: string): void; advance(ms: number): void }

function testClock(start = START): TestClock {
  let now = new Date(start)
  return {
    now: () => now,
    set: (text) => void (now = new Date(`${text}+08:00`)),
    advance: (ms) => void (now = addMs(now, ms)),
  }
}

export const testOptions = (options: Partial<UnionPayOptions> = {}): UnionPayOptions => ({
  clock: testClock(),
  random: seededRandom('unionpay tests'),
  faults: () => null,
  databaseFile: ':memory:',
  port: 0,
  signer: keys.signer,
  merchants: [
    { merId: MER_ID, name: '市立医院', feePpm: 6_000, certificatePem: ownKey.certificatePem },
    {
      merId: OTHER_MER_ID,
      name: '区人民医院',
      feePpm: 0,
      signMethod: '12',
      secureKey: SECURE_KEY,
    },
  ],
  cards: [
    { cardNo: CARD, holder: '王芳', balanceFen: fen(100_000_000) },
    { cardNo: POOR_CARD, holder: '李强', balanceFen: fen(100) },
  ],
  ...options,
})

/** A simulator with a merchant beside it, whose books are held against themselves when it is stopped. */
export async function startTestBed(options: Partial<UnionPayOptions> = {}) {
  const clock = (options.clock as TestClock | undefined) ?? testClock()
  const inbox = await startInbox()
  const simulator = await startUnionPay(testOptions({ ...options, clock }))
  const post = (path: string, fields: Fields) => postFields(simulator, path, fields)
  const back = (fields: Fields) => post('/gateway/api/backTransReq.do', sign(fields))
  return {
    clock,
    simulator,
    inbox,
    post,
    back,
    query: (fields: Fields) =>
      post('/gateway/api/queryTrans.do', sign({ ...names(fields), ...QUERY })),
    file: (settleDate: string) =>
      post('/', sign({ ...FILE, settleDate, txnTime: digits(clock.now()) })),
    order: (changes: Fields = {}) => orderFields(clock, inbox.url, changes),
    async pass(ms: number) {
      clock.advance(ms)
      await simulator.runDue()
    },
    async stop() {
      const violations = simulator.checkBooks()
      await simulator.stop()
      await inbox.stop()
      assert(violations.length === 0, violations.join('; '))
    },
  }
}

export type TestBed = Awaited<ReturnType<typeof startTestBed>>

const QUERY = { txnType: '00', txnSubType: '00', bizType: '000000' }
const FILE = { txnType: '76', txnSubType: '01', bizType: '000000', fileType: '00' }

const names = ({ orderId = '', txnTime = '' }: Fields): Fields => ({ orderId, txnTime })

const digits = (instant: Date): string =>
  addMs(instant, 8 * 3_600_000)
    .toISOString()
    .slice(0, 19)
    .replaceAll(/\D/g, '')

let orderCount = 0

/** An order by our code, to be changed into any other. */
function orderFields(clock: Clock, inboxUrl: string, changes: Fields): Fields {
  orderCount += 1
  return {
    txnType: '01',
    txnSubType: '07',
    bizType: '000000',
    channelType: '08',
    orderId: `MZ20261121${String(orderCount).padStart(6, '0')}`,
    txnTime: digits(clock.now()),
    txnAmt: '2850',
    currencyCode: '156',
    payTimeout: digits(addMs(clock.now(), 900_000)),
    backUrl: `${inboxUrl}/notify`,
    riskRateInfo: '{commodityName=门诊缴费}',
    ...changes,
  }
}

export function sign(fields: Fields, key = ownKey): Fields {
  const certId = String(BigInt(`0x${new X509Certificate(key.certificatePem).serialNumber}`))
  const named: Fields = {
    version: '5.1.0',
    encoding: 'UTF-8',
    accessType: '0',
    merId: MER_ID,
    signMethod: '01',
    certId,
    ...fields,
  }
  const signer = createSign('sha256').update(digestOf(named))
  const signature = signer.sign(createPrivateKey(key.privateKeyPem), 'base64')
  return { ...named, signature }
}

export const isSignedByUnionPay = (fields: Fields): boolean => {
  const { signature = '', ...rest } = fields
  const certificate = new X509Certificate(rest['signPubKeyCert'] ?? '')
  const isOurs =
    certificate.fingerprint256 === new X509Certificate(keys.signer.certificatePem).fingerprint256
  const verifier = createVerify('sha256').update(digestOf(rest))
  return isOurs && verifier.verify(certificate.publicKey, signature, 'base64')
}

const digestOf = (fields: Fields): string => {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(sorted.map((pair) => pair.join('=')).join('&'))
    .digest('hex')
}

async function postFields(
  { url }: UnionPaySimulator,
  path: string,
  fields: Fields,
): Promise<Fields> {
  const { statusCode, text } = await postForm(`${url}${path}`, fields)
  assert(statusCode === 200, `status ${statusCode}: ${text}`)
  // No value of the simulator's has an ampersand of its own, so that this simple reading will do.
  return Object.fromEntries(
    text
      .split('&')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

export async function postForm(url: string, fields: Fields) {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
    reset: true, // a connection that a fault has cut must not be met again
  })
  const { statusCode, headers } = response
  return { statusCode, headers, text: await response.body.text() }
}

/** The merchant's server for notices. `answer` says what it does with the next ones. */
async function startInbox() {
  const inbox = {
    url: '',
    received: [] as Fields[],
    answer: 200,
    stop: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => void server.close(() => done()))
    },
  }
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      inbox.received.push(Object.fromEntries(new URLSearchParams(body)))
      response.writeHead(inbox.answer).end()
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  inbox.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return inbox
}
