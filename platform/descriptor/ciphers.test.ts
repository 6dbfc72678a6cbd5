import { createDecipheriv, createHash } from 'node:crypto'

import { sm4 } from 'sm-crypto-v2'
import { expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import { type Cipher, open, seal, wrongCipherKey } from './ciphers.ts'

const TEXT = '{"name":"张三","amount":"12.30"}'
const random = seededRandom('ciphers')

const CIPHERS: [string, Cipher, Buffer][] = [
  ['AES-256-GCM', 'AES-256-GCM', 32],
  ['SM4-CBC', 'SM4-CBC', 16],
  ['SM4-GCM', 'SM4-GCM', 16],
].flatMap(([name, algorithm, size]) =>
  (['separate', 'prefixed'] as const).map((layout): [string, Cipher, Buffer] => [
    `${name} ${layout}`,
    { algorithm: algorithm as Cipher['algorithm'], encoding: 'base64', layout },
    Buffer.alloc(Number(size), 7),
  ]),
)

it.each(CIPHERS)('%s: opens what it sealed, and nothing that was changed', (_name, cipher, key) => {
  const sealed = seal(cipher, key, TEXT, { random, associatedData: '' })
  expect(open(cipher, key, sealed, '')).toBe(TEXT)
  expect(seal(cipher, key, TEXT, { random, associatedData: '' }).ciphertext).not.toBe(
    sealed.ciphertext,
  )
  const bytes = Buffer.from(sealed.ciphertext, 'base64')
  const last = bytes.length - 1
  bytes[last] = (bytes[last] ?? 0) ^ 1
  expect(open(cipher, key, { ...sealed, ciphertext: bytes.toString('base64') }, '')).not.toBe(TEXT)
  expect(open(cipher, Buffer.alloc(key.length, 8), sealed, '')).not.toBe(TEXT)
  for (const nonsense of ['', 'AAAA', '!!!']) {
    expect(open(cipher, key, { ...sealed, ciphertext: nonsense }, '')).toBeNull()
  }
})

it('AES-256-GCM is what node:crypto opens, with the nonce and the data as text', () => {
  const cipher: Cipher = { algorithm: 'AES-256-GCM', encoding: 'base64', layout: 'separate' }
  const key = Buffer.from('Yiqiao-APIv3-key-of-32-letters-0')
  const { ciphertext, nonce } = seal(cipher, key, TEXT, { random, associatedData: 'transaction' })
  const bytes = Buffer.from(ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  decipher.setAAD(Buffer.from('transaction'))
  decipher.setAuthTag(bytes.subarray(-16))
  const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
  expect(plain.toString('utf8')).toBe(TEXT)
  expect(open(cipher, key, { ciphertext, nonce }, 'refund')).toBeNull()
})

it('SM4 is what the other library opens, the key drawn from SM3 where that is asked', () => {
  const cipher: Cipher = {
    algorithm: 'SM4-CBC',
    encoding: 'hex',
    layout: 'separate',
    keyDerivation: 'sm3_16',
  }
  const secret = Buffer.from('a secret of any length')
  const { ciphertext, nonce } = seal(cipher, secret, TEXT, { random, associatedData: '' })
  const key = createHash('sm3').update(secret).digest('hex').slice(0, 32)
  expect(sm4.decrypt(ciphertext, key, { mode: 'cbc', iv: nonce })).toBe(TEXT)
})

it('SM4-CBC seals the standard example, as a vector of zero leaves its first block alone', () => {
  // GB/T 32907-2016, A.1; the sixteen bytes are no UTF-8, so the example is opened and not sealed.
  const key = Buffer.from('0123456789abcdeffedcba9876543210', 'hex')
  const decipher = createDecipheriv('sm4-cbc', key, Buffer.alloc(16)).setAutoPadding(false)
  const opened = decipher.update(Buffer.from('681edf34d206965e86b3e94f536e4246', 'hex'))
  expect(opened.toString('hex')).toBe('0123456789abcdeffedcba9876543210')

  const cipher: Cipher = { algorithm: 'SM4-CBC', encoding: 'hex', layout: 'separate' }
  const zero = { bytes: (length: number) => new Uint8Array(length) }
  const sealed = seal(cipher, key, TEXT, { random: zero, associatedData: '' })
  expect(sealed.nonce).toBe('0'.repeat(32))
  const other = createDecipheriv('sm4-cbc', key, Buffer.alloc(16))
  const plain = [other.update(Buffer.from(sealed.ciphertext, 'hex')), other.final()]
  expect(Buffer.concat(plain).toString('utf8')).toBe(TEXT)
})

it('says of a key that it does not fit', () => {
  const cipher: Cipher = { algorithm: 'AES-256-GCM', encoding: 'hex', layout: 'prefixed' }
  expect(wrongCipherKey(cipher, Buffer.alloc(16))).toBe(
    'must have 32 bytes for AES-256-GCM, not 16',
  )
  expect(
    wrongCipherKey({ ...cipher, keyDerivation: 'sm3_16', algorithm: 'SM4-GCM' }, Buffer.alloc(5)),
  ).toBeNull()
})
