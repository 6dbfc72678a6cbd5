import { X509Certificate } from 'node:crypto'

import { randomHex } from '../../../kernel/random.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import type { Context, Merchant, PlatformCertificate } from './context.ts'
import { seal } from './signing.ts'

const ASSOCIATED_DATA = 'certificate'

/** The platform certificate, sealed for one merchant. A public-key-only platform has none. */
export function certificatesView({ platform, random }: Context, merchant: Merchant): object {
  const { certificate } = platform
  if (!certificate)
    throw new ApiError('resource_not_exists', '无可用的平台证书，请使用微信支付公钥')
  const nonce = randomHex(random, 6)
  return {
    data: [
      {
        serial_no: certificate.serial,
        effective_time: toShanghaiIso(certificate.validFrom),
        expire_time: toShanghaiIso(certificate.validTo),
        encrypt_certificate: {
          algorithm: 'AEAD_AES_256_GCM',
          nonce,
          associated_data: ASSOCIATED_DATA,
          ciphertext: seal(certificate.pem, {
            apiV3Key: merchant.apiV3Key,
            nonce,
            associatedData: ASSOCIATED_DATA,
          }),
        },
      },
    ],
  }
}

/** Throws for anything but a certificate in PEM. */
export function readCertificate(pem: string): PlatformCertificate {
  const certificate = new X509Certificate(pem)
  return {
    pem,
    serial: certificate.serialNumber,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  }
}
