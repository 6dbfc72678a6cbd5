import {
  constants,
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  KeyObject,
  privateDecrypt,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto'

import { isSignedBySm2, readSm2Key, sealSm4, signSm2, type Sm2Key, unsealSm2 } from './shangmi.ts'

// The mathematics of the protocol: what is signed, by which algorithm, and how a secret is sealed.

const RSA_SCHEME = 'WECHATPAY2-SHA256-RSA2048'
const SM2_SCHEME = 'WECHATPAY2-SM2-WITH-SM3'

/** One of RSA, or of the national algorithms. */
export type Key = KeyObject | Sm2Key

/** The words for how a key signs: of the header Authorization, and of Wechatpay-Signature-Type. */
export const schemeOf = (key: Key): string => (key instanceof KeyObject ? RSA_SCHEME : SM2_SCHEME)

/** Whether a request says that it is signed by the national algorithms, and is to be answered so. */
export const isNational = (authorization: string | undefined): boolean =>
  authorization?.startsWith(`${SM2_SCHEME} `) === true

export type Authorization = {
  scheme: string
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
  const scheme = [RSA_SCHEME, SM2_SCHEME].find((one) => header.startsWith(`${one} `))
  if (scheme === undefined) return null
  const pairs = new Map<string, string>()
  for (const part of header.slice(scheme.length + 1).split(',')) {
    const match = /^\s*([a-z_]{1,16})="([^"]{0,1024})"\s*$/.exec(part)
    const [, name = '', value = ''] = match ?? []
    if (!match || pairs.has(name)) return null
    pairs.set(name, value)
  }
  const [mchid, nonce, timestamp, serial, signature] = PAIR_NAMES.map((name) => pairs.get(name))
  if (!mchid || !nonce || !timestamp || !serial || !signature) return null
  if (pairs.size !== PAIR_NAMES.length) return null
  return { scheme, mchid, nonce, timestamp, serial, signature }
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

/** RSA-SHA256 with PKCS#1 v1.5, or SM2 with SM3, by the key; in base64. */
export const sign = (key: Key, text: Uint8Array): string =>
  key instanceof KeyObject
    ? signBytes('RSA-SHA256', text, key).toString('base64')
    : signSm2(key, text)

export const isSignedBy = (key: Key, text: Uint8Array, signature: string): boolean =>
  key instanceof KeyObject
    ? verifyBytes('RSA-SHA256', text, key, Buffer.from(signature, 'base64'))
    : isSignedBySm2(key, text, signature)

/** Takes a public key or a certificate, in PEM. */
export const readPublicKey = (pem: string): Key => readSm2Key(pem) ?? createPublicKey(pem)

/** Takes a private key in PEM. */
export const readPrivateKey = (pem: string): Key => readSm2Key(pem) ?? createPrivateKey(pem)

/** What a resource for this merchant is sealed with: the kind of its own key decides. */
export const algorithmFor = ({ publicKey }: { publicKey: Key }): Algorithm =>
  publicKey instanceof KeyObject ? 'AEAD_AES_256_GCM' : 'AEAD_SM4_GCM'

type Algorithm = 'AEAD_AES_256_GCM' | 'AEAD_SM4_GCM'

export function seal(
  plaintext: string,
  secret: { apiV3Key: string; nonce: string; associatedData: string },
  algorithm: Algorithm = 'AEAD_AES_256_GCM',
): string {
  return algorithm === 'AEAD_SM4_GCM' ? sealSm4(plaintext, secret) : sealAes(plaintext, secret)
}

/** AEAD_AES_256_GCM: base64 of the ciphertext followed by the 16-byte tag. */
function sealAes(
  plaintext: string,
  secret: { apiV3Key: string; nonce: string; associatedData: string },
): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(secret.apiV3Key), secret.nonce)
  cipher.setAAD(Buffer.from(secret.associatedData))
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([ciphertext, cipher.getAuthTag()]).toString('base64')
}

/** Opens a sensitive field, RSA-OAEP with SHA-1 or SM2, in base64; null for what does not open. */
export function unseal(key: Key, text: string): string | null {
  if (!(key instanceof KeyObject)) return unsealSm2(key, text)
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    const sealed = Buffer.from(text, 'base64')
    return privateDecrypt({ key, padding, oaepHash: 'sha1' }, sealed).toString('utf8')
  } catch {
    return null
  }
}
