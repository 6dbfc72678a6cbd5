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
