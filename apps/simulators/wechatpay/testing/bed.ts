import {
  createDecipheriv,
  createSign,
  createVerify,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { request } from 'undici'

import { assert } from '../../../../kernel/assert.ts'
import { type Fen, fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import { addMs, type Clock } from '../../../../kernel/time.ts'
import { noFaults } from '../../kit/simulator.ts'
import { startWechatPay, type WechatPayOptions, type WechatPaySimulator } from '../index.ts'

// What the tests stand on: a merchant that speaks the protocol with its own code, and shares none
// with the simulator; its server for notices; and a clock that is moved by hand.

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

export const merchantKeys = newKeys()
export const platformKeys = newKeys()

export const MCHID = '1900000109'
export const OTHER_MCHID = '1900000208'
export const APPID = 'wx8888888888888888'
const SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
export const API_V3_KEY = '0123456789abcdef0123456789abcdef'
export const API_V2_KEY = 'abcdef0123456789abcdef0123456789'
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026112100000001'
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
export const POOR_OPENID = 'oUpF8uPOORxxxxxxxxxxxxxxxxxx'

export type TestClock = Clock & { advance(ms: number): void; set(instant: Date): void }

export function testClock(start: string, onChange: (now: Date) => void = () => {}): TestClock {
  let now = new Date(start)
  onChange(now)
  const set = (instant: Date) => {
    now = instant
    onChange(now)
  }
  return { now: () => now, set, advance: (ms) => set(addMs(now, ms)) }
}

/** A saturday morning; every test may begin elsewhere. */
export const START = '2026-11-21T09:30:00+08:00'

export const testOptions = (options: Partial<WechatPayOptions> = {}): WechatPayOptions => ({
  clock: testClock(START),
  random: seededRandom('wechat pay tests'),
  faults: noFaults,
  databaseFile: ':memory:',
  port: 0,
  merchants: [
    {
      mchid: MCHID,
      appid: APPID,
      name: '市立医院',
      merchantPublicKeyPem: merchantKeys.publicKey,
      merchantSerial: SERIAL,
      apiV3Key: API_V3_KEY,
      apiV2Key: API_V2_KEY,
      feePpm: 6_000,
    },
    {
      mchid: OTHER_MCHID,
      appid: 'wx7777777777777777',
      name: '区人民医院',
      merchantPublicKeyPem: merchantKeys.publicKey,
      merchantSerial: SERIAL,
      apiV3Key: API_V3_KEY,
      feePpm: 0,
    },
  ],
  platformKey: { privateKeyPem: platformKeys.privateKey, publicKeyId: PUBLIC_KEY_ID },
  wallets: [
    { openid: OPENID, name: '王芳', balanceFen: fen(100_000_000) },
    { openid: POOR_OPENID, name: '李强', balanceFen: fen(100) },
  ],
  ...options,
})

/** A simulator that holds its books against themselves when it is stopped, and throws if they are wrong. */
export async function startChecked(options: WechatPayOptions): Promise<WechatPaySimulator> {
  const simulator = await startWechatPay(options)
  let isStopped = false
  return {
    ...simulator,
    async stop() {
      if (isStopped) return
      isStopped = true
      const violations = simulator.checkBooks()
      await simulator.stop()
      assert(violations.length === 0, violations.join('; '))
    },
  }
}

/** A checked simulator with a merchant beside it. Stop it when done. */
export async function startTestBed(options: Partial<WechatPayOptions> = {}): Promise<TestBed> {
  const clock = (options.clock as TestClock | undefined) ?? testClock(START)
  const receiver = await startReceiver()
  const simulator = await startChecked(testOptions({ ...options, clock }))
  const merchant = testMerchant(simulator.url, clock)
  return {
    clock,
    simulator,
    receiver,
    merchant,
    order: (overrides = {}) => orderBody(receiver.url, overrides),
    async placeAndPay(overrides = {}) {
      const body = orderBody(receiver.url, overrides)
      const placed = await merchant.post('/v3/pay/transactions/jsapi', body)
      const { prepay_id: prepayId } = placed.json as { prepay_id: string }
      return { body, prepayId, outcome: await simulator.pay({ prepayId }, body.payer.openid) }
    },
    async stop() {
      await simulator.stop()
      await receiver.stop()
    },
  }
}

export type TestBed = {
  clock: TestClock
  simulator: WechatPaySimulator
  receiver: Receiver
  merchant: TestMerchant
  order(overrides?: Record<string, unknown>): OrderBody
  placeAndPay(
    overrides?: Record<string, unknown>,
  ): Promise<{ body: OrderBody; prepayId: string; outcome: string }>
  stop(): Promise<void>
}

export type OrderBody = {
  appid: string
  mchid: string
  description: string
  out_trade_no: string
  notify_url: string
  amount: { total: Fen; currency: string }
  payer: { openid: string }
}

let orderCount = 0

function orderBody(receiverUrl: string, overrides: Record<string, unknown>): OrderBody {
  orderCount += 1
  return {
    appid: APPID,
    mchid: MCHID,
    description: '门诊缴费',
    out_trade_no: `MZ20261121${String(orderCount).padStart(6, '0')}`,
    notify_url: `${receiverUrl}/notify`,
    amount: { total: fen(28_50), currency: 'CNY' },
    payer: { openid: OPENID },
    ...overrides,
  }
}

export type TestAnswer = {
  status: number
  headers: Record<string, string>
  text: string
  bytes: Buffer
  json: unknown
  /** Whether the platform's signature over this very text is right. */
  isSigned: boolean
  /** The number at the end of Request-ID. */
  numericCode: number
}

export type TestMerchant = ReturnType<typeof testMerchant>

export function testMerchant(url: string, clock: Clock, mchid = MCHID) {
  return {
    get: (target: string) => send('GET', target, ''),
    post: (target: string, body: unknown) => send('POST', target, JSON.stringify(body)),
    send,
    authorize,
  }

  /** Signs and sends; `change` may spoil the headers on the way. */
  async function send(
    method: 'GET' | 'POST',
    target: string,
    body: string | Buffer,
    change: Record<string, string> = {},
  ): Promise<TestAnswer> {
    const response = await request(url + target, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'test merchant',
        authorization: authorize(method, target, body),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...change,
      },
      body: method === 'POST' ? body : null,
    })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    return readAnswer(response.statusCode, response.headers as Record<string, string>, bytes)
  }

  function authorize(
    method: string,
    target: string,
    body: string | Buffer,
    given: { timestamp?: number; nonce?: string; serial?: string } = {},
  ): string {
    const timestamp = given.timestamp ?? Math.floor(clock.now().getTime() / 1000)
    const nonce = given.nonce ?? randomBytes(16).toString('hex')
    const signer = createSign('RSA-SHA256').update(`${method}\n${target}\n${timestamp}\n${nonce}\n`)
    const signature = signer.update(body).update('\n').sign(merchantKeys.privateKey, 'base64')
    const serial = given.serial ?? SERIAL
    return (
      `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",` +
      `timestamp="${timestamp}",serial_no="${serial}",signature="${signature}"`
    )
  }
}

function readAnswer(status: number, headers: Record<string, string>, bytes: Buffer): TestAnswer {
  const text = bytes.toString('utf8')
  return {
    status,
    headers,
    text,
    bytes,
    json: text.startsWith('{') ? JSON.parse(text) : null,
    isSigned: isSignedByPlatform(headers, text),
    numericCode: Number(/-(\d+)$/.exec(headers['request-id'] ?? '')?.[1]),
  }
}

function isSignedByPlatform(headers: Headers, body: string): boolean {
  const [timestamp, nonce, signature] = ['timestamp', 'nonce', 'signature'].map((name) =>
    String(headers[`wechatpay-${name}`]),
  )
  return createVerify('RSA-SHA256')
    .update(`${timestamp}\n${nonce}\n${body}\n`)
    .verify(platformKeys.publicKey, signature ?? '', 'base64')
}

type Headers = Record<string, string | string[] | undefined>

export type Received = {
  headers: Headers
  text: string
  isSigned: boolean
  /** The resource, opened; null where it does not open. */
  resource: Record<string, unknown> | null
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** The merchant's server for notices. `answer` says what it does with the next ones. */
export async function startReceiver() {
  const receiver = {
    url: '',
    received: [] as Received[],
    answer: 204 as number | 'silence',
    stop: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => void server.close(() => done()))
    },
  }
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const { headers } = incoming
      const isSigned = isSignedByPlatform(headers, text)
      receiver.received.push({ headers, text, isSigned, resource: openResource(text) })
      if (receiver.answer !== 'silence') response.writeHead(receiver.answer).end()
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return receiver
}

function openResource(text: string): Record<string, unknown> | null {
  try {
    const { resource } = JSON.parse(text) as { resource: Record<string, string> }
    const sealed = Buffer.from(resource['ciphertext'] ?? '', 'base64')
    const decipher = createDecipheriv('aes-256-gcm', API_V3_KEY, resource['nonce'] ?? '')
    decipher.setAAD(Buffer.from(resource['associated_data'] ?? ''))
    decipher.setAuthTag(sealed.subarray(-16))
    const opened = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    return JSON.parse(opened.toString('utf8')) as Record<string, unknown>
  } catch {
    return null
  }
}
