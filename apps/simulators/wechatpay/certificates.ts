import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'
import { randomHex } from '../../../kernel/random.ts'
import { type Clock, toShanghaiIso } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import type { Context, Merchant, Platform, PlatformCertificate } from './context.ts'
import { seal } from './signing.ts'

const ASSOCIATED_DATA = 'certificate'

/** The platform certificates, sealed for one merchant. A public-key-only platform has none. */
export function certificatesView({ platform, random }: Context, merchant: Merchant): object {
  const certificates = platform.certificates()
  if (certificates.length === 0)
    throw new ApiError('resource_not_exists', '无可用的平台证书，请使用微信支付公钥')
  return { data: certificates.map((certificate) => sealed(certificate, merchant)) }

  function sealed(certificate: PlatformCertificate, { apiV3Key }: Merchant): object {
    const nonce = randomHex(random, 6)
    const secret = { apiV3Key, nonce, associatedData: ASSOCIATED_DATA }
    return {
      serial_no: certificate.serial,
      effective_time: toShanghaiIso(certificate.validFrom),
      expire_time: toShanghaiIso(certificate.validTo),
      encrypt_certificate: {
        algorithm: 'AEAD_AES_256_GCM',
        nonce,
        associated_data: ASSOCIATED_DATA,
        ciphertext: seal(certificate.pem, secret),
      },
    }
  }
}

export type PlatformKeyOptions = {
  privateKeyPem: string
  publicKeyId: string // 'PUB_KEY_ID_…'
  /** A certificate of the same key, for GET /v3/certificates; without it there is none to fetch. */
  certificatePem?: string
  /** Which of the two answers and notices name in Wechatpay-Serial: 'public_key' unless told. */
  signAs?: 'public_key' | 'certificate'
  /** What it changes over to: a certificate that may be fetched from one moment and signs from another. */
  next?: { privateKeyPem: string; certificatePem: string; offeredFrom: Date; usedFrom: Date }
}

/** The keys by the clock. Asserts on options that make no sense. */
export function createPlatform(options: PlatformKeyOptions, clock: Clock): Platform {
  const { publicKeyId, signAs, next } = options
  const privateKey = createPrivateKey(options.privateKeyPem)
  const certificate =
    options.certificatePem === undefined ? null : readCertificate(options.certificatePem)
  assert(publicKeyId.startsWith('PUB_KEY_ID_'), 'the public key id begins with PUB_KEY_ID_')
  assert(signAs !== 'certificate' || certificate, 'signing as a certificate needs one')
  const serial = signAs === 'certificate' && certificate ? certificate.serial : publicKeyId
  const later = next && { ...next, certificate: readCertificate(next.certificatePem) }
  const laterKey = next && createPrivateKey(next.privateKeyPem)
  return {
    signer() {
      if (later && laterKey && clock.now() >= later.usedFrom) {
        return { privateKey: laterKey, serial: later.certificate.serial }
      }
      return { privateKey, serial }
    },
    certificates() {
      const now = clock.now()
      const offered = later && now >= later.offeredFrom ? [later.certificate] : []
      return [...offered, ...(certificate ? [certificate] : [])].filter((c) => now < c.validTo)
    },
    opener(name): KeyObject | null {
      if (name === publicKeyId || name === certificate?.serial) return privateKey
      return name === later?.certificate.serial ? (laterKey ?? null) : null
    },
  }
}

/** Throws for anything but a certificate in PEM. */
function readCertificate(pem: string): PlatformCertificate {
  const certificate = new X509Certificate(pem)
  return {
    pem,
    serial: certificate.serialNumber,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  }
}
