import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sm2 } from 'sm-crypto-v2'
import { afterAll, describe, expect, it } from 'vitest'

import { readWechatPayParams } from './params.ts'
import {
  decryptSm4Gcm,
  readSm2PrivateKey,
  readSm2PublicKey,
  sealSm2,
  signSm2,
  verifiesSm2,
} from './shangmi.ts'
import { paramsFor } from './testing/gateway.ts'

const folder = mkdtempSync(join(tmpdir(), 'shangmi-'))
afterAll(() => rmSync(folder, { recursive: true }))

const keys = generateKeyPairSync('ec', {
  namedCurve: 'SM2',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const [privateKey, publicKey] = [
  readSm2PrivateKey(keys.privateKey),
  readSm2PublicKey(keys.publicKey),
]
const TEXT = Buffer.from(
  'POST\n/v3/pay/transactions/jsapi\n1611368330\nnonce\n{"description":"门诊"}\n',
)

const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const ID = ['-sm3', '-sigopt', 'distid:1234567812345678']

describe('a signature of SM2 with SM3', () => {
  it('is one to OpenSSL, and OpenSSL’s is one to us', () => {
    const key = file('key.pem', keys.privateKey)
    const text = file('text', TEXT)
    const ours = file('ours', signSm2(privateKey, TEXT))
    const verify = ['dgst', ...ID, '-verify', file('public.pem', keys.publicKey)]
    const said = execFileSync('openssl', [...verify, '-signature', ours, text]).toString()
    expect(said).toContain('Verified OK')
    execFileSync('openssl', ['dgst', ...ID, '-sign', key, '-out', join(folder, 'theirs'), text])
    const theirs = readFileSync(join(folder, 'theirs'))
    expect(verifiesSm2(publicKey, TEXT, theirs)).toBe(true)
  })

  it('is the same for the same text, and its secret number another for another', () => {
    const first = signSm2(privateKey, TEXT)
    expect(signSm2(privateKey, TEXT)).toEqual(first)
    expect(signSm2(privateKey, Buffer.from('another')).toString('hex').slice(0, 60)).not.toBe(
      first.toString('hex').slice(0, 60),
    )
  })

  it('is none over another text, by another key, or in another form', () => {
    const signature = signSm2(privateKey, TEXT)
    const stranger = sm2.generateKeyPairHex()
    expect(verifiesSm2(publicKey, TEXT, signature)).toBe(true)
    expect(verifiesSm2(publicKey, Buffer.concat([TEXT, TEXT]), signature)).toBe(false)
    const other = { kind: 'sm2_public', point: stranger.publicKey } as const
    expect(verifiesSm2(other, TEXT, signature)).toBe(false)
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('3006020101020101', 'hex'),
      Buffer.from('30060201ff020101', 'hex'),
      signature.subarray(0, -1),
      Buffer.concat([signature, Buffer.from([0])]),
    ]) {
      expect(verifiesSm2(publicKey, TEXT, bytes)).toBe(false)
    }
  })
})

it('a sealed field opens with the private key, and is not the same twice', () => {
  const sealed = sealSm2(publicKey, '王芳')
  const scalar = privateKey.scalar
  expect(sm2.doDecrypt(sealed.toString('hex'), scalar, 1, { asn1: true })).toBe('王芳')
  expect(sealSm2(publicKey, '王芳')).not.toEqual(sealed)
})

it('SM4-GCM is that of RFC 8998, and a changed text does not open', () => {
  const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
  const key = hex('0123456789ABCDEFFEDCBA9876543210')
  const sealed = {
    nonce: hex('00001234567800000000ABCD'),
    associatedData: hex('FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2'),
    ciphertext: hex(
      '17F399F08C67D5EE19D0DC9969C4BB7D 5FD46FD3756489069157B282BB200735' +
        'D82710CA5C22F0CCFA7CBF93D496AC15 A56834CBCF98C397B4024A2691233B8D',
    ),
    tag: hex('83DE3541E4C2B58177E065A9BF7B62EC'),
  }
  expect(decryptSm4Gcm(key, sealed)?.toString('hex').toUpperCase()).toBe(
    ['AA', 'BB', 'CC', 'DD', 'EE', 'FF', 'EE', 'AA'].map((byte) => byte.repeat(8)).join(''),
  )
  expect(decryptSm4Gcm(key, { ...sealed, tag: Buffer.alloc(16) })).toBeNull()
  expect(decryptSm4Gcm(key, { ...sealed, associatedData: Buffer.alloc(0) })).toBeNull()
})

describe('a contract of 国密', () => {
  const national = (changes: object) =>
    readWechatPayParams({
      ...paramsFor('https://api.mch.weixin.qq.com'),
      cryptography: 'SM',
      merchantPrivateKeyPem: keys.privateKey,
      platformKeys: [{ id: 'PUB_KEY_ID_1', publicKeyPem: keys.publicKey }],
      ...changes,
    })

  it('takes keys of SM2', () => {
    expect(national({})).toMatchObject({ cryptography: 'SM', invokeSignType: 'RSA' })
  })

  it.each([
    [
      '/merchantPrivateKeyPem',
      { merchantPrivateKeyPem: paramsFor('http://a').merchantPrivateKeyPem },
    ],
    ['/merchantPrivateKeyPem', { merchantPrivateKeyPem: keys.publicKey }],
    ['/platformKeys/0/publicKeyPem', { platformKeys: paramsFor('http://a').platformKeys }],
    ['/merchantPrivateKeyPem', { cryptography: 'RSA' }],
    ['/cryptography', { methods: ['barcode'] }],
  ])('and refuses others: %s', (field, changes) => {
    expect(() => national(changes)).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ field }) }),
    )
  })
})
