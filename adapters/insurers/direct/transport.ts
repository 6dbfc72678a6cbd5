import { isUtf8 } from 'node:buffer'

import { Agent, request } from 'undici'

/** The most time for all of it, and who may end it earlier. */
export type Limits = { timeoutMs: number; signal: AbortSignal | null }

export type Sent = { url: string; headers: Record<string, string>; body: string }

export type Heard =
  | { status: number; headers: Readonly<Record<string, unknown>>; text: string }
  | { silence: string }

const MAX_ANSWER_BYTES = 32 * 1_048_576

// One for all hospitals: it keeps a few connections to each insurer open between calls.
const agent = new Agent({ connections: 16, maxResponseSize: MAX_ANSWER_BYTES })

/** Posts JSON. Never throws: what was not heard to its end is a reason. */
export async function post({ url, headers, body }: Sent, limits: Limits): Promise<Heard> {
  const limit = AbortSignal.timeout(limits.timeoutMs)
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      dispatcher: agent,
      // Over connecting, headers and body together: an insurer that drips an answer is silent too.
      signal: limits.signal ? AbortSignal.any([limit, limits.signal]) : limit,
    })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    // Bytes of another encoding would be replaced on reading, and a text with garbage believed.
    if (!isUtf8(bytes)) return { silence: 'the answer is not in UTF-8' }
    return {
      status: response.statusCode,
      headers: response.headers,
      text: bytes.toString('utf8'),
    }
  } catch (error) {
    return { silence: silenceReason(error, limits.timeoutMs) }
  }
}

function silenceReason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'not reached'
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return `not heard: ${code}`
}
