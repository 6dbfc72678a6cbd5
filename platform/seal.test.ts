import { createCipheriv, hkdfSync } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { HospitalId } from '../kernel/id.ts'
import { seededRandom } from '../kernel/random.ts'
import { createSeal, type SealPlace } from './seal.ts'

const KEY = new Uint8Array(32).fill(7)
const SECOND = new Uint8Array(32).fill(9)
const make = (key = KEY, seed = 'seal') => createSeal(key, seededRandom(seed))
const rotated = (current: number) =>
  createSeal(KEY, seededRandom('rotated'), { current, keys: new Map([[2, SECOND]]) })

const name: SealPlace = { purpose: 'name', owner: 'region', row: '1' }
const atHospital = (owner: number): SealPlace => ({ ...name, owner: owner as HospitalId })
const moved = { name: 'SealError', fault: 'moved_or_changed' }

describe('a sealed text', () => {
  it('is opened to what it was', () => {
    const seal = make()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(seal.open(name, seal.seal(name, text))).toBe(text)
      }),
    )
  })

  it('shows nothing, is another each time, and says its key', () => {
    const seal = make()
    const [a, b] = [seal.seal(name, '张三'), seal.seal(atHospital(7), '张三')]
    expect(a).toMatch(/^v2\.1\.region\.[A-Za-z0-9+/=]+$/)
    expect(b).toMatch(/^v2\.1\.7\./)
    expect(seal.seal(name, '张三')).not.toBe(a)
    expect(Buffer.from(bodyOf(a), 'base64').toString('utf8')).not.toContain('张三')
  })

  it('[S5] does not open in another row, column or hospital, under another key, or changed', () => {
    const seal = make()
    const sealed = seal.seal(name, '张三')
    const opened = (place: SealPlace, text: string) => refusalOf(() => seal.open(place, text))
    expect(opened({ ...name, row: '2' }, sealed)).toMatchObject(moved)
    expect(opened({ ...name, purpose: 'phone' }, sealed)).toMatchObject(moved)
    expect(opened(atHospital(1), sealed)).toMatchObject(moved)
    // With the owner's name changed too, the key is still the other's.
    expect(
      opened(atHospital(2), seal.seal(atHospital(1), '张三').replace('.1.1.', '.1.2.')),
    ).toMatchObject(moved)
    expect(refusalOf(() => make(new Uint8Array(32).fill(8)).open(name, sealed))).toMatchObject(
      moved,
    )
    const bytes = Buffer.from(bodyOf(sealed), 'base64')
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes)
      changed[i] = (changed[i] ?? 0) ^ 1
      const text = `v2.1.region.${changed.toString('base64')}`
      expect(opened(name, text)).toMatchObject(moved)
    }
    expect(opened(name, '')).toMatchObject({ fault: 'unreadable' })
    expect(opened(name, 'v2.1.region')).toMatchObject({ fault: 'unreadable' })
  })

  it('[S5] still opens when it was sealed before places counted, and is put under the key in use', () => {
    const seal = make()
    const old = sealedOnce('name', '张三')
    expect(seal.open(name, old)).toBe('张三')
    expect(refusalOf(() => seal.open({ ...name, purpose: 'phone' }, old))).toMatchObject(moved)
    const anew = seal.reseal(name, old)
    expect(anew).toMatch(/^v2\.1\.region\./)
    expect(seal.open(name, anew ?? '')).toBe('张三')
    expect(seal.reseal(name, anew ?? '')).toBeNull()
  })

  it('[S5] is read under an older key while the next is in use, and not once that is gone', () => {
    const [before, after] = [rotated(1), rotated(2)]
    const old = before.seal(name, '张三')
    const anew = after.reseal(name, old) ?? ''
    expect(anew).toMatch(/^v2\.2\.region\./)
    expect([before, after].map((seal) => seal.open(name, anew))).toEqual(['张三', '张三'])
    expect(after.open(name, old)).toBe('张三')
    expect(refusalOf(() => make().open(name, anew))).toMatchObject({ fault: 'key_not_held' })
    expect(after.blindIndex('name', '张三')).toBe(before.blindIndex('name', '张三'))
  })

  it('needs keys of 32 bytes, and the one in use', () => {
    expect(() => make(new Uint8Array(16))).toThrow('32 bytes')
    expect(() => rotated(3)).toThrow('the key to seal under is held')
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

const bodyOf = (sealed: string): string => sealed.split('.')[3] ?? ''

/** As texts were sealed at first: one key for a purpose, and no place. */
function sealedOnce(purpose: string, text: string): string {
  const nonce = Buffer.alloc(12, 3)
  const key = Buffer.from(hkdfSync('sha256', KEY, '', `seal:${purpose}`, 32))
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64')
}

function refusalOf(open: () => string): unknown {
  try {
    return open()
  } catch (error) {
    return error
  }
}
