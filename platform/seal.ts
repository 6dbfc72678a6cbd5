import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

import { assert } from '../kernel/assert.ts'
import type { Random } from '../kernel/random.ts'

/**
 * Keeps personal data and secrets unreadable at rest.
 *
 * `seal` encrypts (AES-256-GCM, a fresh nonce each time); `blindIndex` turns a value into a keyed
 * digest that finds equal values without showing them. Each purpose has its own key, so a digest of
 * one column says nothing about another.
 */
export type Seal = {
  seal(purpose: string, text: string): string
  /** Errors: throws when the text was sealed under another key or purpose, or was changed. */
  open(purpose: string, sealed: string): string
  blindIndex(purpose: string, text: string): string
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
const INDEX_HEX_DIGITS = 40

export function createSeal(masterKey: Uint8Array, random: Random): Seal {
  assert(masterKey.length === 32, 'the master key has 32 bytes')
  const keys = new Map<string, Buffer>()
  const keyFor = (use: string) => {
    const key = keys.get(use) ?? Buffer.from(hkdfSync('sha256', masterKey, '', use, 32))
    keys.set(use, key)
    return key
  }
  return {
    seal(purpose, text) {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyFor(`seal:${purpose}`), nonce)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64')
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      assert(bytes.length >= NONCE_BYTES + TAG_BYTES, 'a sealed text has nonce and tag')
      const key = keyFor(`seal:${purpose}`)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    },
    blindIndex(purpose, text) {
      const digest = createHmac('sha256', keyFor(`index:${purpose}`)).update(text, 'utf8')
      return digest.digest('hex').slice(0, INDEX_HEX_DIGITS)
    },
  }
}
