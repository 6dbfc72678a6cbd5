import { createCipheriv, createDecipheriv } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'

export type MacAlgorithm = 'ecb' | 'x9.9' | 'x9.19'

/**
 * Whoever holds the master keys of the terminals. Working keys come and go only as the bank sends them, enciphered
 * under the master key, so that a security module can take this place and no key is ever seen outside of it.
 */
export interface KeyStore {
  /** The first four bytes of eight zero bytes enciphered under the working key. */
  checkValue(terminal: string, sealedKey: Buffer): Buffer
  /** Eight bytes. */
  mac(terminal: string, sealedKey: Buffer, algorithm: MacAlgorithm, text: Buffer): Buffer
  /** Eight bytes: the PIN with the card number, enciphered under the working key. */
  pinBlock(terminal: string, sealedKey: Buffer, pin: string, pan: string): Buffer
}

/** Holds the master keys in memory. Errors: asserts on a terminal without one, and on a key of a strange length. */
export function softwareKeyStore(masterKeys: ReadonlyMap<string, Buffer>): KeyStore {
  const open = (terminal: string, sealedKey: Buffer) => {
    const masterKey = masterKeys.get(terminal)
    assert(masterKey !== undefined, `terminal ${terminal} has a master key`)
    return decipher(masterKey, sealedKey)
  }
  return {
    checkValue: (terminal, sealedKey) => checkValueOf(open(terminal, sealedKey)),
    mac: (terminal, sealedKey, algorithm, text) =>
      macOf(open(terminal, sealedKey), algorithm, text),
    pinBlock: (terminal, sealedKey, pin, pan) =>
      encipher(open(terminal, sealedKey), clearPinBlock(pin, pan)),
  }
}

const BLOCK = 8

/**
 * A message authentication code of eight bytes over a text, filled up with zero bytes.
 *
 * ecb: the blocks are folded into one by exclusive or, written as sixteen hex digits and enciphered in two steps; the
 * result is the first eight hex digits of that, as text (CUPS POS). x9.9: the last block of the text enciphered as a
 * chain under single DES. x9.19: the same, with a last step through both halves of a double key (ISO 9797-1, 3).
 */
export function macOf(key: Buffer, algorithm: MacAlgorithm, text: Buffer): Buffer {
  const padded = Buffer.concat([text, Buffer.alloc((BLOCK - (text.length % BLOCK)) % BLOCK)])
  switch (algorithm) {
    case 'ecb':
      return ecbMac(key, padded)
    case 'x9.9':
      return chain(key.subarray(0, BLOCK), padded)
    case 'x9.19': {
      const last = chain(key.subarray(0, BLOCK), padded)
      if (key.length === BLOCK) return last
      const [left, right] = [key.subarray(0, BLOCK), key.subarray(BLOCK, 2 * BLOCK)]
      return encipher(left, decipher(right, last))
    }
  }
}

function ecbMac(key: Buffer, padded: Buffer): Buffer {
  let folded: Buffer = Buffer.alloc(BLOCK)
  for (let at = 0; at < padded.length; at += BLOCK) {
    folded = xor(folded, padded.subarray(at, at + BLOCK))
  }
  const digits = Buffer.from(folded.toString('hex').toUpperCase(), 'latin1')
  const first = encipher(key, digits.subarray(0, BLOCK))
  const second = encipher(key, xor(first, digits.subarray(BLOCK)))
  return Buffer.from(second.toString('hex').toUpperCase().slice(0, BLOCK), 'latin1')
}

/** Cipher block chaining with a first block of zeros; the last block of it. */
function chain(key: Buffer, padded: Buffer): Buffer {
  let block: Buffer = Buffer.alloc(BLOCK)
  for (let at = 0; at < padded.length; at += BLOCK) {
    block = encipher(key, xor(block, padded.subarray(at, at + BLOCK)))
  }
  return block
}

/** ANSI X9.8: the PIN with its length, and the twelve digits of the card number before its check digit. */
export function clearPinBlock(pin: string, pan: string): Buffer {
  assert(/^[0-9]{4,12}$/.test(pin), 'a PIN has 4 to 12 digits')
  assert(/^[0-9]{13,19}$/.test(pan), 'a card number has 13 to 19 digits')
  const pinPart = Buffer.from(`0${pin.length.toString(16)}${pin}`.padEnd(16, 'F'), 'hex')
  const panPart = Buffer.from(pan.slice(-13, -1).padStart(16, '0'), 'hex')
  return xor(pinPart, panPart)
}

export const checkValueOf = (key: Buffer): Buffer =>
  encipher(key, Buffer.alloc(BLOCK)).subarray(0, 4)

/** DES with a key of 8 bytes, triple DES with one of 16 or 24; each block by itself. */
export function encipher(key: Buffer, text: Buffer): Buffer {
  const cipher = createCipheriv('des-ede3-ecb', tripleKey(key), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(text), cipher.final()])
}

export function decipher(key: Buffer, text: Buffer): Buffer {
  const cipher = createDecipheriv('des-ede3-ecb', tripleKey(key), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(text), cipher.final()])
}

/** OpenSSL has no single DES any more; three times the same key is the same. */
function tripleKey(key: Buffer): Buffer {
  assert([8, 16, 24].includes(key.length), `a key of ${key.length} bytes is a DES key`)
  if (key.length === 24) return key
  return Buffer.concat([key, key.subarray(0, BLOCK), key]).subarray(0, 24)
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)))
