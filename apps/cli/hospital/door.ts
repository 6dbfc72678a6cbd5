import { createHash } from 'node:crypto'

import { request } from 'undici'

import {
  isAnswerSigned,
  keysOf,
  type StandardHisParams,
} from '../../../adapters/hospitals/standard/index.ts'
import { type Random, randomHex } from '../../../kernel/random.ts'
import { type Clock, SECOND_MS } from '../../../kernel/time.ts'
import type { Door, Oddity } from '../../../modules/hospitals/index.ts'

type DoorDeps = { clock: Clock; random: Random; timeoutMs: number }

/** The standard wire for sendings that no hub would make: the signature of §1.1 is made here by hand, so that it can be wrong. */
export function createDoor(
  params: StandardHisParams,
  { clock, random, timeoutMs }: DoorDeps,
): Door {
  const keys = keysOf(params)
  const root = params.baseUrl.replace(/\/+$/, '')

  return {
    async send(operation, body, odd = {}) {
      const url = new URL(`${root}/yiqiao/v1/${operation}`)
      const nonce = odd.nonce ?? randomHex(random, 16)
      const keyId = odd.keyId ?? params.hubKeyId
      const stamp = { path: url.pathname, body, nonce, keyId, now: clock.now() }
      const headers = headersOf(stamp, odd, (text) => keys.sign(Buffer.from(text), random))
      try {
        const response = await request(url, {
          method: 'POST',
          headers,
          body: odd.sentBody ?? body,
          signal: AbortSignal.timeout(timeoutMs),
        })
        const bytes = Buffer.from(await response.body.arrayBuffer())
        const expected = { keyId: params.hospitalKeyId, keys, nonce }
        const answer = { headers: response.headers, body: bytes }
        const text = bytes.toString('utf8').slice(0, MOST_TEXT)
        const isSigned = isAnswerSigned(answer, expected)
        return { status: response.statusCode, isSigned, code: codeOf(bytes), text }
      } catch (error) {
        return { silence: error instanceof Error ? error.message : 'no answer' }
      }
    },
  }
}

const MOST_TEXT = 2_000

type Stamp = { path: string; body: string; nonce: string; keyId: string; now: Date }

function headersOf(
  { path, body, nonce, keyId, now }: Stamp,
  odd: Oddity,
  sign: (text: string) => string,
) {
  const timestamp = String(Math.floor(now.getTime() / SECOND_MS) + (odd.secondsOff ?? 0))
  const hash = createHash('sha256').update(body).digest('hex')
  const text = ['POST', path, timestamp, nonce, hash, ''].join('\n')
  const signature = Buffer.from(sign(text), 'base64')
  if (odd.isSignatureWrong) signature[8] = (signature[8] ?? 0) ^ 1
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-yiqiao-key-id': keyId,
    'x-yiqiao-timestamp': timestamp,
    'x-yiqiao-nonce': nonce,
    'x-yiqiao-signature': signature.toString('base64'),
  }
}

function codeOf(bytes: Buffer): string | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && 'code' in value
    return isObject && typeof value.code === 'string' ? value.code : null
  } catch {
    return null
  }
}
