import { createPublicKey, type KeyObject, verify } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import type { KeyAlgorithm } from './application.ts'

/** The signer's name in an SM2 signature where nobody agreed on another. Source: GM/T 0009. */
export const SM2_USER_ID = '1234567812345678'

const LEAST_RSA_BITS = 2_048
const MOST_RSA_BITS = 8_192
const SM2_POINT = /^04[0-9a-f]{128}$/

/**
 * Reads a public key as its owner gives it and returns it as it is kept: RSA as PEM, SM2 as its point in hex. Null
 * for what is no such key: RSA under 2048 bits, a point that is not on the curve, a private key.
 */
export function readPublicKey(algorithm: KeyAlgorithm, text: string): string | null {
  if (text.includes('PRIVATE')) return null
  return algorithm === 'rsa-sha256' ? readRsa(text) : readSm2(text)
}

function readRsa(text: string): string | null {
  const key = tryKey(text)
  if (key?.asymmetricKeyType !== 'rsa') return null
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) return null
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

function readSm2(text: string): string | null {
  const point = text.includes('BEGIN') ? pointOfPem(text) : text.trim().toLowerCase()
  if (point === null || !SM2_POINT.test(point)) return null
  try {
    return sm2.verifyPublicKey(point) ? point : null
  } catch {
    return null
  }
}

// What stands before the point in the DER of a key of this curve. Source: RFC 5480; GM/T 0006 for the curve's number.
const SM2_SPKI_HEAD = '3059301306072a8648ce3d020106082a811ccf5501822d034200'

function pointOfPem(text: string): string | null {
  const der = tryKey(text)?.export({ type: 'spki', format: 'der' }).toString('hex') ?? ''
  return der.startsWith(SM2_SPKI_HEAD) ? der.slice(SM2_SPKI_HEAD.length) : null
}

function tryKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}

const DER_SEQUENCE = 0x30
const BASE64 = /^[A-Za-z0-9+/]{80,1400}={0,2}$/

/** True when the text was signed by the owner of the key. The signature is base64; of SM2, a DER sequence of r and s. */
export function isSignedBy(
  { algorithm, publicKey }: { algorithm: KeyAlgorithm; publicKey: string },
  text: string,
  signature: string,
): boolean {
  if (!BASE64.test(signature)) return false
  const bytes = Buffer.from(signature, 'base64')
  const signed = Buffer.from(text, 'utf8')
  if (algorithm === 'rsa-sha256') return verify('sha256', signed, publicKey, bytes)
  // One sequence and nothing after it, so that there is one way to write a signature.
  if (bytes[0] !== DER_SEQUENCE || bytes[1] !== bytes.length - 2) return false
  const options = { hash: true, der: true, userId: SM2_USER_ID }
  try {
    return sm2.doVerifySignature(new Uint8Array(signed), bytes.toString('hex'), publicKey, options)
  } catch {
    return false // whatever is no pair of numbers in DER
  }
}
