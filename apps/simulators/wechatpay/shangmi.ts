import { createCipheriv, createHash, X509Certificate } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import { assert } from '../../../kernel/assert.ts'

// The national algorithms: SM2 with SM3, and SM4 in Galois/Counter mode over Node's own SM4.
// Source: GB/T 32918, GB/T 32907, RFC 8998, NIST SP 800-38D.

/** Hexadecimal: a point of 65 bytes and, of a private key, its number of 32. */
export type Sm2Key = { point: string; number: string | null }

const USER_ID = '1234567812345678'
const CURVE = '06082a811ccf5501822d'

/** A public key or a certificate, or a private key; null for a PEM that is of another algorithm. */
export function readSm2Key(pem: string): Sm2Key | null {
  const text = pem.includes('BEGIN CERTIFICATE') ? publicPemOf(pem) : pem
  const der = Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').toString('hex')
  const at = der.indexOf(CURVE)
  if (at === -1) return null
  const rest = der.slice(at + CURVE.length)
  const number = /^04[0-9a-f]{2}30[0-9a-f]{2}0201010420([0-9a-f]{64})/.exec(rest)?.[1]
  if (number !== undefined) return { number, point: sm2.getPublicKeyFromPrivateKey(number) }
  const point = /^034200(04[0-9a-f]{128})$/.exec(rest)?.[1]
  assert(point !== undefined && sm2.verifyPublicKey(point), 'the key is a point of SM2')
  return { number: null, point }
}

const publicPemOf = (certificate: string): string =>
  new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' }).toString()

export function signSm2({ number, point }: Sm2Key, text: Uint8Array): string {
  assert(number !== null, 'who signs has the private key')
  const options = { hash: true, der: true, publicKey: point, userId: USER_ID }
  return Buffer.from(sm2.doSignature(text, number, options), 'hex').toString('base64')
}

export function isSignedBySm2({ point }: Sm2Key, text: Uint8Array, signature: string): boolean {
  const hex = Buffer.from(signature, 'base64').toString('hex')
  if (!/^30[0-9a-f]{2}02[0-9a-f]+$/.test(hex)) return false
  try {
    return sm2.doVerifySignature(text, hex, point, { hash: true, der: true, userId: USER_ID })
  } catch {
    return false
  }
}

/** Opens a sensitive field: C1C3C2 in DER. Null for what does not open. */
export function unsealSm2({ number }: Sm2Key, text: string): string | null {
  try {
    const hex = Buffer.from(text, 'base64').toString('hex')
    const opened = sm2.doDecrypt(hex, number ?? '', 1, { asn1: true, output: 'array' })
    return opened.length === 0 ? null : Buffer.from(opened).toString('utf8')
  } catch {
    return null
  }
}

/** AEAD_SM4_GCM: base64 of the ciphertext followed by the 16-byte tag. */
export function sealSm4(
  plaintext: string,
  secret: { apiV3Key: string; nonce: string; associatedData: string },
): string {
  const key = createHash('sm3').update(secret.apiV3Key).digest().subarray(0, 16)
  const [nonce, data] = [Buffer.from(secret.nonce), Buffer.from(secret.associatedData)]
  const { ciphertext, tag } = sm4Gcm(key, nonce, data, Buffer.from(plaintext))
  return Buffer.concat([ciphertext, tag]).toString('base64')
}

const BLOCK = 16
const NONCE_BYTES = 12

/** Encrypts. The nonce has 12 bytes, so that the counter begins behind it. */
export function sm4Gcm(
  key: Uint8Array,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  plaintext: Uint8Array,
): { ciphertext: Buffer; tag: Buffer } {
  assert(nonce.length === NONCE_BYTES, 'a nonce has 12 bytes')
  const counter = (from: number) => Buffer.from([...nonce, 0, 0, 0, from])
  const encrypt = (mode: 'ecb' | 'ctr', iv: Buffer | null, bytes: Uint8Array) => {
    const cipher = createCipheriv(`sm4-${mode}`, key, iv)
    cipher.setAutoPadding(false)
    return Buffer.concat([cipher.update(bytes), cipher.final()])
  }
  const ciphertext = encrypt('ctr', counter(2), plaintext)
  const hashKey = numberOf(encrypt('ecb', null, Buffer.alloc(BLOCK)))
  const hash = ghash(hashKey, associatedData, ciphertext)
  const mask = numberOf(encrypt('ecb', null, counter(1)))
  return { ciphertext, tag: bytesOf(hash ^ mask) }
}

function ghash(hashKey: bigint, associatedData: Uint8Array, ciphertext: Uint8Array): bigint {
  const lengths = (BigInt(associatedData.length * 8) << 64n) | BigInt(ciphertext.length * 8)
  const blocks = [...blocksOf(associatedData), ...blocksOf(ciphertext), lengths]
  return blocks.reduce((hash, block) => multiply(hash ^ block, hashKey), 0n)
}

/** In the field of 2^128 elements, whose bits GCM counts from the left. */
function multiply(x: bigint, y: bigint): bigint {
  let [product, v] = [0n, y]
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if ((x >> bit) & 1n) product ^= v
    v = v & 1n ? (v >> 1n) ^ REDUCTION : v >> 1n
  }
  return product
}

const REDUCTION = 0xe1n << 120n

function blocksOf(bytes: Uint8Array): bigint[] {
  const blocks: bigint[] = []
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = Buffer.alloc(BLOCK)
    block.set(bytes.subarray(at, at + BLOCK))
    blocks.push(numberOf(block))
  }
  return blocks
}

const numberOf = (block: Buffer): bigint => BigInt(`0x${block.toString('hex')}`)
const bytesOf = (block: bigint): Buffer => Buffer.from(block.toString(16).padStart(32, '0'), 'hex')
