import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decryptContent, encryptContent, rawMembers, textToSign } from './signing.ts'

describe('the members of an object', () => {
  it('are found for whatever JSON there is, in the characters in which it stands', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 })
    const spaces = fc.constantFrom(undefined, 1, '\t')
    fc.assert(
      fc.property(value, spaces, (object, space) => {
        const text = JSON.stringify(object, null, space)
        const members = rawMembers(text)
        const parsed = [...(members ?? [])].map(([name, raw]) => [name, JSON.parse(raw) as unknown])
        expect(Object.fromEntries(parsed)).toEqual(JSON.parse(text))
        for (const raw of members?.values() ?? []) expect(text).toContain(raw)
      }),
    )
  })

  it('keep their escapes and inner spaces, and lose those around them', () => {
    const text = ' { "a" : {"b": "c\\/d \\" }" } , "e":\t[1 , 2]\n,"f" : -1.5e3 , "g":null }'
    expect([...(rawMembers(text) ?? [])]).toEqual([
      ['a', '{"b": "c\\/d \\" }" }'],
      ['e', '[1 , 2]'],
      ['f', '-1.5e3'],
      ['g', 'null'],
    ])
  })

  it.each(['', '[]', 'null', '"{}"', '{', '{"a":1}x', '{"a":1,"a":2}', '{"a":1,"\\u0061":2}'])(
    'of %s are none',
    (text) => expect(rawMembers(text)).toBeNull(),
  )
})

it('what is signed is sorted, plain, and without what is empty', () => {
  const params = { b: '1 +/=&中', a: '', c_d: 'x', sign: 'no', sign_type: 'RSA2', A: '0' }
  expect(textToSign(params)).toBe('A=0&b=1 +/=&中&c_d=x&sign_type=RSA2')
})

it.each([16, 24, 32])('content comes back from a key of %i bytes, and from no other', (length) => {
  const key = Buffer.alloc(length, 7)
  const text = '{"subject":"门诊缴费 😀"}'
  expect(decryptContent(key, encryptContent(key, text))).toBe(text)
  expect(decryptContent(Buffer.alloc(length, 8), encryptContent(key, text))).not.toBe(text)
  expect(decryptContent(key, 'not base64 of sixteen')).toBeNull()
})
