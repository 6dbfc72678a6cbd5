import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

import { request as send } from 'undici'

import { assert } from '../../../../kernel/assert.ts'
import { type Random, randomHex } from '../../../../kernel/random.ts'
import { type Clock, SECOND_MS } from '../../../../kernel/time.ts'

// A hospital that is wrong in one point, and right in all others: it asks the reference simulator and lies about the answer.

export type Told = { code: string; message: string; data?: Readonly<Record<string, unknown>> }

/** One request at the liar's door. */
export type Overheard = {
  operation: string
  /** Undefined for what is no JSON. */
  body: Readonly<Record<string, unknown>> | undefined
  nonce: string
  /** What the reference answers to it as it came. */
  truth: () => Promise<Told>
  /** What the reference answers to something else, asked for by the liar in the hub's name. */
  ask: (operation: string, body: object) => Promise<Told>
  now: () => Date
}

/** What is answered in place of the truth; null for the truth itself, byte by byte. */
export type Lie = (overheard: Overheard) => Promise<Told | null>

export type LiarOptions = {
  truthUrl: string
  clock: Clock
  random: Random
  /** Both sides' keys, as a liar signs its lies as the hospital and asks as the hub. */
  keys: LiarKeys
  lie: Lie
  /** Answers go out without a signature. */
  isUnsigned: boolean
}

export type LiarKeys = {
  hospitalKeyId: string
  hospitalPrivateKeyPem: string
  hubKeyId: string
  hubPrivateKeyPem: string
}

export type Liar = { url: string; close: () => Promise<void> }

const PREFIX = '/yiqiao/v1/'

/** Opens the liar's door on loopback. */
export async function openLiar(options: LiarOptions): Promise<Liar> {
  const server = createServer((request, response) => {
    void answer(options, request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

type Sent = { status: number; headers: Record<string, string>; bytes: Buffer }

async function answer(
  options: LiarOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = await bytesOf(request)
  const path = request.url ?? ''
  let truth: Promise<Sent> | null = null
  const asItCame = () => (truth ??= forward(options, path, request.headers, bytes))
  const told = await options.lie({
    operation: path.slice(PREFIX.length),
    body: objectOf(bytes),
    nonce: nonceOf(request.headers),
    truth: async () => toldBy(await asItCame()),
    ask: (operation, body) => askAsHub(options, operation, body),
    now: () => options.clock.now(),
  })
  const sent = told === null ? await asItCame() : lieOf(options, request.headers, told)
  const headers = options.isUnsigned ? withoutSignature(sent.headers) : sent.headers
  response.writeHead(sent.status, headers).end(sent.bytes)
}

const KEPT = /^(content-type|x-yiqiao-.+)$/

async function forward(
  { truthUrl }: LiarOptions,
  path: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Sent> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    KEPT.test(name) && typeof value === 'string' ? [[name, value] as const] : [],
  )
  const to = { method: 'POST', headers: Object.fromEntries(kept), body } as const
  const response = await send(`${truthUrl}${path}`, to)
  const back = Object.entries(response.headers).flatMap(([name, value]) =>
    KEPT.test(name) && typeof value === 'string' ? [[name, value] as const] : [],
  )
  const bytes = Buffer.from(await response.body.arrayBuffer())
  return { status: response.statusCode, headers: Object.fromEntries(back), bytes }
}

async function askAsHub(options: LiarOptions, operation: string, body: object): Promise<Told> {
  const { clock, random, keys } = options
  const path = `${PREFIX}${operation}`
  const bytes = Buffer.from(JSON.stringify(body))
  const [timestamp, nonce] = [secondsOf(clock), randomHex(random, 16)]
  const text = ['POST', path, timestamp, nonce, hashOf(bytes), ''].join('\n')
  const key = createPrivateKey(keys.hubPrivateKeyPem)
  const headers = headersOf(keys.hubKeyId, key, { timestamp, nonce, text })
  return toldBy(await forward(options, path, headers, bytes))
}

/** A lie, signed as every answer of the hospital is. */
function lieOf({ clock, keys }: LiarOptions, headers: IncomingHttpHeaders, told: Told): Sent {
  const bytes = Buffer.from(JSON.stringify(told))
  const [timestamp, nonce] = [secondsOf(clock), nonceOf(headers)]
  const text = [timestamp, nonce, hashOf(bytes), ''].join('\n')
  const key = createPrivateKey(keys.hospitalPrivateKeyPem)
  const signed = headersOf(keys.hospitalKeyId, key, { timestamp, nonce, text })
  return { status: 200, headers: signed, bytes }
}

const headersOf = (
  keyId: string,
  key: KeyObject,
  { timestamp, nonce, text }: { timestamp: string; nonce: string; text: string },
) => ({
  'content-type': 'application/json; charset=utf-8',
  'x-yiqiao-key-id': keyId,
  'x-yiqiao-timestamp': timestamp,
  'x-yiqiao-nonce': nonce,
  'x-yiqiao-signature': sign('sha256', Buffer.from(text), key).toString('base64'),
})

const withoutSignature = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-yiqiao-signature'))

function toldBy({ bytes }: Sent): Told {
  const told = objectOf(bytes)
  assert(typeof told?.['code'] === 'string', 'the reference answers in the form of the interface')
  return told as Told
}

function objectOf(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const nonceOf = (headers: IncomingHttpHeaders): string => String(headers['x-yiqiao-nonce'] ?? '')
const secondsOf = (clock: Clock): string => String(Math.floor(clock.now().getTime() / SECOND_MS))
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    if (chunk instanceof Buffer) chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
