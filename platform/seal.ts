import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

import { assert } from '../kernel/assert.ts'
import type { HospitalId } from '../kernel/id.ts'
import type { Random } from '../kernel/random.ts'

/**
 * Keeps personal data and secrets unreadable at rest.
 *
 * `seal` encrypts (AES-256-GCM, a fresh nonce each time) for one place: a text moved to another row, column or hospital
 * does not open there. Each hospital has keys of its own, and the region has those of people, who are no hospital's.
 * `blindIndex` turns a value into a keyed digest that finds equal values without showing them; each purpose has its own
 * key, so a digest of one column says nothing about another. Digests are what login names and signing keys hang on:
 * they stay under the master key, and only sealing changes keys.
 */
export type Seal = {
  /** Under the key in use: `v2.<version>.<owner>.<nonce, text and tag in base64>`. */
  seal(place: SealPlace, text: string): string
  /** Reads what was sealed under any key that is still held, and what was sealed before places counted. Errors: SealError. */
  open(place: SealPlace, sealed: string): string
  /** The same text under the key in use; null when it is under that already. Errors: SealError. */
  reseal(place: SealPlace, sealed: string): string | null
  /** Of the key in use. */
  readonly version: number
  blindIndex(purpose: string, text: string): string
}

/** Where a sealed text stands. */
export type SealPlace = {
  /** The table and the column, in words: 'identity.name'. */
  purpose: string
  owner: HospitalId | 'region'
  /** The key of the row. */
  row: string
}

/** A sealed text that does not open: it stands where it was not sealed, was changed, or its key is not held. */
export class SealError extends Error {
  override readonly name = 'SealError'
  readonly fault: 'moved_or_changed' | 'key_not_held' | 'unreadable'

  constructor(fault: SealError['fault'], purpose: string) {
    super(`${purpose}: ${fault}`)
    this.fault = fault
  }
}

/** The keys by their version, and under which of them is sealed. Version 1 is the master key itself. */
export type SealingKeys = { current: number; keys: ReadonlyMap<number, Uint8Array> }

const FIRST_VERSION = 1
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const INDEX_HEX_DIGITS = 40

export function createSeal(
  masterKey: Uint8Array,
  random: Random,
  { current, keys }: SealingKeys = { current: FIRST_VERSION, keys: new Map() },
): Seal {
  const masters = new Map([...keys, [FIRST_VERSION, masterKey]])
  assert(
    [...masters.values()].every((key) => key.length === KEY_BYTES),
    'the master key has 32 bytes',
  )
  assert(masters.has(current), 'the key to seal under is held')
  const derived = new Map<string, Buffer>()
  const keyFor = (version: number, use: string): Buffer | null => {
    const master = masters.get(version)
    if (!master) return null
    const name = `${version}/${use}`
    const key = derived.get(name) ?? Buffer.from(hkdfSync('sha256', master, '', use, KEY_BYTES))
    derived.set(name, key)
    return key
  }
  const prefix = sealedUnder(current)
  return { seal, open, reseal, version: current, blindIndex }

  function seal(place: SealPlace, text: string): string {
    const { purpose, owner } = place
    const key = keyFor(current, useOf(current, place))
    assert(key, 'the key to seal under is held')
    const nonce = random.bytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(associated(place))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    assert(purpose !== '', 'a sealed text has a purpose')
    const bytes = Buffer.concat([nonce, body, cipher.getAuthTag()])
    return `${prefix}${owner}.${bytes.toString('base64')}`
  }

  function open(place: SealPlace, sealed: string): string {
    const { purpose } = place
    if (!sealed.startsWith('v2.')) {
      // Sealed before places counted: the purpose alone says where it stands.
      const key = keyFor(FIRST_VERSION, `seal:${purpose}`)
      return decipher(purpose, { key, aad: null, text: sealed })
    }
    const [, version, owner, text] = sealed.split('.')
    if (text === undefined) throw new SealError('unreadable', purpose)
    if (owner !== String(place.owner)) throw new SealError('moved_or_changed', purpose)
    const key = keyFor(Number(version), useOf(Number(version), place))
    return decipher(purpose, { key, aad: associated(place), text })
  }

  function reseal(place: SealPlace, sealed: string): string | null {
    return sealed.startsWith(prefix) ? null : seal(place, open(place, sealed))
  }

  function blindIndex(purpose: string, text: string): string {
    const key = keyFor(FIRST_VERSION, `index:${purpose}`)
    assert(key, 'the master key is held')
    const digest = createHmac('sha256', key).update(text, 'utf8')
    return digest.digest('hex').slice(0, INDEX_HEX_DIGITS)
  }
}

/** What every text begins with that is sealed under a version. */
export const sealedUnder = (version: number): string => `v2.${version}.`

/** A key for each version, owner and purpose. */
const useOf = (version: number, { purpose, owner }: SealPlace) =>
  `seal:v2:${version}:${owner}:${purpose}`

const associated = ({ purpose, row }: SealPlace): Buffer =>
  Buffer.from(JSON.stringify([purpose, row]), 'utf8')

type Sealed = { key: Buffer | null; aad: Buffer | null; text: string }

function decipher(purpose: string, { key, aad, text }: Sealed): string {
  if (!key) throw new SealError('key_not_held', purpose)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealError('unreadable', purpose)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
  if (aad) decipher.setAAD(aad)
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES)
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    throw new SealError('moved_or_changed', purpose)
  }
}
