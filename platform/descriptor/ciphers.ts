import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

import { sm4 } from 'sm-crypto-v2'

import { assert } from '../../kernel/assert.ts'
import type { Random } from '../../kernel/random.ts'
import type { Sealing } from './schema-proofs.ts'

// Sealing and opening of texts. The tag of a GCM stands behind the sealed bytes, as every gateway of ours has it.

export type Cipher = Pick<Sealing, 'algorithm' | 'keyDerivation' | 'encoding' | 'layout'>

/** `nonce` is the initial vector: text of the envelope when it stands beside, empty when it stands before. */
export type SealedText = { ciphertext: string; nonce: string }

const GCM_NONCE_BYTES = 12
const CBC_IV_BYTES = 16
const TAG_BYTES = 16
const KEY_BYTES = { 'AES-256-GCM': 32, 'SM4-CBC': 16, 'SM4-GCM': 16 } as const

/** Why a key cannot be used with a cipher; null when it can. */
export function wrongCipherKey(cipher: Cipher, key: Buffer): string | null {
  const wanted = KEY_BYTES[cipher.algorithm]
  const found = keyOf(cipher, key).length
  return found === wanted ? null : `must have ${wanted} bytes for ${cipher.algorithm}, not ${found}`
}

export function seal(
  cipher: Cipher,
  key: Buffer,
  text: string,
  { random, associatedData }: { random: Random; associatedData: string },
): SealedText {
  const iv = Buffer.from(random.bytes(ivBytesOf(cipher)))
  // A nonce that travels as text is the text's bytes to the cipher, as WeChat has it: so it is made of hex.
  const nonce = isTextNonce(cipher) ? iv.toString('hex').slice(0, GCM_NONCE_BYTES) : ''
  const vector = isTextNonce(cipher) ? Buffer.from(nonce) : iv
  const sealed = sealBytes(cipher, keyOf(cipher, key), Buffer.from(text), vector, associatedData)
  if (cipher.layout === 'prefixed') {
    return { ciphertext: encode(cipher, Buffer.concat([vector, sealed])), nonce: '' }
  }
  return { ciphertext: encode(cipher, sealed), nonce: nonce || encode(cipher, vector) }
}

/** The text again; null when it was not sealed with this key, or was changed since. */
export function open(
  cipher: Cipher,
  key: Buffer,
  { ciphertext, nonce }: SealedText,
  associatedData: string,
): string | null {
  const bytes = Buffer.from(ciphertext, cipher.encoding)
  const size = ivBytesOf(cipher)
  const isPrefixed = cipher.layout === 'prefixed'
  const vector = isPrefixed
    ? bytes.subarray(0, size)
    : Buffer.from(nonce, isTextNonce(cipher) ? 'utf8' : cipher.encoding)
  if (vector.length !== size) return null
  const sealed = isPrefixed ? bytes.subarray(size) : bytes
  try {
    const text = openBytes(cipher, keyOf(cipher, key), sealed, vector, associatedData)
    return new TextDecoder('utf-8', { fatal: true }).decode(text)
  } catch {
    return null
  }
}

const isTextNonce = ({ algorithm, layout }: Cipher) =>
  algorithm !== 'SM4-CBC' && layout === 'separate'

const ivBytesOf = ({ algorithm }: Cipher): number =>
  algorithm === 'SM4-CBC' ? CBC_IV_BYTES : GCM_NONCE_BYTES

const encode = ({ encoding }: Cipher, bytes: Buffer): string => bytes.toString(encoding)

const keyOf = ({ keyDerivation }: Cipher, key: Buffer): Buffer =>
  keyDerivation === 'sm3_16' ? createHash('sm3').update(key).digest().subarray(0, 16) : key

function sealBytes(
  { algorithm }: Cipher,
  key: Buffer,
  plain: Buffer,
  iv: Buffer,
  associatedData: string,
): Buffer {
  switch (algorithm) {
    case 'AES-256-GCM': {
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      cipher.setAAD(Buffer.from(associatedData))
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    }
    case 'SM4-CBC': {
      const cipher = createCipheriv('sm4-cbc', key, iv)
      return Buffer.concat([cipher.update(plain), cipher.final()])
    }
    case 'SM4-GCM': {
      const { output, tag } = sm4.encrypt(plain, key, {
        mode: 'gcm',
        iv,
        associatedData: Buffer.from(associatedData),
        output: 'array',
        outputTag: true,
      })
      assert(tag !== undefined, 'a tag was asked for')
      return Buffer.concat([output, tag])
    }
  }
}

/** Throws for whatever does not open. */
function openBytes(
  { algorithm }: Cipher,
  key: Buffer,
  sealed: Buffer,
  iv: Buffer,
  associatedData: string,
): Uint8Array {
  const body = sealed.subarray(0, -TAG_BYTES)
  const tag = sealed.subarray(-TAG_BYTES)
  switch (algorithm) {
    case 'AES-256-GCM': {
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(associatedData))
      decipher.setAuthTag(tag)
      return Buffer.concat([decipher.update(body), decipher.final()])
    }
    case 'SM4-CBC': {
      const decipher = createDecipheriv('sm4-cbc', key, iv)
      return Buffer.concat([decipher.update(sealed), decipher.final()])
    }
    case 'SM4-GCM':
      assert(tag.length === TAG_BYTES, 'a tag stands behind the sealed bytes')
      return sm4.decrypt(body, key, {
        mode: 'gcm',
        iv,
        associatedData: Buffer.from(associatedData),
        output: 'array',
        tag,
      })
  }
}
