import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { redact } from './redact.ts'
import { cutUtf8 } from './utf8.ts'

const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'

describe('redact', () => {
  it.each([
    ['{"payer":{"openid":"abcdefgh"}}', '{"payer":{"openid":"abcd***"}}'],
    ['{"user_received_account":"招商银行0403"}', '{"user_received_account":"***"}'],
    ['{"download_url":"https://a/file?token=1&x=2"}', '{"download_url":"https://a/file?***"}'],
    ['{"prepay_id":"wx1","n":[1,null]}', '{"prepay_id":"wx1","n":[1,null]}'],
    [`<p>${OPENID}</p>`, '<p>oUpF***</p>'],
    ['', ''],
  ])('%s', (text, shown) => {
    expect(redact(text, null)).toBe(shown)
  })

  it('masks a known account wherever it stands, of whatever form', () => {
    expect(redact('{"message":"openid demo-7 is unknown"}', 'demo-7')).toBe(
      '{"message":"openid demo*** is unknown"}',
    )
  })

  it('keeps the beginning of a long text', () => {
    expect(redact(`<${'x'.repeat(10_000)}`, null)).toHaveLength(500)
    expect(redact(JSON.stringify('x'.repeat(10_000)), null)).toHaveLength(4_000)
  })

  it('lets an account through in no JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, key) => {
        const text = JSON.stringify({ [key]: value, openid: OPENID, list: [{ note: OPENID }] })
        expect(redact(text, null)).not.toContain(OPENID)
      }),
    )
  })
})

it('cutUtf8 keeps whole characters, as many as fit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 60 }), (text, limit) => {
      const cut = cutUtf8(text, limit)
      expect(text.startsWith(cut)).toBe(true)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit)
      const [next = ''] = text.slice(cut.length)
      expect(next === '' || Buffer.byteLength(cut + next) > limit).toBe(true)
    }),
  )
})
