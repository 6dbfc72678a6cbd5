import { execFileSync } from 'node:child_process'
import { createSign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { testPlatform } from '../../../platform/testing/clock.ts'
import { certSnOf, rootCertSnOf } from './certificates.ts'
import { createAlipay, readAlipayParams } from './index.ts'
import {
  APP_ID,
  chargeOrder,
  type Gateway,
  paramsFor,
  startGateway,
  tracedCall,
  TRADE_NO,
} from './testing/gateway.ts'

// Certificates by openssl, read by the official client as well.

let dir: string
let gateway: Gateway
let own: Pair
let alipay: Pair
let next: Pair
let rsaRoot: Pair
let otherRoot: Pair
let curveRoot: Pair

type Pair = { key: string; certificate: string }

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'alipay-certificates-'))
  own = makePair('app', '/C=CN/O=Ant Financial/OU=Certification Authority/CN=应用')
  alipay = makePair('alipay', '/C=CN/O=Ant Financial, Inc./CN=Class 2 R1')
  next = makePair('next', '/C=CN/O=Ant Financial/CN=Class 2 R2')
  rsaRoot = makePair('root1', '/C=CN/O=iTrusChina Co. Ltd./CN=Root 1')
  otherRoot = makePair('root2', '/C=CN/O=Ant Financial/CN=Root 2')
  curveRoot = makePair('root3', '/C=CN/O=SM2 Root', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'])
  gateway = await startGateway()
})
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await gateway.stop()
})

function makePair(name: string, subject: string, algorithm = ['rsa:2048']): Pair {
  const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)]
  const to = ['-keyout', key, '-out', certificate, '-days', '3650', '-utf8', '-subj', subject]
  const made = ['req', '-x509', '-newkey', ...algorithm, '-nodes', ...to]
  execFileSync('openssl', made, { stdio: 'pipe' })
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') }
}

const roots = () => [rsaRoot, curveRoot, otherRoot].map((pair) => pair.certificate).join('\n')

describe('serial numbers', () => {
  it('are those of the official client', () => {
    const { config } = new AlipaySdk({
      appId: APP_ID,
      privateKey: own.key,
      keyType: 'PKCS8',
      appCertContent: next.certificate,
      alipayPublicCertContent: rsaRoot.certificate,
      alipayRootCertContent: roots(),
    })
    expect(certSnOf(next.certificate)).toBe(config.appCertSn)
    expect(certSnOf(rsaRoot.certificate)).toBe(config.alipayCertSn)
    expect(rootCertSnOf(roots())).toBe(config.alipayRootCertSn)
  })

  it('of roots are those signed by RSA, in the order of the file', () => {
    expect(rootCertSnOf(roots())).toBe(
      `${certSnOf(rsaRoot.certificate)}_${certSnOf(otherRoot.certificate)}`,
    )
    expect(() => rootCertSnOf(curveRoot.certificate)).toThrow('no certificate signed by RSA')
    expect(() => rootCertSnOf('')).toThrow('no certificate signed by RSA')
  })
})

describe('in the mode of certificates', () => {
  const { clock } = testPlatform()
  const call = tracedCall()
  const channel = () =>
    createAlipay(
      readAlipayParams({
        ...paramsFor(gateway.url),
        appPrivateKeyPem: own.key,
        alipayPublicKeyPem: null,
        certificates: {
          appCertPem: own.certificate,
          alipayCertPems: [alipay.certificate, next.certificate],
          rootCertsPem: roots(),
        },
      }),
      { clock, timeoutMs: 2_000 },
    )
  const answered = (pair: Pair, serial: string | null) => ({
    text: (method: string) => {
      const node = `{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST","x":"${TRADE_NO}"}`
      const sign = createSign('RSA-SHA256').update(node).sign(pair.key, 'base64')
      const named = serial === null ? '' : `"alipay_cert_sn":"${serial}",`
      return `{"${method.replaceAll('.', '_')}_response":${node},${named}"sign":"${sign}"}`
    },
  })

  it('requests name both serial numbers', async () => {
    gateway.tell(answered(alipay, certSnOf(alipay.certificate)))
    await channel().query(call, chargeOrder())
    expect(gateway.heard[0]?.params).toMatchObject({
      app_cert_sn: certSnOf(own.certificate),
      alipay_root_cert_sn: rootCertSnOf(roots()),
    })
  })

  it('answers are proven by the certificate they name, also while it changes', async () => {
    for (const pair of [alipay, next]) {
      gateway.tell(answered(pair, certSnOf(pair.certificate)))
      expect(await channel().query(call, chargeOrder())).toEqual({ outcome: 'absent' })
    }
  })

  it.each<[string, () => Pair, () => string | null]>([
    ['of a certificate that is not known', () => otherRoot, () => certSnOf(otherRoot.certificate)],
    ['that name none', () => alipay, () => null],
    ['signed by another than they name', () => next, () => certSnOf(alipay.certificate)],
  ])('answers %s are unknown', async (_what, pair, serial) => {
    gateway.tell(answered(pair(), serial()))
    expect(await channel().query(call, chargeOrder())).toMatchObject({ outcome: 'unknown' })
  })
})
