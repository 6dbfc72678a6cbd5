import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Formatter, Rsa } from 'wechatpay-axios-plugin'

import type { Clock } from '../../../../kernel/time.ts'
import { readWechatPayParams, type WechatPayParams } from '../params.ts'

// WeChat Pay on loopback that says what a test tells it to, in the test's order. Its signatures are made
// and checked by another implementation than the adapter's, so that the two readings meet here.

export type Reply =
  | Answer
  | 'silence' // takes the request and never answers
  | 'hang_up' // takes the request and closes
  | 'drip' // answers a byte now and then, without end

export type Answer = {
  status: number
  json?: unknown
  text?: string
  bytes?: Buffer
  requestId?: string
  proof?: Proof
}

export const ok = (json: unknown): Answer => ({ status: 200, json })

/** A refusal with WeChat's code, and the number that ends its Request-ID. */
export const refusal = (status: number, code: string, numeric = '0'): Answer => ({
  status,
  json: { code, message: '说明' },
  requestId: `08F78BB6AF0610D302189F8D9E5820F71D28-${numeric}`,
})

/** How an answer is signed; 'own' unless told. */
type Proof =
  | 'own'
  | 'second_key'
  | 'none'
  | 'wrong_key'
  | 'unknown_serial'
  | 'old'
  | 'altered'
  | 'twice'

export type Heard = {
  method: string
  url: string
  body: string
  signed: boolean
  contentType: string
}

export const SERIAL = 'PUB_KEY_ID_0119000001092026'
const SECOND_SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
export const MERCHANT_SERIAL = '477ED0046A54E0360C72A63F5E9F28F5A6B1C9D2'
export const API_V3_KEY = 'Yiqiao-APIv3-key-of-32-letters-0'

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

export const merchant = newKeys()
export const platform = newKeys()
const secondPlatform = newKeys()
export const stranger = newKeys()

export const paramsFor = (baseUrl: string, changes: Partial<WechatPayParams> = {}) =>
  readWechatPayParams({
    mchid: '1900000109',
    appid: 'wx8888888888888888',
    merchantSerial: MERCHANT_SERIAL,
    merchantPrivateKeyPem: merchant.privateKey,
    apiV3Key: API_V3_KEY,
    platformKeys: [
      { id: SERIAL, publicKeyPem: platform.publicKey },
      { id: SECOND_SERIAL, publicKeyPem: secondPlatform.publicKey },
    ],
    baseUrl,
    backupUrl: null,
    notifyUrl: 'https://hub.example/notices/wechat/1',
    methods: ['account'],
    ...changes,
  })

export async function startGateway(clock: Clock) {
  const replies: Reply[] = []
  const heard: Heard[] = []
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    heard,
    /** The next answers, one for each request; without one the gateway answers a signed 500. */
    tell: (...next: Reply[]) => void replies.splice(0, replies.length, ...next),
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    heard.push(await hear(request))
    const reply = replies.shift() ?? {
      status: 500,
      json: { code: 'SYSTEM_ERROR', message: 'none' },
    }
    if (reply === 'silence') return
    if (reply === 'hang_up') return void request.socket.destroy()
    if (reply === 'drip') return drip(response)
    const { status, requestId, proof = 'own' } = reply
    const text = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json))
    const body = reply.bytes ?? Buffer.from(text)
    if (requestId !== undefined) response.setHeader('Request-ID', requestId)
    if (proof !== 'none') setProof(response, proof, text, clock)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(status === 204 ? undefined : proof === 'altered' ? `${text} ` : body)
  }
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>

async function hear(request: IncomingMessage): Promise<Heard> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString('utf8')
  const { method = '', url = '', headers } = request
  return {
    method,
    url,
    body,
    signed: isSigned(method, url, headers.authorization ?? '', body),
    contentType: headers['content-type'] ?? '',
  }
}

function isSigned(method: string, url: string, authorization: string, body: string): boolean {
  if (!authorization.startsWith('WECHATPAY2-SHA256-RSA2048 ')) return false
  const field = (name: string) => new RegExp(`[ ,]${name}="([^"]*)"`).exec(authorization)?.[1] ?? ''
  const message = Formatter.request(method, url, field('timestamp'), field('nonce_str'), body)
  return (
    field('mchid') === '1900000109' &&
    field('serial_no') === MERCHANT_SERIAL &&
    Rsa.verify(message, field('signature'), merchant.publicKey)
  )
}

export function signatureHeaders(
  text: string,
  at: Date,
  key = platform.privateKey,
  serial = SERIAL,
) {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const nonce = 'c5ac7061fccab6bf3e254dcf98995b8c'
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': serial,
    'wechatpay-signature': Rsa.sign(Formatter.response(timestamp, nonce, text), key),
  }
}

function setProof(response: ServerResponse, proof: Proof, text: string, clock: Clock) {
  const now = clock.now()
  const at = proof === 'old' ? new Date(now.getTime() - 301_000) : now
  const headers: Record<string, string | string[]> = {
    own: () => signatureHeaders(text, at),
    old: () => signatureHeaders(text, at),
    altered: () => signatureHeaders(text, at),
    none: () => ({}),
    second_key: () => signatureHeaders(text, at, secondPlatform.privateKey, SECOND_SERIAL),
    wrong_key: () => signatureHeaders(text, at, stranger.privateKey),
    unknown_serial: () => signatureHeaders(text, at, stranger.privateKey, 'PUB_KEY_ID_STRANGER'),
    twice: () => ({ ...signatureHeaders(text, at), 'wechatpay-nonce': ['a', 'b'] }),
  }[proof]()
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function drip(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}
