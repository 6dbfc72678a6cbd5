import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import { makeUnionPayKeys } from './certificates.ts'

it('makes certificates that openssl reads and finds to lead to their root', () => {
  const keys = makeUnionPayKeys(new Date(), seededRandom('certificates'), ['898340183980105'])
  const dir = mkdtempSync(join(tmpdir(), 'unionpay-'))
  const path = (name: string) => join(dir, name)
  try {
    writeFileSync(path('root.pem'), keys.rootCertificatePem)
    writeFileSync(path('middle.pem'), keys.middleCertificatePem)
    for (const leaf of [keys.signer, ...keys.merchants]) {
      writeFileSync(path('leaf.pem'), leaf.certificatePem)
      const args = ['-CAfile', path('root.pem'), '-untrusted', path('middle.pem'), path('leaf.pem')]
      expect(execFileSync('openssl', ['verify', ...args]).toString()).toContain('OK')
      const certificate = new X509Certificate(leaf.certificatePem)
      expect(certificate.checkPrivateKey(createPrivateKey(leaf.privateKeyPem))).toBe(true)
      expect(certificate.ca).toBe(false)
    }
    expect(new X509Certificate(keys.signer.certificatePem).subject).toContain(
      '041@Z12@中国银联股份有限公司@00000000',
    )
  } finally {
    rmSync(dir, { recursive: true })
  }
})

it.each([
  ['zeros in front', [0, 0, 1]],
  ['zeros alone', [0]],
  ['a high bit behind a zero', [0, 0x80]],
])(
  'makes certificates that can be read whatever their serial numbers begin with: %s',
  (_, start) => {
    const random = {
      bytes: (count: number) => new Uint8Array(count).map((_byte, i) => start[i] ?? 0),
    }
    const { signer } = makeUnionPayKeys(new Date(), random, [])
    expect(new X509Certificate(signer.certificatePem).ca).toBe(false)
  },
)
