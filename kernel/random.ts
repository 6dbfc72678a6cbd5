import { assert } from './assert.ts'

/** Where chance comes from. Nothing else in the system reads a random source. */
export interface Random {
  /** `length` bytes, unpredictable in production, repeatable under a seed in simulation. */
  bytes(length: number): Uint8Array
}

/** Lower-case hex of `length` random bytes: nonces and tokens. */
export const randomHex = (random: Random, length: number): string =>
  Array.from(random.bytes(length), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A whole number from 0 up to and without `bound`, which is at most 2^32. */
export function randomBelow(random: Random, bound: number): number {
  assert(Number.isInteger(bound) && bound > 0 && bound <= 2 ** 32, `bound ${bound} is 1 to 2^32`)
  // Rejecting the uneven rest keeps every value equally likely.
  const limit = 2 ** 32 - (2 ** 32 % bound)
  for (;;) {
    const { buffer, byteOffset } = random.bytes(4)
    const value = new DataView(buffer, byteOffset).getUint32(0)
    if (value < limit) return value % bound
  }
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[randomBelow(random, items.length)]
  assert(item !== undefined, 'picked from a list that has items')
  return item
}

/** True with a probability given in parts per million. */
export const chance = (random: Random, partsPerMillion: number): boolean =>
  randomBelow(random, 1_000_000) < partsPerMillion

/**
 * The same bytes for the same seed, on every machine. For simulation and tests, never for secrets.
 * Source: xoshiro128**, seeded by FNV-1a and splitmix32.
 */
export function seededRandom(seed: string): Random {
  let state = fnv1a(seed)
  const splitmix = () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()]
  const next = () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotateLeft(d, 11)
    return result
  }
  return {
    bytes(length) {
      const view = new DataView(new ArrayBuffer(Math.ceil(length / 4) * 4))
      for (let i = 0; i < view.byteLength; i += 4) view.setUint32(i, next())
      return new Uint8Array(view.buffer.slice(0, length))
    },
  }
}

const rotateLeft = (x: number, k: number) => (x << k) | (x >>> (32 - k))

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
