import { X509Certificate } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'
import { randomHex } from '../../../kernel/random.ts'
import { type Clock, toShanghaiIso } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import type { Context, Merchant, Platform, PlatformCertificate } from './context.ts'
import { algorithmFor, type Key, readPrivateKey, seal } from './signing.ts'

const ASSOCIATED_DATA = 'certificate'

/** The platform certificates, sealed for one merchant. A public-key-only platform has none. */
export function certificatesView(
  { platform, random }: Context,
  merchant: Merchant,
  algorithm: string | null,
): object {
  const certificates = [
    ...(algorithm === 'SM2' ? [] : platform.certificates(false)),
    ...(algorithm === 'SM2' || algorithm === 'ALL' ? platform.certificates(true) : []),
  ]
  if (certificates.length === 0)
    throw new ApiError('resource_not_exists', '无可用的平台证书，请使用微信支付公钥')
  return { data: certificates.map((certificate) => sealed(certificate, merchant)) }

  function sealed(certificate: PlatformCertificate, { apiV3Key }: Merchant): object {
    const sealedBy = algorithmFor(merchant)
    const nonce = randomHex(random, 6)
    const secret = { apiV3Key, nonce, associatedData: ASSOCIATED_DATA }
    return {
      serial_no: certificate.serial,
      effective_time: toShanghaiIso(certificate.validFrom),
      expire_time: toShanghaiIso(certificate.validTo),
      encrypt_certificate: {
        algorithm: sealedBy,
        nonce,
        associated_data: ASSOCIATED_DATA,
        ciphertext: seal(certificate.pem, secret, sealedBy),
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
  /** Of the national algorithms, for merchants whose own key is of those; named by its certificate where it has one. */
  national?: { privateKeyPem: string; publicKeyId: string; certificatePem?: string }
}

/** The keys by the clock. Asserts on options that make no sense. */
export function createPlatform(options: PlatformKeyOptions, clock: Clock): Platform {
  const { publicKeyId, signAs, next } = options
  const privateKey = readPrivateKey(options.privateKeyPem)
  const certificate =
    options.certificatePem === undefined ? null : readCertificate(options.certificatePem)
  assert(publicKeyId.startsWith('PUB_KEY_ID_'), 'the public key id begins with PUB_KEY_ID_')
  assert(signAs !== 'certificate' || certificate, 'signing as a certificate needs one')
  const serial = signAs === 'certificate' && certificate ? certificate.serial : publicKeyId
  const later = next && { ...next, certificate: readCertificate(next.certificatePem) }
  const laterKey = next && readPrivateKey(next.privateKeyPem)
  const national = options.national && readNational(options.national)
  return {
    signer(isNational) {
      if (isNational && national) return national.signer
      if (later && laterKey && clock.now() >= later.usedFrom) {
        return { privateKey: laterKey, serial: later.certificate.serial }
      }
      return { privateKey, serial }
    },
    certificates(isNational) {
      if (isNational) return national?.certificates ?? []
      const now = clock.now()
      const offered = later && now >= later.offeredFrom ? [later.certificate] : []
      return [...offered, ...(certificate ? [certificate] : [])].filter((c) => now < c.validTo)
    },
    opener(name): Key | null {
      if (national && name === national.signer.serial) return national.signer.privateKey
      if (name === publicKeyId || name === certificate?.serial) return privateKey
      return name === later?.certificate.serial ? (laterKey ?? null) : null
    },
  }
}

function readNational({
  privateKeyPem,
  publicKeyId,
  certificatePem,
}: NonNullable<PlatformKeyOptions['national']>) {
  const certificates = certificatePem === undefined ? [] : [readCertificate(certificatePem)]
  const serial = certificates[0]?.serial ?? publicKeyId
  return { signer: { privateKey: readPrivateKey(privateKeyPem), serial }, certificates }
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
