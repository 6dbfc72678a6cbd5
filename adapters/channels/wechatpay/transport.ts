import { Agent, type Dispatcher, request } from 'undici'

import type { Headers } from './signing.ts'

export type WireRequest = {
  method: 'GET' | 'POST'
  path: string
  body: string // empty for a GET
  headers: Record<string, string>
  /** Connections of this merchant alone; the shared ones unless told. */
  connections?: Dispatcher
}

/** The longest pause, the longest time for all of it, and the largest answer. */
export type Limits = { pauseMs: number; deadlineMs: number; bytes: number }

export type Received =
  | { kind: 'answered'; status: number; headers: Headers; body: Buffer }
  | { kind: 'too_large'; reason: string }
  /** nothingSent: no connection was made, so WeChat cannot have heard of it. */
  | { kind: 'failed'; reason: string; nothingSent: boolean }

const CONNECT_TIMEOUT_MS = 3_000

// Shared by all merchants, as they all talk to the same host.
const shared = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })

/** Connections on which the merchant shows its certificate. */
export const connectionsShowing = (certificatePem: string, keyPem: string): Dispatcher =>
  new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, cert: certificatePem, key: keyPem } })

/** Sends a request to one host and takes what comes, whatever it is. Never throws. */
export async function sendOnce(
  origin: string,
  { method, path, body, headers, connections = shared }: WireRequest,
  limits: Limits,
): Promise<Received> {
  try {
    const response = await request(origin + path, {
      method,
      headers: { 'user-agent': 'yiqiao', ...headers },
      body: body === '' ? null : body,
      dispatcher: connections,
      headersTimeout: limits.pauseMs,
      bodyTimeout: limits.pauseMs,
      // The two above are about pauses: a host that sends a byte now and then would never end.
      signal: AbortSignal.timeout(limits.deadlineMs),
    })
    const bytes = await readAtMost(response.body, limits.bytes)
    if (bytes === null) return { kind: 'too_large', reason: `more than ${limits.bytes} bytes` }
    return { kind: 'answered', status: response.statusCode, headers: response.headers, body: bytes }
  } catch (error) {
    return { kind: 'failed', reason: wordsOf(error), nothingSent: UNSENT.has(codeOf(error)) }
  }
}

async function readAtMost(body: AsyncIterable<Buffer>, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) return null // leaving the loop ends the connection
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** No connection was made. Anything later may have reached WeChat, whatever broke then. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const wordsOf = (error: unknown): string =>
  error instanceof Error ? [codeOf(error), error.message].filter(Boolean).join(': ') : String(error)
