import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

// 国密 as medical insurance has it: SM2 with SM3, as the 64 bytes r‖s in base64, and SM4 in ECB with PKCS #7.
// Source: GB/T 32918, GB/T 32905, GB/T 32907.

/** The user id that the standard gives where nothing else is agreed. */
export const DEFAULT_USER_ID = '1234567812345678'

/** The order of the curve, less one: a private key and a signature's secret are below it. */
const KEYS = BigInt('0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122')
const SIGNATURE_BYTES = 64
const SM4_KEY_BYTES = 16

export const isSm2PrivateKey = (hex: string): boolean =>
  /^[0-9a-f]{64}$/i.test(hex) && BigInt(`0x${hex}`) > 0n && BigInt(`0x${hex}`) < KEYS

export function isSm2PublicKey(hex: string): boolean {
  if (!/^04[0-9a-f]{128}$/i.test(hex)) return false
  try {
    return sm2.verifyPublicKey(hex)
  } catch {
    return false
  }
}

/** base64 of r‖s. */
export function signSm2(text: string, { privateKey, userId }: SigningKey): string {
  const publicKey = sm2.getPublicKeyFromPrivateKey(privateKey)
  const signature = sm2.doSignature(text, privateKey, {
    hash: true,
    userId,
    publicKey,
    pointPool: [secretPoint(privateKey, text)],
  })
  return Buffer.from(signature, 'hex').toString('base64')
}

/**
 * A signature's own secret number, and the x of its point. Made of the key and the text, as RFC 6979 does
 * it: a message that is repeated is the same to the byte, and no weak source of chance gives the key away.
 */
function secretPoint(privateKey: string, text: string): { k: bigint; x1: bigint } {
  const digest = createHash('sha512').update(text).digest()
  const wide = createHmac('sha512', Buffer.from(privateKey, 'hex')).update(digest).digest('hex')
  // Twice as many bits as the order has, so that the remainder favours no number.
  const k = (BigInt(`0x${wide}`) % KEYS) + 1n
  const point = sm2.getPublicKeyFromPrivateKey(k.toString(16).padStart(64, '0'))
  return { k, x1: BigInt(`0x${point.slice(2, 66)}`) }
}

/** Never throws for a signature that is none. */
export function verifiesSm2(text: string, signature: string, key: VerifyingKey): boolean {
  const raw = Buffer.from(signature, 'base64')
  if (raw.length !== SIGNATURE_BYTES) return false
  try {
    const options = { hash: true, userId: key.userId }
    return sm2.doVerifySignature(text, raw.toString('hex'), key.publicKey, options)
  } catch {
    return false // numbers that are none of a signature
  }
}

/** `key` is ASCII, of 16 characters. */
export function sealSm4(key: string, text: string, encoding: SealedAs): string {
  const cipher = createCipheriv('sm4-ecb', Buffer.from(key, 'latin1'), null)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return encoding === 'hex' ? sealed.toString('hex').toUpperCase() : sealed.toString('base64')
}

/** Null when it was not sealed with this key. */
export function openSm4(key: string, sealed: string, encoding: SealedAs): string | null {
  const decipher = createDecipheriv('sm4-ecb', Buffer.from(key, 'latin1'), null)
  try {
    const opened = Buffer.concat([decipher.update(Buffer.from(sealed, encoding)), decipher.final()])
    return new TextDecoder('utf-8', { fatal: true }).decode(opened)
  } catch {
    return null
  }
}

export const isSm4Key = (key: string): boolean =>
  Buffer.byteLength(key, 'latin1') === SM4_KEY_BYTES && /^[\x21-\x7e]+$/.test(key)

export type SigningKey = { privateKey: string; userId: string }
export type VerifyingKey = { publicKey: string; userId: string }
type SealedAs = 'base64' | 'hex'
