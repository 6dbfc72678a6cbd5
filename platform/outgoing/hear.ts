import { isUtf8 } from 'node:buffer'

import { Agent, request } from 'undici'

import { codeOf } from './error-code.ts'
import type { Headers } from './send.ts'

/** Without a body nothing is sent along. */
export type Asked = {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body: string | null
}

/** The most time for all of it, and who may end it earlier. */
export type Patience = { timeoutMs: number; signal?: AbortSignal | null }

export type Hear = ReturnType<typeof createHearing>

export type Heard = { status: number; headers: Headers; bytes: Buffer } | { silence: string }

export type HeardText = { status: number; headers: Headers; text: string } | { silence: string }

/** How what was not heard is told of, where the usual words do not do. */
type HearingOptions = {
  mostBytes: number
  /** Said behind 'no answer within 6000 ms'. */
  tooLate?: string
  tooLarge?: string
}

/** Asks, and follows nobody elsewhere. It never throws: what was not heard to its end is a reason. */
export function createHearing({ mostBytes, tooLate = '', tooLarge }: HearingOptions) {
  // One for all hospitals: it keeps a few connections to each party open between calls.
  const agent = new Agent({ connections: 16, maxResponseSize: mostBytes })

  return async (
    url: string | URL,
    { method, headers, body }: Asked,
    { timeoutMs, signal }: Patience,
  ): Promise<Heard> => {
    const limit = AbortSignal.timeout(timeoutMs)
    try {
      const response = await request(url, {
        method,
        headers,
        body,
        dispatcher: agent,
        // Over connecting, headers and body together: a party that drips an answer is silent too.
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
      })
      const bytes = Buffer.from(await response.body.arrayBuffer())
      return { status: response.statusCode, headers: response.headers, bytes }
    } catch (error) {
      return { silence: reasonOf(error, timeoutMs) }
    }
  }

  function reasonOf(error: unknown, timeoutMs: number): string {
    if (!(error instanceof Error)) return 'not reached'
    if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms${tooLate}`
    const code = codeOf(error) ?? error.name
    return code === TOO_LARGE && tooLarge !== undefined ? tooLarge : `not heard: ${code}`
  }
}

const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE'

/** What was heard as text. Bytes of another encoding would be replaced on reading, and a text with garbage believed. */
export function inUtf8(heard: Heard): HeardText {
  if ('silence' in heard) return heard
  const { status, headers, bytes } = heard
  return isUtf8(bytes)
    ? { status, headers, text: bytes.toString('utf8') }
    : { silence: 'the answer is not in UTF-8' }
}
