import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  maskAccount,
  maskBankCard,
  maskIdCard,
  maskName,
  maskPhone,
  maskPhoneForCalling,
} from './masks.ts'

// 葛 with the mark that asks for its older form: two code points, one letter.
const MARKED = '葛\u{E0100}'

describe.each([
  [
    'maskName',
    maskName,
    [
      ['张三', '*三'],
      ['王小明', '*小明'],
      ['欧阳小明', '**小明'],
      ['𠮷田', '*田'],
      ['张𠮷', '*𠮷'],
      ['张𠮷𠮷', '*𠮷𠮷'],
      [`${MARKED}明`, '*明'],
      [`王${MARKED}`, `*${MARKED}`],
      ['买买提·吐尔逊', '*****尔逊'],
      ['John Smith', '********th'],
      ['𠮷', '*'],
      ['', ''],
    ],
  ],
  [
    'maskIdCard',
    maskIdCard,
    [
      ['370202198001010013', '3****************3'],
      ['37020219800101001X', '3****************X'],
      ['370202800101001', '3*************1'],
      ['E12345678', 'E*******8'],
      ['H1234567800', 'H*********0'],
      ['12', '**'],
      ['', ''],
    ],
  ],
  [
    'maskPhone',
    maskPhone,
    [
      ['13712345650', '137******50'],
      ['+8613712345650', '+86*********50'],
      ['1371234', '*******'],
      ['12345', '*****'],
    ],
  ],
  ['maskPhoneForCalling', maskPhoneForCalling, [['13712341250', '137****1250']]],
  [
    'maskBankCard',
    maskBankCard,
    [
      ['6225751234561496', '622575******1496'],
      ['6225751234567891496', '622575*********1496'],
      ['62257512', '********'],
    ],
  ],
  [
    'maskAccount',
    maskAccount,
    [
      ['oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'oU************************6o'],
      ['37000051', '37****51'],
      ['12345', '*****'],
    ],
  ],
] as const)('%s', (_name, mask, samples) => {
  it.each<readonly [string, string]>(samples)('shows %s as %s', (value, shown) => {
    expect(mask(value)).toBe(shown)
  })

  it('[S5] keeps the number of letters, and never breaks one in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (value) => {
        const shown = mask(value)
        expect(shown).not.toMatch(/[\uD800-\uDFFF]/u) // half of a letter
        expect(value === '' || shown.includes('*')).toBe(true)
      }),
    )
  })
})
