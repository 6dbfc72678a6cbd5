import { createHash } from 'node:crypto'

import { randomHex, type Random } from '../../../kernel/random.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { type Keys, keysOf, type StandardHisParams } from './params.ts'

// Source: docs/interface/hospital-standard.md §1.1 and §1.2.

export type Headers = Readonly<Record<string, string | string[] | undefined>>

const KEY_ID = 'x-yiqiao-key-id'
const TIMESTAMP = 'x-yiqiao-timestamp'
const NONCE = 'x-yiqiao-nonce'
const SIGNATURE = 'x-yiqiao-signature'

const NONCE_BYTES = 16
const MAX_CLOCK_DIFFERENCE_S = 300

/** The headers of one sending, with a nonce of its own, and that nonce. */
export function signRequest(
  request: { method: string; path: string; body: string },
  { keyId, keys, now, random }: { keyId: string; keys: Keys; now: Date; random: Random },
): { nonce: string; headers: Record<string, string> } {
  const nonce = randomHex(random, NONCE_BYTES)
  const timestamp = String(Math.floor(now.getTime() / SECOND_MS))
  const text = requestText({ ...request, timestamp, nonce })
  const signature = keys.sign(Buffer.from(text), random)
  return {
    nonce,
    headers: { [KEY_ID]: keyId, [TIMESTAMP]: timestamp, [NONCE]: nonce, [SIGNATURE]: signature },
  }
}

/**
 * True when the answer was signed by that key for the request with that nonce. Its timestamp need not be
 * held against a clock: no answer is older than the nonce it covers.
 */
export function isAnswerSigned(
  answer: { headers: Headers; body: Uint8Array },
  { keyId, keys, nonce }: { keyId: string; keys: Keys; nonce: string },
): boolean {
  const stamp = stampOf(answer.headers)
  if (stamp?.keyId !== keyId) return false
  const text = `${stamp.timestamp}\n${nonce}\n${sha256(answer.body)}\n`
  return keys.isHospitals(Buffer.from(text), stamp.signature)
}

/** A request that a HIS sends to the hub, as it came in. The path is as sent, with the query if any. */
type HisRequest = {
  method: string
  path: string
  headers: Headers
  rawBody: Uint8Array
  now: Date
}

/**
 * Says whether a request comes from the hospital and from now: 'signature' for a missing or wrong header,
 * key name or signature, 'timestamp' for one that is more than 300 s off. Whether it was sent before
 * is not known here: keep its nonce (hisNonceOf) in the transaction that takes it in.
 */
export function verifyHisRequest(
  params: StandardHisParams,
  { method, path, headers, rawBody, now }: HisRequest,
): 'ok' | 'signature' | 'timestamp' {
  const stamp = stampOf(headers)
  const nonce = hisNonceOf(headers)
  if (stamp?.keyId !== params.hospitalKeyId || nonce === null) return 'signature'
  const text = requestText({ method, path, body: rawBody, timestamp: stamp.timestamp, nonce })
  if (!keysOf(params).isHospitals(Buffer.from(text), stamp.signature)) return 'signature'
  const differenceMs = Math.abs(now.getTime() - Number(stamp.timestamp) * SECOND_MS)
  return differenceMs <= MAX_CLOCK_DIFFERENCE_S * SECOND_MS ? 'ok' : 'timestamp'
}

/** The nonce of a signed request; null when it has none of 16 to 64 letters and digits. */
export function hisNonceOf(headers: Headers): string | null {
  const nonce = headers[NONCE]
  return typeof nonce === 'string' && /^[0-9A-Za-z]{16,64}$/.test(nonce) ? nonce : null
}

function stampOf(headers: Headers) {
  const [keyId, timestamp, signature] = [headers[KEY_ID], headers[TIMESTAMP], headers[SIGNATURE]]
  if (typeof keyId !== 'string' || typeof signature !== 'string') return null
  // Digits only, so that the signed text cannot be read in two ways.
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return null
  return { keyId, timestamp, signature }
}

function requestText(request: {
  method: string
  path: string
  body: string | Uint8Array
  timestamp: string
  nonce: string
}): string {
  const { method, path, timestamp, nonce, body } = request
  return [method, path, timestamp, nonce, sha256(body), ''].join('\n')
}

const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')
