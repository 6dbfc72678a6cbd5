import { createPrivateKey, X509Certificate } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../kernel/error.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { PayMethod } from '../../../modules/payments/index.ts'
import { httpUrlOf } from '../../../platform/outgoing/http-url.ts'
import { isSelfSigned, readCertificates } from './certificates.ts'
import type { Signing } from './signing.ts'

const errors = defineErrors('unionpay', { params_invalid: 'invalid' })

const Pem = Type.String({ minLength: 1, maxLength: 16_384 })
const Method = Type.Enum(['page', 'qr_code', 'barcode', 'app'])
const WallClock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d$' })

/** A merchant's contract with UnionPay's 全渠道 platform (ACP 5.1.0), as it is stored sealed for one hospital. */
export const UnionPayParamsSchema = Type.Object(
  {
    merId: Type.String({ pattern: '^[0-9A-Za-z]{15}$' }),
    signing: Type.Union([
      Type.Object(
        {
          method: Type.Literal('01', { description: 'RSA by certificate' }),
          privateKeyPem: Pem,
          certificatePem: Pem,
        },
        { additionalProperties: false },
      ),
      Type.Object(
        {
          method: Type.Enum(['11', '12'], { description: 'A shared key: SHA-256, or SM3 (国密)' }),
          secureKey: Type.String({ minLength: 8, maxLength: 256 }),
        },
        { additionalProperties: false },
      ),
    ]),
    trustedCertificatePems: Type.Array(Pem, {
      maxItems: 16,
      description: "CFCA's root and intermediate certificates; empty with a shared key",
    }),
    signerNames: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      maxItems: 8,
      description: 'The third part of the name in a UnionPay certificate: 中国银联股份有限公司',
    }),
    gatewayUrl: Type.String({ maxLength: 256, description: 'https://gateway.95516.com' }),
    fileUrl: Type.String({ maxLength: 256, description: 'https://filedownload.95516.com' }),
    backUrl: Type.String({
      maxLength: 256,
      description: "The full address of this hospital's notices, without a query",
    }),
    frontUrl: Type.String({
      maxLength: 256,
      description: 'Where the page leads back to, when the payer names no address',
    }),
    methods: Type.Array(Method, { minItems: 1, maxItems: 4, uniqueItems: true }),
    pageChannelType: Type.Enum(['07', '08'], { description: '07 in a computer, 08 in a phone' }),
    terminalId: Type.Union([Type.String({ pattern: '^[0-9A-Za-z]{8}$' }), Type.Null()], {
      description: 'Of the desk that scans payers; as agreed with UnionPay',
    }),
    voidSameDay: Type.Boolean({
      description:
        'Whether a full return on the day of the payment is a void (消费撤销), not a refund',
    }),
    settlementCutOff: WallClock,
    fileReadyFrom: WallClock,
  },
  { additionalProperties: false },
)

export type UnionPayParams = Type.Static<typeof UnionPayParamsSchema>

const Params = Compile(UnionPayParamsSchema)

/**
 * Reads stored or entered params. Errors: 'unionpay.params_invalid' with the field, as a JSON pointer, and
 * what is wrong with it; never with its value, as some of the fields are secrets.
 */
export function readUnionPayParams(value: unknown): UnionPayParams {
  if (!Params.Check(value)) throw firstError(value)
  const { signing } = value
  if (signing.method === '01') {
    checkOwnKey(signing.privateKeyPem, signing.certificatePem)
    checkTrusted(value.trustedCertificatePems)
    if (value.signerNames.length === 0) throw invalid('/signerNames', 'must name a signer')
  }
  checkOrigin('/gatewayUrl', value.gatewayUrl)
  checkOrigin('/fileUrl', value.fileUrl)
  toUrl('/frontUrl', value.frontUrl)
  const back = toUrl('/backUrl', value.backUrl)
  // UnionPay would deliver the query among the signed fields, and no signature would fit any more.
  if (back.search !== '' || back.hash !== '' || value.backUrl.includes('?')) {
    throw invalid('/backUrl', 'must not have a query')
  }
  return value
}

/** The same with the keys ready for use. */
export type UnionPayAccount = Omit<
  UnionPayParams,
  'signing' | 'trustedCertificatePems' | 'methods'
> & {
  signing: Signing
  trusted: readonly X509Certificate[]
  methods: readonly PayMethod[]
}

export type AdapterDeps = { clock: Clock; timeoutMs: number }

export function toAccount(params: UnionPayParams): UnionPayAccount {
  const { signing, trustedCertificatePems, ...rest } = params
  return {
    ...rest,
    signing:
      signing.method === '01'
        ? {
            method: '01',
            key: createPrivateKey(signing.privateKeyPem),
            certId: certIdOf(new X509Certificate(signing.certificatePem)),
          }
        : { method: signing.method === '11' ? '11' : '12', secureKey: signing.secureKey },
    trusted: trustedCertificatePems.flatMap((pem) => readCertificates(pem) ?? []),
  }
}

/** UnionPay names a certificate by its serial number, in decimal. */
const certIdOf = (certificate: X509Certificate): string =>
  BigInt(`0x${certificate.serialNumber}`).toString()

const SMALLEST_KEY_BITS = 2_048

function checkOwnKey(privateKeyPem: string, certificatePem: string): void {
  const key = readOr('/signing/privateKeyPem', 'must be a key in PEM', () =>
    createPrivateKey(privateKeyPem),
  )
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < SMALLEST_KEY_BITS) {
    const reason = `must be an RSA key of at least ${SMALLEST_KEY_BITS} bits`
    throw invalid('/signing/privateKeyPem', reason)
  }
  const certificate = readOr(
    '/signing/certificatePem',
    'must be a certificate in PEM',
    () => new X509Certificate(certificatePem),
  )
  if (!certificate.checkPrivateKey(key)) {
    throw invalid('/signing/certificatePem', 'must be the certificate of the private key')
  }
}

function checkTrusted(pems: readonly string[]): void {
  const certificates = pems.map((pem, i) => {
    const read = readCertificates(pem)
    if (read === null) {
      throw invalid(`/trustedCertificatePems/${i}`, 'must be certificates in PEM')
    }
    return read
  })
  if (!certificates.flat().some(isSelfSigned)) {
    throw invalid('/trustedCertificatePems', 'must hold a root certificate')
  }
}

function readOr<T>(field: string, reason: string, read: () => T): T {
  try {
    return read()
  } catch {
    throw invalid(field, reason)
  }
}

function checkOrigin(field: string, text: string): void {
  if (toUrl(field, text).origin !== text) {
    throw invalid(field, 'must be scheme and host only, like https://gateway.95516.com')
  }
}

function toUrl(field: string, text: string): URL {
  const url = httpUrlOf(text)
  if (url === null) throw invalid(field, 'must be an address with http or https')
  return url
}

function firstError(value: unknown) {
  const [first] = Params.Errors(value)
  if (first?.keyword === 'required') {
    const [missing = ''] = first.params.requiredProperties
    return invalid(`${first.instancePath}/${missing}`, 'is missing')
  }
  if (first?.keyword === 'boolean') return invalid(first.instancePath, 'is not known')
  return invalid(first?.instancePath ?? '', first?.message ?? 'is invalid')
}

const invalid = (field: string, reason: string) => errors.params_invalid({ field, reason })
