import { Agent, request } from 'undici'

export type Heard =
  | { status: number; headers: Readonly<Record<string, unknown>>; bytes: Buffer }
  | { silence: string }

const MAX_ANSWER_BYTES = 32 * 1_048_576

// One for all banks: it keeps a few connections to each open between calls.
const agent = new Agent({ connections: 16, maxResponseSize: MAX_ANSWER_BYTES })

/** Posts a form. Never throws: what was not heard to its end is a reason. */
export async function post(url: string, form: string, timeoutMs: number): Promise<Heard> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: form,
      dispatcher: agent,
      // Over connecting, headers and body together: a bank that drips an answer is silent too.
      signal: AbortSignal.timeout(timeoutMs),
    })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    return { status: response.statusCode, headers: response.headers, bytes }
  } catch (error) {
    return { silence: silenceReason(error, timeoutMs) }
  }
}

function silenceReason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'not reached'
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return `not heard: ${code}`
}
