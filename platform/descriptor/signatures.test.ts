import { execFileSync } from 'node:child_process'
import { createHash, createHmac, generateKeyPairSync, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sm2 } from 'sm-crypto-v2'
import { expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import type { Account } from './params.ts'
import type { Signing, Verification } from './schema-proofs.ts'
import { isSignedBy, signatureOf } from './signatures.ts'
import { signedTextOf } from './signed-text.ts'

const random = seededRandom('signatures')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const sm2Keys = sm2.generateKeyPairHex()
const CONTENT = Buffer.from('商户=M1&amount=12.30')

const account: Account = {
  open: {},
  secrets: [],
  rsa: new Map([
    ['own', rsa.privateKey],
    ['theirs', rsa.publicKey],
  ]),
  sm2: new Map([
    ['own', { privateKey: sm2Keys.privateKey, publicKey: sm2Keys.publicKey }],
    ['theirs', { privateKey: null, publicKey: sm2Keys.publicKey }],
  ]),
  bytes: new Map([
    ['own', Buffer.from('a secret')],
    ['theirs', Buffer.from('a secret')],
  ]),
}

const signing = (changes: Partial<Signing>): Signing => ({
  algorithm: 'RSA-SHA256',
  encoding: 'base64',
  key: 'own',
  content: { kind: 'body' },
  header: 'x-signature',
  ...changes,
})

const verification = (changes: Partial<Signing>): Verification => {
  const { algorithm, encoding, content, userId, der } = signing(changes)
  const more = {
    ...(userId === undefined ? {} : { userId }),
    ...(der === undefined ? {} : { der }),
  }
  return {
    algorithm,
    encoding,
    content,
    keys: [{ key: 'theirs' }],
    signature: 'field:/sign',
    ...more,
  }
}

it('RSA-SHA256 is what OpenSSL takes for one', () => {
  const signature = signatureOf(signing({}), account, CONTENT, random)
  expect(verify('RSA-SHA256', CONTENT, rsa.publicKey, Buffer.from(signature, 'base64'))).toBe(true)
})

it('HMAC-SHA256 and MD5 with a key are what they are by hand', () => {
  const hmac = signing({ algorithm: 'HMAC-SHA256', encoding: 'hex' })
  expect(signatureOf(hmac, account, CONTENT, random)).toBe(
    createHmac('sha256', 'a secret').update(CONTENT).digest('hex'),
  )
  const content = { kind: 'sorted_fields' as const, keySuffix: '&key=' }
  const md5 = signing({ algorithm: 'MD5', encoding: 'hex_upper', content })
  const expected = createHash('md5').update(`${CONTENT.toString()}&key=a secret`).digest('hex')
  expect(signatureOf(md5, account, CONTENT, random)).toBe(expected.toUpperCase())
})

it('SM2 with its user id is verified by OpenSSL', () => {
  const userId = 'ALICE123@YAHOO.COM'
  const kind = signing({ algorithm: 'SM2', encoding: 'hex', der: true, userId })
  const signature = signatureOf(kind, account, CONTENT, random)
  expect(opensslVerifies(sm2Keys.publicKey, CONTENT, signature, userId)).toBe(true)
  expect(opensslVerifies(sm2Keys.publicKey, Buffer.from('other'), signature, userId)).toBe(false)
})

it('SM2 is the same under the same chance, and never the same twice under another', () => {
  const kind = signing({ algorithm: 'SM2', encoding: 'hex' })
  const [first, again] = ['a', 'a'].map((seed) =>
    signatureOf(kind, account, CONTENT, seededRandom(seed)),
  )
  expect(again).toBe(first)
  expect(first).toMatch(/^[0-9a-f]{128}$/)
  expect(signatureOf(kind, account, CONTENT, seededRandom('b'))).not.toBe(first)
})

it.each([
  ['RSA-SHA256', {}],
  ['HMAC-SHA256', { algorithm: 'HMAC-SHA256', encoding: 'hex' }],
  ['MD5', { algorithm: 'MD5', encoding: 'hex', content: { kind: 'body', keySuffix: '&key=' } }],
  ['SM2', { algorithm: 'SM2', encoding: 'hex' }],
  ['SM2 in DER', { algorithm: 'SM2', encoding: 'base64', der: true }],
] as [string, Partial<Signing>][])('%s: the own is taken, a changed one is not', (_name, kind) => {
  const signature = signatureOf(signing(kind), account, CONTENT, random)
  const check = (content: Buffer, text: string) =>
    isSignedBy(verification(kind), account, 'theirs', content, text)
  expect(check(CONTENT, signature)).toBe(true)
  expect(check(Buffer.concat([CONTENT, Buffer.from(' ')]), signature)).toBe(false)
  const other = signature.startsWith('a') ? 'b' : 'a'
  expect(check(CONTENT, other + signature.slice(1))).toBe(false)
  for (const nonsense of ['', 'x', '!!', signature.slice(2), `${signature} `]) {
    expect(check(CONTENT, nonsense)).toBe(false)
  }
  expect(isSignedBy(verification(kind), account, 'nobody', CONTENT, signature)).toBe(false)
})

it('puts fields together by name, without the empty ones and the signature itself', () => {
  const fields = { b: '2', a: '1', empty: '', sign: 'x', n: 5 }
  const signable = { values: {}, fields, body: '' }
  const content = { kind: 'sorted_fields' as const, exclude: ['sign'] }
  expect(signedTextOf(content, signable)).toBe('a=1&b=2&n=5')
  expect(signedTextOf({ ...content, keepEmpty: true }, signable)).toBe('a=1&b=2&empty=&n=5')
  expect(signedTextOf(content, { ...signable, fields: { a: { b: 1 } } })).toBeNull()
})

it('fills a template, and makes none of which a part is missing', () => {
  const values = { method: 'POST', path: '/a?b=1', nonce: 'n' }
  const template = '{method}\n{path}\n{nonce}\n{body}\n'
  const signable = { values, fields: {}, body: '{"nonce":"{path}"}' }
  expect(signedTextOf({ kind: 'template', template }, signable)).toBe(
    'POST\n/a?b=1\nn\n{"nonce":"{path}"}\n',
  )
  const { nonce: _nonce, ...fewer } = values
  expect(signedTextOf({ kind: 'template', template }, { ...signable, values: fewer })).toBeNull()
})

/** By another implementation, with the key in the form of an X.509 public key. */
function opensslVerifies(publicKey: string, content: Buffer, signature: string, userId: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sm2-'))
  const file = (name: string) => join(folder, name)
  const prefix = '3059301306072a8648ce3d020106082a811ccf5501822d034200'
  const der = Buffer.from(prefix + publicKey, 'hex').toString('base64')
  writeFileSync(file('key.pem'), `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`)
  writeFileSync(file('content'), content)
  writeFileSync(file('signature'), Buffer.from(signature, 'hex'))
  const options = ['-verify', '-pubin', '-inkey', file('key.pem'), '-rawin', '-in', file('content')]
  const more = ['-sigfile', file('signature'), '-digest', 'sm3', '-pkeyopt', `distid:${userId}`]
  try {
    execFileSync('openssl', ['pkeyutl', ...options, ...more], { stdio: 'pipe' })
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}
