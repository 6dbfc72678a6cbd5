import { expect, it } from 'vitest'

import { sm4Gcm } from './shangmi.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

it('seals as RFC 8998, appendix A.1, has it', () => {
  const key = hex('0123456789ABCDEFFEDCBA9876543210')
  const nonce = hex('00001234567800000000ABCD')
  const associatedData = hex('FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2')
  const plaintext = ['AA', 'BB', 'CC', 'DD', 'EE', 'FF', 'EE', 'AA'].map((byte) => byte.repeat(8))
  const { ciphertext, tag } = sm4Gcm(key, nonce, associatedData, hex(plaintext.join('')))
  expect(ciphertext.toString('hex').toUpperCase()).toBe(
    '17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735' +
      'D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D',
  )
  expect(tag.toString('hex').toUpperCase()).toBe('83DE3541E4C2B58177E065A9BF7B62EC')
})
