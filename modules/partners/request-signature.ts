import { createHash } from 'node:crypto'

import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import type { KeyAlgorithm } from './application.ts'
import { isSignedBy } from './public-key.ts'

// Source: docs/interface/webhooks.md, "Signed requests".

export type Headers = Readonly<Record<string, string | string[] | undefined>>

const KEY_ID = 'x-partner-key-id'
const TIMESTAMP = 'x-partner-timestamp'
const NONCE = 'x-partner-nonce'
const SIGNATURE = 'x-partner-signature'

/** By which key, when, and as which of its requests a request was signed. */
export type RequestStamp = { keyId: string; timestamp: string; nonce: string; signature: string }

export const isSignedRequest = (headers: Headers): boolean => headers[SIGNATURE] !== undefined

/** Null when a header is missing, is there twice, or is not written as it must be. */
export function stampOf(headers: Headers): RequestStamp | null {
  const [keyId, timestamp, nonce, signature] = [KEY_ID, TIMESTAMP, NONCE, SIGNATURE].map((name) => {
    const value = headers[name]
    return typeof value === 'string' ? value : ''
  })
  if (!keyId || !signature) return null
  // Digits and letters only, so that the signed text cannot be read in two ways.
  if (!/^\d{1,12}$/.test(timestamp ?? '') || !/^[0-9A-Za-z]{16,64}$/.test(nonce ?? '')) return null
  return { keyId, timestamp: timestamp ?? '', nonce: nonce ?? '', signature }
}

/** What a request's signature covers: five lines, each with its end. The path is as sent, with the query. */
function requestText(request: {
  method: string
  path: string
  timestamp: string
  nonce: string
  body: string | Uint8Array
}): string {
  const { method, path, timestamp, nonce, body } = request
  return [method, path, timestamp, nonce, sha256(body), ''].join('\n')
}

/** What the signature of an answer covers: its time, the nonce of the request it answers, and its body. */
export const answerText = (timestamp: string, nonce: string, body: string | Uint8Array): string =>
  [timestamp, nonce, sha256(body), ''].join('\n')

const MAX_CLOCK_DIFFERENCE_MS = 5 * MINUTE_MS

/** Whether a request is its sender's and of now. Whether it was sent before is not known here: see useNonce. */
export function judgeRequest(
  key: { algorithm: KeyAlgorithm; publicKey: string },
  stamp: RequestStamp,
  { now, ...request }: { method: string; path: string; body: Uint8Array; now: Date },
): 'ok' | 'signature' | 'timestamp' {
  const { timestamp, nonce, signature } = stamp
  if (!isSignedBy(key, requestText({ ...request, timestamp, nonce }), signature)) return 'signature'
  const differenceMs = Math.abs(now.getTime() - Number(timestamp) * SECOND_MS)
  return differenceMs <= MAX_CLOCK_DIFFERENCE_MS ? 'ok' : 'timestamp'
}

const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex')
