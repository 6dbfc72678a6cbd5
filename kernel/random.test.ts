import { describe, expect, it } from 'vitest'

import { chance, pick, type Random, randomBelow, randomHex, seededRandom } from './random.ts'

describe('seededRandom', () => {
  it('gives the same bytes for the same seed, however they are asked for', () => {
    const [a, b] = [seededRandom('x'), seededRandom('x')]
    expect([a.bytes(7), a.bytes(1), a.bytes(64)]).toEqual([b.bytes(7), b.bytes(1), b.bytes(64)])
    expect(seededRandom('x').bytes(32)).not.toEqual(seededRandom('y').bytes(32))
  })

  it('gives the bytes it gave when it was written, so that old seeds replay', () => {
    expect(randomHex(seededRandom('yiqiao'), 8)).toMatchInlineSnapshot(`"62a1b4b85293dff6"`)
  })

  it('uses every byte about equally often', () => {
    const counts = Array.from({ length: 256 }, () => 0)
    for (const byte of seededRandom('bytes').bytes(256_000)) counts[byte] = (counts[byte] ?? 0) + 1
    // A thousand each on average; five standard deviations are 158.
    expect(Math.min(...counts)).toBeGreaterThan(842)
    expect(Math.max(...counts)).toBeLessThan(1_158)
  })
})

describe('randomBelow', () => {
  it('gives every value equally often, where the bound does not divide 2^32', () => {
    const random = seededRandom('below')
    const counts = Array.from({ length: 7 }, () => 0)
    for (let i = 0; i < 70_000; i++) {
      const value = randomBelow(random, 7)
      counts[value] = (counts[value] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('throws the uneven rest away', () => {
    // 2^32 - 1 is above the last full multiple of 10; what follows is taken.
    const random = scripted([0xffffffff, 42])
    expect(randomBelow(random, 10)).toBe(2)
  })

  it('reads the bytes it was given, not their neighbours', () => {
    const neighbours = new Uint8Array([9, 9, 9, 9, 0, 0, 0, 5])
    expect(randomBelow({ bytes: () => neighbours.subarray(4) }, 100)).toBe(5)
  })

  it.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('refuses the bound %s', (bound) => {
    expect(() => randomBelow(seededRandom('x'), bound)).toThrow('1 to 2^32')
  })

  it('knows the bounds themselves', () => {
    expect(randomBelow(seededRandom('x'), 1)).toBe(0)
    expect(randomBelow(scripted([0xffffffff]), 2 ** 32)).toBe(2 ** 32 - 1)
  })
})

it('picks every item, and nothing from an empty list', () => {
  const random = seededRandom('pick')
  const picked = new Set(Array.from({ length: 100 }, () => pick(random, ['a', 'b', 'c'])))
  expect([...picked].toSorted()).toEqual(['a', 'b', 'c'])
  expect(() => pick(random, [])).toThrow('1 to 2^32')
})

it('meets a chance about as often as it says, never for none and always for all', () => {
  const random = seededRandom('chance')
  const hits = Array.from({ length: 20_000 }, () => chance(random, 250_000)).filter(Boolean).length
  expect(Math.abs(hits - 5_000)).toBeLessThan(350)
  expect(Array.from({ length: 1_000 }, () => chance(random, 0))).not.toContain(true)
  expect(Array.from({ length: 1_000 }, () => chance(random, 1_000_000))).not.toContain(false)
})

function scripted(words: number[]): Random {
  return {
    bytes(length) {
      const bytes = new Uint8Array(length)
      new DataView(bytes.buffer).setUint32(0, words.shift() ?? 0)
      return bytes
    },
  }
}
