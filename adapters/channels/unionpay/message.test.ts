import { describe, expect, it } from 'vitest'

import { decodeUtf8, readAnswer, readForm, toForm } from './message.ts'

describe('an answer', () => {
  it('keeps every value as it is: a certificate with its line ends, a signature with its signs', () => {
    const pem = '-----BEGIN CERTIFICATE-----\r\nMIIE+/==\r\n-----END CERTIFICATE-----'
    const text = `respMsg=成功[0000000]&signPubKeyCert=${pem}&signature=a+b/c==&empty=`
    expect(readAnswer(text)).toEqual({
      respMsg: '成功[0000000]',
      signPubKeyCert: pem,
      signature: 'a+b/c==',
      empty: '',
    })
  })

  it('keeps together what stands in braces', () => {
    expect(readAnswer('a=1&risk={commodityName=x&more={y=2&z=3}}&b=2')).toEqual({
      a: '1',
      risk: '{commodityName=x&more={y=2&z=3}}',
      b: '2',
    })
    expect(readAnswer('a={open&b=2')).toEqual({ a: '{open&b=2' })
  })

  it.each(['', '<html>', 'a', 'a=1&', 'a=1&a=2', '=1', 'a=1&b', '__proto__=1', 'é=1'])(
    'is none when it is %j',
    (text) => {
      expect(readAnswer(text)).toBeNull()
    },
  )
})

describe('a form', () => {
  it('comes back as it was sent', () => {
    const fields = { a: '1 +&=%', cert: 'x\r\ny', name: '门诊' }
    expect(readForm(toForm(fields))).toEqual(fields)
  })

  it.each(['', 'a=1&a=2', '%00=1', '[]'])('is none when it is %j', (text) => {
    expect(readForm(text)).toBeNull()
  })
})

it('reads UTF-8 or nothing', () => {
  expect(decodeUtf8(Buffer.from('门诊'))).toBe('门诊')
  expect(decodeUtf8(Buffer.from([0xc3, 0x28]))).toBeNull()
})
