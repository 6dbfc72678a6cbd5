import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { seededRandom } from '../kernel/random.ts'
import { createSeal } from './seal.ts'

const KEY = new Uint8Array(32).fill(7)
const make = (key = KEY, seed = 'seal') => createSeal(key, seededRandom(seed))

describe('a sealed text', () => {
  it('is opened to what it was', () => {
    const seal = make()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(seal.open('name', seal.seal('name', text))).toBe(text)
      }),
    )
  })

  it('shows nothing, and is another each time', () => {
    const seal = make()
    const [a, b] = [seal.seal('name', '张三'), seal.seal('name', '张三')]
    expect(a).not.toBe(b)
    expect(Buffer.from(a, 'base64').toString('utf8')).not.toContain('张三')
  })

  it('is not opened under another key, for another purpose, or changed', () => {
    const seal = make()
    const sealed = seal.seal('name', '张三')
    const bytes = Buffer.from(sealed, 'base64')
    expect(() => make(new Uint8Array(32).fill(8)).open('name', sealed)).toThrow(
      'unable to authenticate',
    )
    expect(() => seal.open('phone', sealed)).toThrow('unable to authenticate')
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes)
      changed[i] = (changed[i] ?? 0) ^ 1
      expect(() => seal.open('name', changed.toString('base64'))).toThrow('unable to authenticate')
    }
    expect(() => seal.open('name', '')).toThrow('nonce and tag')
  })

  it('needs a key of 32 bytes', () => {
    expect(() => make(new Uint8Array(16))).toThrow('32 bytes')
  })
})

describe('a blind index', () => {
  it('is the same for the same value, and says nothing of it', () => {
    const index = make().blindIndex('id_card', '370202199001011234')
    expect(index).toMatch(/^[0-9a-f]{40}$/)
    expect(make(KEY, 'another').blindIndex('id_card', '370202199001011234')).toBe(index)
  })

  it('is another for another value, purpose or key', () => {
    const seal = make()
    const indexes = [
      seal.blindIndex('id_card', '1'),
      seal.blindIndex('id_card', '2'),
      seal.blindIndex('phone', '1'),
      make(new Uint8Array(32).fill(8)).blindIndex('id_card', '1'),
    ]
    expect(new Set(indexes).size).toBe(4)
  })
})
