import { Agent, request } from 'undici'

/** `form` is posted; without one the address is fetched. */
export type WireRequest = { url: string; form: Readonly<Record<string, string>> | null }

/** The longest pause, the longest time for all of it, and the largest answer. */
export type Limits = { pauseMs: number; deadlineMs: number; bytes: number }

export type Received =
  | { kind: 'answered'; status: number; body: Buffer }
  | { kind: 'too_large'; reason: string }
  | { kind: 'failed'; reason: string }

const CONNECT_TIMEOUT_MS = 3_000

// Shared by all merchants, as they all talk to the same host.
const connections = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })

/** Sends a request and takes what comes, whatever it is; follows nobody elsewhere. Never throws. */
export async function sendOnce({ url, form }: WireRequest, limits: Limits): Promise<Received> {
  try {
    const response = await request(url, {
      method: form === null ? 'GET' : 'POST',
      headers: {
        accept: '*/*',
        'user-agent': 'yiqiao',
        ...(form === null ? {} : { 'content-type': FORM }),
      },
      body: form === null ? null : new URLSearchParams(form).toString(),
      dispatcher: connections,
      headersTimeout: limits.pauseMs,
      bodyTimeout: limits.pauseMs,
      // The two above are about pauses: a host that sends a byte now and then would never end.
      signal: AbortSignal.timeout(limits.deadlineMs),
    })
    const bytes = await readAtMost(response.body, limits.bytes)
    if (bytes === null) return { kind: 'too_large', reason: `more than ${limits.bytes} bytes` }
    return { kind: 'answered', status: response.statusCode, body: bytes }
  } catch (error) {
    return { kind: 'failed', reason: wordsOf(error) }
  }
}

const FORM = 'application/x-www-form-urlencoded;charset=utf-8'

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

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return [code, error.message].filter(Boolean).join(': ')
}
