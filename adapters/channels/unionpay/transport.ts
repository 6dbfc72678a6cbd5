import { Agent, request } from 'undici'

export type Limits = { timeoutMs: number; deadlineMs: number; bytes: number }

export type Received =
  | { kind: 'answered'; status: number; body: Buffer }
  | { kind: 'too_large'; reason: string }
  | { kind: 'failed'; reason: string }

const CONNECT_TIMEOUT_MS = 3_000

// Shared by all merchants, as they all talk to the same hosts.
const connections = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })

/** Posts a form and takes what comes, whatever it is. Never throws, and follows no redirect. */
export async function postForm(url: string, form: string, limits: Limits): Promise<Received> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        'user-agent': 'yiqiao',
      },
      body: form,
      dispatcher: connections,
      headersTimeout: limits.timeoutMs,
      bodyTimeout: limits.timeoutMs,
      // The two above are about pauses: a host that sends a byte now and then would never end.
      signal: AbortSignal.timeout(limits.deadlineMs),
    })
    const body = await readAtMost(response.body, limits.bytes)
    if (body === null) return { kind: 'too_large', reason: `more than ${limits.bytes} bytes` }
    return { kind: 'answered', status: response.statusCode, body }
  } catch (error) {
    return { kind: 'failed', reason: wordsOf(error) }
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

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const wordsOf = (error: unknown): string =>
  error instanceof Error ? [codeOf(error), error.message].filter(Boolean).join(': ') : String(error)
