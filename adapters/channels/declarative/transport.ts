import { Agent, type Dispatcher, request } from 'undici'

import type { Headers } from './proofs.ts'

export type Sendable = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  headers: Readonly<Record<string, string>>
  body: string // empty for none
}

/** The longest pause, the longest time for all of it, and the largest answer. */
export type Limits = { pauseMs: number; deadlineMs: number; bytes: number }

export type Received =
  | { kind: 'answered'; status: number; headers: Headers; body: Buffer }
  | { kind: 'too_large'; reason: string }
  /** nothingSent: no connection was made, so the provider cannot have heard of it. */
  | { kind: 'failed'; reason: string; nothingSent: boolean }

const CONNECT_TIMEOUT_MS = 3_000

// Shared by all hospitals, as many of them talk to the same hosts.
const connections = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })

/** Sends a request to one host and takes what comes, whatever it is. Never throws, follows no redirection. */
export async function sendOnce(
  origin: string,
  { method, path, headers, body }: Sendable,
  limits: Limits,
  outgoing: Dispatcher = connections,
): Promise<Received> {
  try {
    const response = await request(origin + path, {
      method,
      headers: { accept: '*/*', 'user-agent': 'yiqiao', ...headers },
      body: body === '' ? null : body,
      dispatcher: outgoing,
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

/** No connection was made. Anything later may have arrived, whatever broke then. */
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
