import { createHash, createHmac } from 'node:crypto'

import { sm2, sm4 } from 'sm-crypto-v2'

// 国密: SM2 with SM3 for signatures, SM4-GCM for what is sealed with the APIv3 key. Pure, like its neighbour signing.ts.
// Source: GB/T 32918, GB/T 32905, GB/T 32907, RFC 8998; WeChat Pay's official client for Java.

/** 64 hexadecimal digits, and the 130 of its point. */
export type Sm2PrivateKey = { kind: 'sm2_private'; scalar: string; point: string }
export type Sm2PublicKey = { kind: 'sm2_public'; point: string }

const USER_ID = '1234567812345678'
const SCALAR_BYTES = 32
const CURVE_ORDER = BigInt('0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123')

// Node reads such a key and does not know its curve, so the numbers are taken from the DER: the name of the curve,
// then an octet string with a sequence of version 1 and the number.
const PRIVATE_KEY = /06082a811ccf5501822d04(?:[0-7].)30(?:[0-7].)0201010420([0-9a-f]{64})/
const PUBLIC_KEY = /^3059301306072a8648ce3d020106082a811ccf5501822d034200(04[0-9a-f]{128})$/

/** Throws for anything but PKCS #8 in PEM, not encrypted. */
export function readSm2PrivateKey(pem: string): Sm2PrivateKey {
  const scalar = PRIVATE_KEY.exec(derOf(pem, 'PRIVATE KEY'))?.[1]
  const number = scalar === undefined ? 0n : BigInt(`0x${scalar}`)
  if (scalar === undefined || number === 0n || number >= CURVE_ORDER - 1n) {
    throw new TypeError('not a private key of SM2')
  }
  return { kind: 'sm2_private', scalar, point: sm2.getPublicKeyFromPrivateKey(scalar) }
}

/** Throws for anything but a point of the curve, as a public key in PEM. */
export function readSm2PublicKey(pem: string): Sm2PublicKey {
  const point = PUBLIC_KEY.exec(derOf(pem, 'PUBLIC KEY'))?.[1]
  if (point === undefined || !sm2.verifyPublicKey(point)) {
    throw new TypeError('not a public key of SM2')
  }
  return { kind: 'sm2_public', point }
}

function derOf(pem: string, label: string): string {
  const [, base64 = ''] =
    new RegExp(`-----BEGIN ${label}-----([\\sA-Za-z0-9+/=]+)-----END ${label}-----`).exec(pem) ?? []
  return Buffer.from(base64, 'base64').toString('hex')
}

/** In DER. */
export function signSm2({ scalar, point }: Sm2PrivateKey, text: Buffer): Buffer {
  const options = { hash: true, der: true, userId: USER_ID, publicKey: point }
  const pointPool = [secretPoint(scalar, text)]
  return Buffer.from(sm2.doSignature(text, scalar, { ...options, pointPool }), 'hex')
}

/**
 * A signature's own secret number, and the x of its point. It is made of the key and the text, as RFC 6979 does it: the
 * same text is signed the same way, and no weak source of chance can give the key away.
 */
function secretPoint(scalar: string, text: Buffer): { k: bigint; x1: bigint } {
  const digest = createHash('sha512').update(text).digest()
  const wide = createHmac('sha512', Buffer.from(scalar, 'hex')).update(digest).digest('hex')
  // Twice as many bits as the order has, so that the remainder favours no number.
  const k = (BigInt(`0x${wide}`) % (CURVE_ORDER - 1n)) + 1n
  const made = sm2.getPublicKeyFromPrivateKey(k.toString(16).padStart(64, '0'))
  return { k, x1: BigInt(`0x${made.slice(2, 66)}`) }
}

/** Never throws for a signature that is none. */
export function verifiesSm2({ point }: Sm2PublicKey, text: Buffer, signature: Buffer): boolean {
  const raw = rawOf(signature)
  if (raw === null) return false
  try {
    const options = { hash: true, userId: USER_ID }
    return sm2.doVerifySignature(text, raw.toString('hex'), point, options)
  } catch {
    return false // numbers that are none of a signature
  }
}

/** r and s of a DER sequence of exactly two whole numbers; the library would take other things for one as well. */
function rawOf(der: Buffer): Buffer | null {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null
  const numbers: Buffer[] = []
  for (let at = 2; at < der.length; at += 2 + (der[at + 1] ?? 0)) {
    const bytes = der.subarray(at + 2, at + 2 + (der[at + 1] ?? 0))
    const digits = bytes[0] === 0 && (bytes[1] ?? 0) >= 0x80 ? bytes.subarray(1) : bytes
    if (der[at] !== 0x02 || bytes.length === 0 || (bytes[0] ?? 0) >= 0x80) return null
    if (digits.length > SCALAR_BYTES || (digits[0] === 0 && digits.length > 1)) return null
    numbers.push(Buffer.concat([Buffer.alloc(SCALAR_BYTES - digits.length), digits]))
  }
  return numbers.length === 2 ? Buffer.concat(numbers) : null
}

/** Seals a field for the platform alone: C1C3C2, in DER. */
export const sealSm2 = ({ point }: Sm2PublicKey, text: string): Buffer =>
  Buffer.from(sm2.doEncrypt(text, point, 1, { asn1: true }), 'hex')

/** The key of SM4 is the beginning of the SM3 of the APIv3 key. */
const sm4KeyOf = (apiV3Key: string): Buffer =>
  createHash('sm3').update(apiV3Key, 'ascii').digest().subarray(0, 16)

/** Opens AEAD_SM4_GCM; null when it was not sealed with this key, or was changed. */
export function openSm4(
  apiV3Key: string,
  sealed: { nonce: Buffer; associatedData: Buffer; ciphertext: Buffer; tag: Buffer },
): string | null {
  return decryptSm4Gcm(sm4KeyOf(apiV3Key), sealed)?.toString('utf8') ?? null
}

/** Null when the tag is wrong. */
export function decryptSm4Gcm(
  key: Buffer,
  sealed: { nonce: Buffer; associatedData: Buffer; ciphertext: Buffer; tag: Buffer },
): Buffer | null {
  const { nonce: iv, associatedData, ciphertext, tag } = sealed
  try {
    const opened = sm4.decrypt(ciphertext, key, {
      mode: 'gcm',
      padding: 'none',
      output: 'array',
      iv,
      associatedData,
      tag,
    })
    return Buffer.from(opened)
  } catch {
    return null
  }
}
