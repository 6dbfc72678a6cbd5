import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

import { sm2 } from 'sm-crypto-v2'

import { assert } from '../../../../../kernel/assert.ts'
import { type Random, randomHex } from '../../../../../kernel/random.ts'
import type { Clock } from '../../../../../kernel/time.ts'
import { takeNonce } from '../../memory.ts'
import { type Answer, refusal } from '../../protocol.ts'
import type { Store } from '../../store.ts'

// Both signatures of sections 1.1 and 1.2 of the standard hospital interface.

/** Both sides sign in the same way: RSA with SHA-256, or SM2 with SM3. */
export type HisKeys = { hospitalKeyId: string; hubKeyId: string } & (
  | { hospitalPrivateKeyPem: string; hubPublicKeyPem: string }
  /** In hex: 64 digits, and a point of 130 that begins with 04. */
  | { hospitalSm2PrivateKey: string; hubSm2PublicKey: string }
)

export type Signing = {
  clock: Clock
  random: Random
  store: Store
  ours: { keyId: string; sign: (text: string) => string }
  hubs: { keyId: string; isRight: (text: string, signature: string) => boolean }
}

export type SignedRequest = {
  method: string
  /** As sent, with the query if any. */
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Errors: asserts on keys that are neither RSA of 2048 bits or more, nor of SM2. */
export function createSigning(
  { clock, random, store }: { clock: Clock; random: Random; store: Store },
  keys: HisKeys,
): Signing {
  const { sign, isRight } =
    'hubSm2PublicKey' in keys
      ? sm2Pair(keys.hospitalSm2PrivateKey, keys.hubSm2PublicKey)
      : rsaPair(keys.hospitalPrivateKeyPem, keys.hubPublicKeyPem)
  const ours = { keyId: keys.hospitalKeyId, sign }
  return { clock, random, store, ours, hubs: { keyId: keys.hubKeyId, isRight } }
}

/** Null when the request is the hub's, fresh and sent for the first time. */
export function disbelief({ clock, store, hubs }: Signing, request: SignedRequest): Answer | null {
  const { method, path, headers, body } = request
  const keyId = headerOf(headers, 'x-yiqiao-key-id')
  const timestamp = headerOf(headers, 'x-yiqiao-timestamp')
  const nonce = nonceOf(headers)
  if (keyId !== hubs.keyId) return notBelieved('x-yiqiao-key-id names no key known here')
  if (!/^\d{1,12}$/.test(timestamp)) return notBelieved('x-yiqiao-timestamp is not in seconds')
  if (!nonce) return notBelieved('x-yiqiao-nonce is not 16 to 64 letters and digits')
  const now = secondsOf(clock)
  if (Math.abs(Number(timestamp) - now) > MAX_SKEW_SECONDS) {
    return notBelieved(`x-yiqiao-timestamp is more than ${MAX_SKEW_SECONDS} s off`)
  }
  const text = requestText(method, path, timestamp, nonce, body)
  if (!hubs.isRight(text, headerOf(headers, 'x-yiqiao-signature'))) {
    return notBelieved('x-yiqiao-signature is not right')
  }
  // Only now, so that no one but the hub can use up a nonce. Each is kept for as long as its
  // timestamp would be believed, and as long again.
  const forgetBefore = now - 2 * MAX_SKEW_SECONDS
  const isNew = takeNonce(store, { keyId, nonce, timestamp: Number(timestamp) }, forgetBefore)
  return isNew ? null : refusal('REPLAYED', 'x-yiqiao-nonce was used before')
}

/** The headers of an answer, bound to its request by that one's nonce. */
export function signAnswer(signing: Signing, requestHeaders: IncomingHttpHeaders, body: Buffer) {
  const nonce = nonceOf(requestHeaders)
  const timestamp = String(secondsOf(signing.clock))
  return headersOf(signing, timestamp, nonce, `${timestamp}\n${nonce}\n${hashOf(body)}\n`)
}

/** The headers of a request to the hub, with a nonce of its own at every call. */
export function signRequest(signing: Signing, method: string, path: string, body: Buffer) {
  const nonce = randomHex(signing.random, 16)
  const timestamp = String(secondsOf(signing.clock))
  const text = requestText(method, path, timestamp, nonce, body)
  return headersOf(signing, timestamp, nonce, text)
}

const MAX_SKEW_SECONDS = 300

const requestText = (
  method: string,
  path: string,
  timestamp: string,
  nonce: string,
  body: Buffer,
) => `${method}\n${path}\n${timestamp}\n${nonce}\n${hashOf(body)}\n`

const headersOf = ({ ours }: Signing, timestamp: string, nonce: string, text: string) => ({
  'x-yiqiao-key-id': ours.keyId,
  'x-yiqiao-timestamp': timestamp,
  'x-yiqiao-nonce': nonce,
  'x-yiqiao-signature': ours.sign(text),
})

function rsaPair(privateKeyPem: string, publicKeyPem: string) {
  const privateKey = createPrivateKey(privateKeyPem)
  const publicKey = createPublicKey(publicKeyPem)
  for (const { asymmetricKeyType, asymmetricKeyDetails } of [privateKey, publicKey]) {
    const bits = asymmetricKeyDetails?.modulusLength ?? 0
    assert(asymmetricKeyType === 'rsa' && bits >= 2_048, 'keys are RSA of 2048 bits or more')
  }
  const bytes = Math.ceil((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  return {
    sign: (text: string) => sign('sha256', Buffer.from(text), privateKey).toString('base64'),
    isRight: (text: string, signature: string): boolean => {
      const given = bytesOf(signature, bytes)
      return given !== null && verify('sha256', Buffer.from(text), publicKey, given)
    },
  }
}

function sm2Pair(privateKey: string, hubPublicKey: string) {
  assert(/^[0-9a-f]{64}$/i.test(privateKey), 'a private key of SM2 is 64 hex digits')
  assert(sm2.verifyPublicKey(hubPublicKey), 'the public key is a point of SM2')
  const publicKey = sm2.getPublicKeyFromPrivateKey(privateKey)
  const options = { hash: true, userId: '1234567812345678' }
  return {
    sign: (text: string): string => {
      const signature = sm2.doSignature(text, privateKey, { ...options, publicKey })
      return Buffer.from(signature, 'hex').toString('base64')
    },
    isRight: (text: string, signature: string): boolean => {
      const given = bytesOf(signature, 64)
      if (given === null) return false
      try {
        return sm2.doVerifySignature(text, given.toString('hex'), hubPublicKey, options)
      } catch {
        return false // numbers that are none of the curve's
      }
    },
  }
}

/** So many bytes in base64 and nothing else: Buffer.from takes much that is not base64. */
function bytesOf(text: string, length: number): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === length && bytes.toString('base64') === text ? bytes : null
}

const notBelieved = (message: string): Answer => refusal('SIGNATURE_INVALID', message)

const hashOf = (body: Buffer): string => createHash('sha256').update(body).digest('hex')

const secondsOf = (clock: Clock): number => Math.floor(clock.now().getTime() / 1_000)

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** Empty for one that is not well-formed: nothing a stranger made up is signed back to them. */
function nonceOf(headers: IncomingHttpHeaders): string {
  const nonce = headerOf(headers, 'x-yiqiao-nonce')
  return /^[A-Za-z0-9]{16,64}$/.test(nonce) ? nonce : ''
}
