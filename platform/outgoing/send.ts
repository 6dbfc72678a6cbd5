import { Agent, type Dispatcher, request } from 'undici'

import { codeOf } from './error-code.ts'

export type OutgoingRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  headers: Readonly<Record<string, string>>
  body: string | Buffer // empty for none
  /** The connections to use; those that all share unless told. */
  connections?: Dispatcher | undefined
}

/** The longest pause, the longest time for all of it, and the largest answer. */
export type Limits = { pauseMs: number; deadlineMs: number; bytes: number }

export type Headers = Readonly<Record<string, string | string[] | undefined>>

export type Received =
  | { kind: 'answered'; status: number; headers: Headers; body: Buffer }
  | { kind: 'too_large'; reason: string }
  /** nothingSent: no connection was made, so the other side cannot have heard of it. */
  | { kind: 'failed'; reason: string; nothingSent: boolean }

export const CONNECT_TIMEOUT_MS = 3_000

// Shared by all hospitals and merchants, as many of them talk to the same hosts.
const shared = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })

/** Sends a request and takes what comes, whatever it is; follows nobody elsewhere. Never throws. */
export async function sendOnce(
  url: string,
  { method, headers, body, connections = shared }: OutgoingRequest,
  limits: Limits,
): Promise<Received> {
  try {
    const response = await request(url, {
      method,
      headers: { 'user-agent': 'yiqiao', ...headers },
      body: body.length === 0 ? null : body,
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
    const nothingSent = UNSENT.has(codeOf(error) ?? '')
    return { kind: 'failed', reason: wordsOf(error), nothingSent }
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

/** No connection was made. Anything later may have arrived, whatever broke then. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const wordsOf = (error: unknown): string =>
  error instanceof Error ? [codeOf(error), error.message].filter(Boolean).join(': ') : String(error)
