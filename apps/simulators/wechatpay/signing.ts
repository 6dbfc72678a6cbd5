import {
  constants,
  createCipheriv,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto'

// The mathematics of the protocol: what is signed, by which algorithm, and how a secret is sealed.

export const AUTH_SCHEME = 'WECHATPAY2-SHA256-RSA2048'

export type Authorization = {
  mchid: string
  nonce: string
  timestamp: string // seconds since 1970
  serial: string
  signature: string // base64
}

/**
 * Reads an Authorization header. The order of the five pairs is free; each must be there once.
 * Null for another scheme, a missing, repeated or foreign pair, or anything left over.
 */
export function readAuthorization(header: string): Authorization | null {
  const prefix = `${AUTH_SCHEME} `
  if (!header.startsWith(prefix)) return null
  const pairs = new Map<string, string>()
  for (const part of header.slice(prefix.length).split(',')) {
    const match = /^\s*([a-z_]{1,16})="([^"]{0,1024})"\s*$/.exec(part)
    const [, name = '', value = ''] = match ?? []
    if (!match || pairs.has(name)) return null
    pairs.set(name, value)
  }
  const [mchid, nonce, timestamp, serial, signature] = PAIR_NAMES.map((name) => pairs.get(name))
  if (!mchid || !nonce || !timestamp || !serial || !signature) return null
  return pairs.size === PAIR_NAMES.length ? { mchid, nonce, timestamp, serial, signature } : null
}

const PAIR_NAMES = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature']

/** Five lines, each ended by a line feed. `target` is path and query exactly as sent. */
export const requestText = (
  method: string,
  target: string,
  timestamp: string,
  nonce: string,
  body: Uint8Array,
): Buffer =>
  Buffer.concat([
    Buffer.from(`${method}\n${target}\n${timestamp}\n${nonce}\n`),
    body,
    Buffer.from('\n'),
  ])

/** What answers and notices are signed over. */
export const answerText = (timestamp: string, nonce: string, body: string): Buffer =>
  Buffer.from(`${timestamp}\n${nonce}\n${body}\n`)

/** What the page of a merchant signs to open the wallet on one of its orders. */
export const invokeText = (
  appId: string,
  timeStamp: string,
  nonceStr: string,
  packageText: string,
): Buffer => Buffer.from(`${appId}\n${timeStamp}\n${nonceStr}\n${packageText}\n`)

/** RSA-SHA256 with PKCS#1 v1.5, in base64. */
export const sign = (key: KeyObject, text: Uint8Array): string =>
  signBytes('RSA-SHA256', text, key).toString('base64')

export const isSignedBy = (key: KeyObject, text: Uint8Array, signature: string): boolean =>
  verifyBytes('RSA-SHA256', text, key, Buffer.from(signature, 'base64'))

/** Takes a public key or a certificate, in PEM. */
export const readPublicKey = (pem: string): KeyObject => createPublicKey(pem)

/** AEAD_AES_256_GCM: base64 of the ciphertext followed by the 16-byte tag. */
export function seal(
  plaintext: string,
  secret: { apiV3Key: string; nonce: string; associatedData: string },
): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(secret.apiV3Key), secret.nonce)
  cipher.setAAD(Buffer.from(secret.associatedData))
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([ciphertext, cipher.getAuthTag()]).toString('base64')
}

/** Opens a sensitive field, RSA-OAEP with SHA-1 in base64; null for what does not open. */
export function unseal(key: KeyObject, text: string): string | null {
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    const sealed = Buffer.from(text, 'base64')
    return privateDecrypt({ key, padding, oaepHash: 'sha1' }, sealed).toString('utf8')
  } catch {
    return null
  }
}
