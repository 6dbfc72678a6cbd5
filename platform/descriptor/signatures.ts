import {
  createHash,
  createHmac,
  timingSafeEqual,
  sign as signRsa,
  verify as verifyRsa,
} from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import { assert } from '../../kernel/assert.ts'
import type { Random } from '../../kernel/random.ts'
import type { Account } from './params.ts'
import type { Signing, Verification } from './schema-proofs.ts'

// The four kinds of signatures, over bytes: what is signed is put together elsewhere.

type Kind = Pick<Signing, 'algorithm' | 'encoding' | 'userId' | 'der'>

const USER_ID = '1234567812345678'

/** The signature as text. The key is there and fits: toAccount and the check of the descriptor saw to that. */
export function signatureOf(
  kind: Kind & { key: string; content: Signing['content'] },
  account: Account,
  content: Buffer,
  random: Random,
): string {
  switch (kind.algorithm) {
    case 'RSA-SHA256':
    case 'RSA-SHA1': {
      const key = account.rsa.get(kind.key)
      assert(key, `${kind.key} is an RSA key`)
      return encode(kind, signRsa(kind.algorithm, content, key))
    }
    case 'SM2':
      return encode(kind, Buffer.from(signSm2(kind, account, content, random), 'hex'))
    case 'HMAC-SHA256':
    case 'MD5': {
      const key = account.bytes.get(kind.key)
      assert(key, `${kind.key} is a key of bytes`)
      return encode(kind, digestOf(kind.algorithm, key, content, kind.content.keySuffix))
    }
  }
}

/** Whether a signature was made with this key. Never throws for a signature that is none. */
export function isSignedBy(
  verification: Verification,
  account: Account,
  keyName: string,
  content: Buffer,
  signature: string,
): boolean {
  const bytes = decode(verification, signature)
  if (bytes === null) return false
  switch (verification.algorithm) {
    case 'RSA-SHA256':
    case 'RSA-SHA1': {
      const key = account.rsa.get(keyName)
      return key !== undefined && verifyRsa(verification.algorithm, content, key, bytes)
    }
    case 'SM2': {
      const key = account.sm2.get(keyName)
      return key !== undefined && verifiesSm2(verification, key.publicKey, content, bytes)
    }
    case 'HMAC-SHA256':
    case 'MD5': {
      const key = account.bytes.get(keyName)
      if (key === undefined) return false
      const { keySuffix } = verification.content
      const expected = digestOf(verification.algorithm, key, content, keySuffix)
      return expected.length === bytes.length && timingSafeEqual(expected, bytes)
    }
  }
}

function digestOf(
  algorithm: 'HMAC-SHA256' | 'MD5',
  key: Buffer,
  content: Buffer,
  keySuffix: string | undefined,
): Buffer {
  const text =
    keySuffix === undefined ? content : Buffer.concat([content, Buffer.from(keySuffix), key])
  return algorithm === 'MD5'
    ? createHash('md5').update(text).digest()
    : createHmac('sha256', key).update(text).digest()
}

function signSm2(
  kind: Kind & { key: string },
  account: Account,
  content: Buffer,
  random: Random,
): string {
  const key = account.sm2.get(kind.key)
  assert(key?.privateKey, `${kind.key} is a private SM2 key`)
  return sm2.doSignature(content, key.privateKey, {
    hash: true,
    der: kind.der ?? false,
    userId: kind.userId ?? USER_ID,
    publicKey: key.publicKey,
    pointPool: [pointOf(random)],
  })
}

const CURVE_ORDER = BigInt('0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123')

/** The signature's own secret number, from our source of chance, and the x of its point. */
function pointOf(random: Random): { k: bigint; x1: bigint } {
  for (;;) {
    const hex = Buffer.from(random.bytes(32)).toString('hex')
    const k = BigInt(`0x${hex}`)
    if (k === 0n || k >= CURVE_ORDER) continue
    const point = sm2.getPublicKeyFromPrivateKey(hex)
    return { k, x1: BigInt(`0x${point.slice(2, 66)}`) }
  }
}

function verifiesSm2(kind: Kind, publicKey: string, content: Buffer, signature: Buffer): boolean {
  const raw = kind.der === true ? rawOf(signature) : signature
  if (raw === null || raw.length !== 2 * SCALAR_BYTES) return false
  try {
    const options = { hash: true, userId: kind.userId ?? USER_ID }
    return sm2.doVerifySignature(content, raw.toString('hex'), publicKey, options)
  } catch {
    return false // numbers that are none of a signature
  }
}

const SCALAR_BYTES = 32

/** r and s of a DER sequence of exactly two whole numbers; the library would take a sequence for other things as well. */
function rawOf(der: Buffer): Buffer | null {
  const numbers: Buffer[] = []
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null
  for (let at = 2; at < der.length; at += 2 + (der[at + 1] ?? 0)) {
    const bytes = der.subarray(at + 2, at + 2 + (der[at + 1] ?? 0))
    const isPadded = bytes[0] === 0 && (bytes[1] ?? 0) >= 0x80
    const digits = isPadded ? bytes.subarray(1) : bytes
    if (der[at] !== 0x02 || bytes.length === 0 || (bytes[0] ?? 0) >= 0x80) return null
    if (digits.length > SCALAR_BYTES || (digits[0] === 0 && digits.length > 1)) return null
    numbers.push(Buffer.concat([Buffer.alloc(SCALAR_BYTES - digits.length), digits]))
  }
  return numbers.length === 2 ? Buffer.concat(numbers) : null
}

function encode({ encoding }: Kind, bytes: Buffer): string {
  switch (encoding) {
    case 'base64':
      return bytes.toString('base64')
    case 'hex':
      return bytes.toString('hex')
    case 'hex_upper':
      return bytes.toString('hex').toUpperCase()
  }
}

/** Null for a text that is not in the encoding, which Node would read up to where it breaks. */
function decode({ encoding }: Kind, text: string): Buffer | null {
  if (encoding === 'base64') {
    const bytes = Buffer.from(text, 'base64')
    return text !== '' && bytes.toString('base64') === text ? bytes : null
  }
  return /^([0-9a-fA-F]{2})+$/.test(text) ? Buffer.from(text, 'hex') : null
}
