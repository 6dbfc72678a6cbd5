import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sm2 } from 'sm-crypto-v2'
import { afterAll, describe, expect, it } from 'vitest'

import { isSignedBy, readPublicKey } from './public-key.ts'
import { rsaSigner, sm2Signer } from './testing/signer.ts'

const folder = mkdtempSync(join(tmpdir(), 'partner-key-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a public key', () => {
  it('is read from PEM, and an SM2 key also from its point', () => {
    const rsa = rsaSigner()
    expect(readPublicKey('rsa-sha256', rsa.publicKey)).toBe(rsa.publicKey)
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const point = readPublicKey('sm2-sm3', pem)
    expect(point).toMatch(/^04[0-9a-f]{128}$/)
    expect(readPublicKey('sm2-sm3', ` ${point?.toUpperCase()}\n`)).toBe(point)
  })

  const ed25519 = generateKeyPairSync('ed25519').publicKey
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const secret = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  const pemOf = (key: typeof ed25519) => key.export({ type: 'spki', format: 'pem' }).toString()
  it.each<[string, 'rsa-sha256' | 'sm2-sm3', string]>([
    ['RSA under 2048 bits', 'rsa-sha256', rsaSigner(1_024).publicKey],
    ['a private key', 'rsa-sha256', secret.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['an SM2 point as RSA', 'rsa-sha256', sm2Signer().publicKey],
    ['RSA as SM2', 'sm2-sm3', rsaSigner().publicKey],
    ['another curve', 'sm2-sm3', pemOf(p256)],
    ['Ed25519', 'rsa-sha256', pemOf(ed25519)],
    ['a point off the curve', 'sm2-sm3', `04${'00'.repeat(64)}`],
    ['a compressed point', 'sm2-sm3', sm2.compressPublicKeyHex(sm2Signer().publicKey)],
    ['a point too short', 'sm2-sm3', sm2Signer().publicKey.slice(0, -2)],
    ['words', 'sm2-sm3', '-----BEGIN PUBLIC KEY-----\nwords\n-----END PUBLIC KEY-----'],
  ])('is none: %s', (_what, algorithm, text) => {
    expect(readPublicKey(algorithm, text)).toBeNull()
  })
})

describe('a signature', () => {
  const text = 'GET\n/v1/中文?x=1\n1\nn\nd\n'

  it.each([rsaSigner(), sm2Signer()])('is believed of its own key and text alone', (signer) => {
    const signature = signer.sign(text)
    expect(isSignedBy(signer, text, signature)).toBe(true)
    expect(isSignedBy(signer, `${text} `, signature)).toBe(false)
    const other = signer.algorithm === 'sm2-sm3' ? sm2Signer() : rsaSigner()
    expect(isSignedBy(other, text, signature)).toBe(false)
    for (const odd of ['', 'x', '*'.repeat(200), 'A'.repeat(100), `${signature}AAAA`]) {
      expect(isSignedBy(signer, text, odd)).toBe(false)
    }
  })

  it('under another name than the usual one is not believed', () => {
    const signer = sm2Signer('somebody@else')
    expect(isSignedBy(signer, text, signer.sign(text))).toBe(false)
  })

  it('by OpenSSL under the usual name is believed', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' })
    const [keyFile, textFile, signatureFile] = ['key.pem', 'text', 'signature'].map((name) =>
      join(folder, name),
    ) as [string, string, string]
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(textFile, text)
    const distinct = ['-pkeyopt', 'distid:1234567812345678']
    const [input, output] = [
      ['-in', textFile],
      ['-out', signatureFile],
    ]
    const args = ['pkeyutl', '-sign', '-inkey', keyFile, '-rawin', '-digest', 'sm3', ...distinct]
    execFileSync('openssl', [...args, ...(input ?? []), ...(output ?? [])])
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const key = { algorithm: 'sm2-sm3' as const, publicKey: readPublicKey('sm2-sm3', pem) ?? '' }
    expect(isSignedBy(key, text, readFileSync(signatureFile).toString('base64'))).toBe(true)
  })
})
