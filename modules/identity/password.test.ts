import { hash } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import {
  checkPassword,
  checkPasswordHash,
  hashPassword,
  needsRehash,
  verifyPassword,
} from './password.ts'

const PASSWORD = '一桥飞架 correct horse'
const random = seededRandom('password')

describe('a password', () => {
  it('is hashed by argon2id with 19 MiB and two passes, each time with another salt', async () => {
    const first = await hashPassword(random, PASSWORD)
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await hashPassword(random, PASSWORD)).not.toBe(first)
    expect(() => checkPasswordHash(first)).not.toThrow()
    expect(needsRehash(first)).toBe(false)
  })

  it('is verified, and no other is', async () => {
    const hashed = await hashPassword(random, PASSWORD)
    expect(await verifyPassword(hashed, PASSWORD)).toBe(true)
    expect(await verifyPassword(hashed, PASSWORD.toUpperCase())).toBe(false)
    expect(await verifyPassword(hashed, '')).toBe(false)
  })

  it('is never that of nobody, after the same work', async () => {
    expect(await verifyPassword(null, PASSWORD)).toBe(false)
    expect(await verifyPassword(null, '')).toBe(false)
  })

  it('is hashed anew when it was hashed more weakly', async () => {
    expect(needsRehash(await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1 }))).toBe(true)
  })
})

describe('checkPassword', () => {
  it.each([
    ['1234567', 'too_short'],
    ['𠮷𠮷𠮷𠮷𠮷𠮷𠮷', 'too_short'],
    ['x1-'.repeat(43), 'too_long'],
    ['12345678', 'common'],
    ['13712345650', 'common'],
    ['19800101', 'common'],
    ['password123', 'common'],
    ['Passw0rd!', 'common'],
    ['woaini520', 'common'],
    ['qwertyuiop', 'common'],
    ['1qaz2wsx', 'common'],
    ['aaaaaaaaaaaa', 'common'],
    ['abababababab', 'common'],
    ['cashier-7-x', 'about_you'],
  ])('refuses %s as %s', (password, rule) => {
    expect(() => checkPassword(password, ['cashier'])).toThrow(
      expect.objectContaining({ code: 'identity.password_unacceptable', params: { rule } }),
    )
  })

  it.each(['all small letters', '医桥医桥行稳致远', 'tR7$', 'x'].map((part) => `${part} and more`))(
    'takes %s, whatever it is made of',
    (password) => {
      expect(() => checkPassword(password, ['cashier', 'a'])).not.toThrow()
    },
  )

  it('takes 64 letters and more', () => {
    expect(() => checkPassword('lorem ipsum '.repeat(10), [])).not.toThrow()
  })
})

it.each(['', 'password', '$2b$10$abc', '$argon2i$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA'])(
  'takes %s for no hash of a password',
  (text) => {
    expect(() => checkPasswordHash(text)).toThrow(
      expect.objectContaining({ params: { rule: 'no_argon2id_hash' } }),
    )
  },
)
