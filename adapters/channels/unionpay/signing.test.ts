import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sm3 } from 'sm-crypto-v2'
import { beforeAll, describe, expect, it } from 'vitest'

import { readCertificates } from './certificates.ts'
import { proofOf, signFields, type Signing } from './signing.ts'
import { isSignedBy, signAs } from './testing/gateway.ts'
import { type Issued, type Keys, makeKeys } from './testing/keys.ts'

const NOW = new Date('2026-11-21T10:00:00+08:00')
const FIELDS = {
  version: '5.1.0',
  merId: '898340183980105',
  respMsg: '成功[0000000]',
  Zed: '',
  b: '1+1=2&c',
}

let keys: Keys
let signing: Extract<Signing, { method: '01' }>
const trustOf = (...issued: Issued[]) => ({
  trusted: issued.flatMap(({ certificatePem }) => readCertificates(certificatePem) ?? []),
  signerNames: ['中国银联股份有限公司'],
})
const proofBy = (issued: Issued, trust = trustOf(keys.root, keys.middle), now = NOW) =>
  proofOf(signing, trust, signAs(issued, FIELDS), now)

beforeAll(() => {
  keys = makeKeys()
  signing = {
    method: '01',
    key: createPrivateKey(keys.merchant.privateKeyPem),
    certId: '68759663125',
  }
})

describe('what the merchant sends', () => {
  it('is signed as openssl signs the hex digest of the sorted text, without what is empty', () => {
    const { signature, ...sent } = signFields(signing, FIELDS)
    const text =
      'b=1+1=2&c&certId=68759663125&merId=898340183980105&respMsg=成功[0000000]&signMethod=01&version=5.1.0'
    expect(sent).not.toHaveProperty('Zed')
    const digest = createHash('sha256').update(text).digest('hex')
    const dir = mkdtempSync(join(tmpdir(), 'unionpay-'))
    try {
      writeFileSync(join(dir, 'key.pem'), keys.merchant.privateKeyPem)
      const args = ['dgst', '-sha256', '-sign', join(dir, 'key.pem')]
      expect(signature).toBe(execFileSync('openssl', args, { input: digest }).toString('base64'))
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('is accepted by another reading of the protocol, and not when a field is changed', () => {
    const sent = signFields(signing, FIELDS)
    expect(isSignedBy(keys.merchant, sent)).toBe(true)
    expect(isSignedBy(keys.merchant, { ...sent, merId: '898340183980106' })).toBe(false)
  })

  it('is signed with a shared key by SHA-256 or SM3, as another SM3 makes it', () => {
    const [byHash, bySm3] = (['11', '12'] as const).map((method) =>
      signFields({ method, secureKey: 'a shared key' }, { version: '5.1.0', a: '成功' }),
    )
    const sha = (text: string) => createHash('sha256').update(text).digest('hex')
    const text = (method: string) => `a=成功&signMethod=${method}&version=5.1.0`
    expect(byHash?.['signature']).toBe(sha(`${text('11')}&${sha('a shared key')}`))
    expect(bySm3?.['signature']).toBe(sm3(`${text('12')}&${sm3('a shared key')}`))
    expect(byHash).not.toHaveProperty('certId')
  })
})

describe('what UnionPay says', () => {
  it('is proven by the certificate in it, line ends and all', () => {
    expect(proofBy(keys.signer)).toEqual({ proven: true })
    const fields = signAs(keys.signer, FIELDS)
    const withFeeds = {
      ...fields,
      signPubKeyCert: (fields['signPubKeyCert'] ?? '').replaceAll('\r\n', '\n'),
    }
    expect(fields['signPubKeyCert']).toContain('\r\n')
    expect(proofOf(signing, trustOf(keys.root, keys.middle), withFeeds, NOW).proven).toBe(false)
  })

  it.each(Object.keys(FIELDS))('is not proven when %s is changed', (name) => {
    const fields = { ...signAs(keys.signer, FIELDS), [name]: 'other' }
    expect(proofOf(signing, trustOf(keys.root, keys.middle), fields, NOW).proven).toBe(false)
  })

  it('is not proven with a field more or less, or without its signature', () => {
    const fields = signAs(keys.signer, FIELDS)
    const { signature: _signature, ...unsigned } = fields
    const { respMsg: _respMsg, ...less } = fields
    const trust = trustOf(keys.root, keys.middle)
    for (const spoilt of [unsigned, less, { ...fields, more: '1' }, { ...fields, signature: '' }]) {
      expect(proofOf(signing, trust, spoilt, NOW).proven).toBe(false)
    }
  })

  it('is not proven by a certificate that', () => {
    const reasons = {
      forged: proofBy(keys.forged),
      namesake: proofBy(keys.namesake),
      authority: proofBy(keys.authority),
      merchant: proofBy(keys.merchant),
      expired: proofBy(keys.expired),
      early: proofBy(keys.signer, undefined, new Date('2019-12-31T00:00:00Z')),
      late: proofBy(keys.signer, undefined, new Date('2050-01-01T00:00:00Z')),
      'without the intermediate': proofBy(keys.signer, trustOf(keys.root)),
      'without the root': proofBy(keys.signer, trustOf(keys.middle)),
      "under another root of the root's name": proofBy(
        keys.signer,
        trustOf(keys.otherRoot, keys.middle),
      ),
    }
    const accepted = Object.entries(reasons).filter(([, proof]) => proof.proven)
    expect(accepted).toEqual([])
    expect(reasons.expired).toMatchObject({ reason: 'its certificate is not valid now' })
    expect(reasons.namesake).toMatchObject({ reason: "its certificate is not UnionPay's" })
    expect(reasons.forged).toMatchObject({ reason: 'its certificate is not trusted' })
  })

  it('cannot choose the way of signing, or hide behind two certificates', () => {
    const trust = trustOf(keys.root, keys.middle)
    const byKey = signFields({ method: '11', secureKey: '' }, FIELDS)
    expect(proofOf(signing, trust, byKey, NOW).proven).toBe(false)
    const signed = signAs(keys.signer, FIELDS)
    const two = {
      ...signed,
      signPubKeyCert: `${signed['signPubKeyCert']}${keys.root.certificatePem}`,
    }
    expect(proofOf(signing, trust, two, NOW).proven).toBe(false)
    const shared: Signing = { method: '12', secureKey: 'a shared key' }
    expect(proofOf(shared, trust, signed, NOW).proven).toBe(false)
    expect(proofOf(shared, trust, signFields(shared, FIELDS), NOW).proven).toBe(true)
    const other = signFields({ ...shared, secureKey: 'another key' }, FIELDS)
    expect(proofOf(shared, trust, other, NOW).proven).toBe(false)
  })
})

it('openssl agrees on who signed whom', () => {
  const signer = new X509Certificate(keys.signer.certificatePem)
  expect(signer.subject).toContain('中国银联股份有限公司')
  expect(signer.verify(new X509Certificate(keys.middle.certificatePem).publicKey)).toBe(true)
})
