import { createCipheriv, createDecipheriv } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { checkValueOf, clearPinBlock, decipher, encipher, macOf, softwareKeyStore } from './keys.ts'
import { fromText, readWorkingKeys, toText } from './working-keys.ts'

const SINGLE = Buffer.from('0123456789ABCDEF', 'hex')
const DOUBLE = Buffer.from('0123456789ABCDEFFEDCBA9876543210', 'hex')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

/** Single DES by the platform's own code, step by step. */
const des = (key: Buffer, block: Buffer) => {
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null)
  return Buffer.concat([cipher.setAutoPadding(false).update(block), cipher.final()])
}
const undes = (key: Buffer, block: Buffer) => {
  const cipher = createDecipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null)
  return Buffer.concat([cipher.setAutoPadding(false).update(block), cipher.final()])
}
const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)))
const blocksOf = (text: Buffer) =>
  Array.from({ length: Math.ceil(text.length / 8) }, (_, i) =>
    Buffer.concat([text.subarray(i * 8, i * 8 + 8), Buffer.alloc(8)]).subarray(0, 8),
  )

describe('published vectors', () => {
  it('DES and triple DES of eight zero bytes, the check values in every manual', () => {
    expect(hex(encipher(SINGLE, Buffer.alloc(8)))).toBe('D5D44FF720683D0D')
    expect(hex(encipher(DOUBLE, Buffer.alloc(8)))).toBe('08D7B4FB629D0885')
    expect(hex(checkValueOf(DOUBLE))).toBe('08D7B4FB')
  })

  it('X9.9, the example of FIPS 113', () => {
    const text = Buffer.from('7654321 Now is the time for ')
    expect(hex(macOf(SINGLE, 'x9.9', text))).toBe('F1D30F6849312CA4')
  })

  it('X9.9 and X9.19, the examples of ISO 9797-1', () => {
    const text = Buffer.from('Now is the time for all ')
    expect(hex(macOf(DOUBLE, 'x9.9', text))).toBe('70A30640CC76DD8B')
    expect(hex(macOf(DOUBLE, 'x9.19', text))).toBe('A1C72E74EA3FA9B6')
    const short = Buffer.from('Now is the time for it')
    expect(hex(macOf(DOUBLE, 'x9.19', short))).toBe('2E2B1428CC78254F')
  })

  it('the PIN block of ANSI X9.8', () => {
    expect(hex(clearPinBlock('1234', '43219876543210987'))).toBe('0412AC89ABCDEF67')
    expect(() => clearPinBlock('123', '43219876543210987')).toThrow('4 to 12')
    expect(() => clearPinBlock('1234', '432198765432')).toThrow('13 to 19')
  })
})

describe('against the steps of the standards', () => {
  const text = fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes) => Buffer.from(bytes))
  const key = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes))

  it('the ECB MAC of a POS', () => {
    fc.assert(
      fc.property(key, text, (double, bytes) => {
        for (const used of [double, double.subarray(0, 8)]) {
          const step = (block: Buffer) =>
            used.length === 8
              ? des(used, block)
              : des(used.subarray(0, 8), undes(used.subarray(8), des(used.subarray(0, 8), block)))
          const folded = hex(blocksOf(bytes).reduce(xor))
          const first = step(Buffer.from(folded.slice(0, 8)))
          const second = hex(step(xor(first, Buffer.from(folded.slice(8)))))
          expect(macOf(used, 'ecb', bytes).toString()).toBe(second.slice(0, 8))
        }
      }),
    )
  })

  it('X9.19 in its three steps', () => {
    fc.assert(
      fc.property(key, text, (double, bytes) => {
        const [left, right] = [double.subarray(0, 8), double.subarray(8)]
        const chained = blocksOf(bytes).reduce(
          (last, block) => des(left, xor(last, block)),
          Buffer.alloc(8),
        )
        expect(macOf(double, 'x9.9', bytes)).toEqual(chained)
        expect(macOf(double, 'x9.19', bytes)).toEqual(des(left, undes(right, chained)))
      }),
    )
  })

  it('what is enciphered is deciphered, with keys of one, two and three parts', () => {
    for (const bytes of [8, 16, 24]) {
      const used = Buffer.alloc(bytes, 'key material of the test')
      expect(decipher(used, encipher(used, DOUBLE))).toEqual(DOUBLE)
    }
    expect(() => encipher(Buffer.alloc(10), DOUBLE)).toThrow('10 bytes')
  })
})

describe('working keys', () => {
  const store = softwareKeyStore(new Map([['T1', DOUBLE]]))
  const pinKey = Buffer.from('11111111222222223333333344444444', 'hex')
  const sealed = (key: Buffer) => encipher(DOUBLE, key)
  const entry = (key: Buffer) => Buffer.concat([sealed(key), checkValueOf(key)])
  const macKey = Buffer.from('55555555666666667777777788888888', 'hex')

  it('are taken from a sign-in with two or three of them', () => {
    const two = hex(Buffer.concat([entry(pinKey), entry(macKey)]))
    const keys = readWorkingKeys(store, 'T1', two)
    expect(keys).toEqual({ pin: sealed(pinKey), mac: sealed(macKey) })
    expect(readWorkingKeys(store, 'T1', two + hex(entry(pinKey)))).toEqual(keys)
    expect(keys && fromText(toText(keys))).toEqual(keys)
  })

  it('of one part stand with zeros after them', () => {
    const single = Buffer.concat([encipher(DOUBLE, SINGLE), Buffer.alloc(8), checkValueOf(SINGLE)])
    const keys = readWorkingKeys(store, 'T1', hex(Buffer.concat([entry(pinKey), single])))
    expect(keys?.mac).toEqual(encipher(DOUBLE, SINGLE))
    const text = Buffer.from('some text')
    expect(store.mac('T1', keys?.mac ?? DOUBLE, 'ecb', text)).toEqual(macOf(SINGLE, 'ecb', text))
  })

  it('are refused when a check value is not theirs, or the length is none', () => {
    const whole = hex(Buffer.concat([entry(pinKey), entry(macKey)]))
    const other = whole.endsWith('0') ? `${whole.slice(0, -1)}1` : `${whole.slice(0, -1)}0`
    expect(readWorkingKeys(store, 'T1', other)).toBeNull()
    expect(readWorkingKeys(store, 'T1', whole.slice(2))).toBeNull()
    expect(readWorkingKeys(store, 'T1', '')).toBeNull()
    expect(() => store.checkValue('T2', sealed(pinKey))).toThrow('T2 has a master key')
  })

  it('encipher a PIN for its card', () => {
    const block = store.pinBlock('T1', sealed(pinKey), '1234', '43219876543210987')
    expect(hex(decipher(pinKey, block))).toBe('0412AC89ABCDEF67')
  })
})
