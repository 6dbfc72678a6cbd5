import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../kernel/error.ts'
import { httpUrlOf } from '../../../platform/outgoing/http-url.ts'
import { certSnOf, rootCertSnOf } from './certificates.ts'

const errors = defineErrors('alipay', { params_invalid: 'invalid' })

const Pem = Type.String({ minLength: 1, maxLength: 16_384 })
const Address = Type.String({ minLength: 1, maxLength: 256 })

/** An application's contract with Alipay, as it is stored sealed for one hospital. */
export const AlipayParamsSchema = Type.Object(
  {
    appId: Type.String({ pattern: '^[0-9]{16,32}$' }),
    sellerId: Type.String({
      pattern: '^2088[0-9]{12}$',
      description: 'The PID of the merchant to whom the money goes',
    }),
    appPrivateKeyPem: Pem,
    alipayPublicKeyPem: Type.Union([Pem, Type.Null()], {
      description: 'In the mode of public keys; null in the mode of certificates',
    }),
    certificates: Type.Union(
      [
        Type.Object(
          {
            appCertPem: Pem,
            alipayCertPems: Type.Array(Pem, {
              minItems: 1,
              maxItems: 4,
              description: 'Two while Alipay changes over from one to the next',
            }),
            rootCertsPem: Type.String({ minLength: 1, maxLength: 65_536 }),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      { description: 'In the mode of certificates; null in the mode of public keys' },
    ),
    contentKey: Type.Union(
      [Type.String({ pattern: '^[0-9A-Za-z+/]{22,44}={0,2}$' }), Type.Null()],
      { description: 'AES key in base64 when the content is to be encrypted; null otherwise' },
    ),
    gatewayUrl: Type.String({ ...Address, description: 'https://openapi.alipay.com/gateway.do' }),
    notifyUrl: Type.String({
      ...Address,
      description: "The full address of this hospital's notices",
    }),
    appAuthToken: Type.Union([Type.String({ pattern: '^[0-9A-Za-z]{1,128}$' }), Type.Null()], {
      description: 'When a service provider acts for the hospital',
    }),
    methods: Type.Array(Type.Enum(['account', 'qr_code', 'page', 'app', 'barcode']), {
      minItems: 1,
      maxItems: 5,
      description: 'What the contract covers, the usual one first',
    }),
    payerAccount: Type.Enum(['buyer_id', 'buyer_open_id'], {
      description: 'Which of the two numbers of a payer the mini-program is given',
    }),
    opAppId: Type.Union([Type.String({ pattern: '^[0-9]{16,32}$' }), Type.Null()], {
      description: 'The mini-program in which the payer pays by their account',
    }),
    qrProductCode: Type.Enum(['FACE_TO_FACE_PAYMENT', 'QR_CODE_OFFLINE'], {
      description: 'The product of the contract for codes that the payer scans',
    }),
    cancelEndsUnscannedCode: Type.Boolean({
      description:
        'Whether Alipay has confirmed that a code nobody scanned is dead once cancelled. ' +
        'Unless it has, such a code is taken for payable until it expires.',
    }),
    agreements: Type.Optional(
      Type.Object(
        {
          personalProductCode: Type.String({
            pattern: '^[A-Z_]{1,64}$',
            description: 'GENERAL_WITHHOLDING_P, unless the contract says otherwise',
          }),
          signScene: Type.String({
            pattern: '^[A-Z_]{1,32}\\|[A-Z_]{1,31}$',
            description: 'As agreed with Alipay; never DEFAULT|DEFAULT',
          }),
          accessChannel: Type.Enum(['ALIPAYAPP', 'QRCODE', 'QRCODEORSMS'], {
            description: 'How the signing page is reached',
          }),
          mostPerPaymentFen: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
          mostPerDayFen: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
        },
        {
          additionalProperties: false,
          description:
            '商家扣款: small payments without a password, where the contract covers them',
        },
      ),
    ),
  },
  { additionalProperties: false },
)

export type AlipayParams = Type.Static<typeof AlipayParamsSchema>

const Params = Compile(AlipayParamsSchema)

/**
 * Reads stored or entered params. Errors: 'alipay.params_invalid' with the field, as a JSON pointer, and what is
 * wrong with it; never with its value, as most of the fields are secrets.
 */
export function readAlipayParams(value: unknown): AlipayParams {
  if (!Params.Check(value)) throw firstError(value)
  checkKey('/appPrivateKeyPem', () => createPrivateKey(value.appPrivateKeyPem))
  const { alipayPublicKeyPem, certificates } = value
  if ((alipayPublicKeyPem === null) === (certificates === null)) {
    throw invalid('/certificates', 'must be there if and only if alipayPublicKeyPem is null')
  }
  if (alipayPublicKeyPem !== null) {
    checkKey('/alipayPublicKeyPem', () => createPublicKey(alipayPublicKeyPem))
  }
  if (certificates !== null) checkCertificates(certificates)
  if (value.contentKey !== null && !AES_KEY_BYTES.has(bytesOf(value.contentKey).length)) {
    throw invalid('/contentKey', 'must be 16, 24 or 32 bytes in base64')
  }
  checkUrl('/gatewayUrl', value.gatewayUrl)
  checkUrl('/notifyUrl', value.notifyUrl)
  if (new Set(value.methods).size !== value.methods.length) {
    throw invalid('/methods', 'must not name a method twice')
  }
  checkAgreements(value.agreements)
  return value
}

function checkAgreements(agreements: AlipayParams['agreements']): void {
  if (!agreements) return
  const { signScene, mostPerPaymentFen, mostPerDayFen } = agreements
  // Alipay takes numbers of ours for agreements of a scene of their own only.
  if (signScene === 'DEFAULT|DEFAULT')
    throw invalid('/agreements/signScene', 'must be agreed with Alipay')
  if (mostPerPaymentFen > mostPerDayFen) {
    throw invalid('/agreements/mostPerPaymentFen', 'must not be above mostPerDayFen')
  }
}

/** The same with the keys ready for use. */
export type AlipayAccount = Omit<
  AlipayParams,
  'appPrivateKeyPem' | 'alipayPublicKeyPem' | 'certificates' | 'contentKey'
> & {
  appKey: KeyObject
  contentKey: Buffer | null
  verification: Verification
}

export type Verification =
  | { mode: 'public_key'; alipayKey: KeyObject }
  | {
      mode: 'certificate'
      appCertSn: string
      rootCertSn: string
      /** By what alipay_cert_sn names. */
      alipayKeys: ReadonlyMap<string, KeyObject>
    }

export function toAccount(params: AlipayParams): AlipayAccount {
  const { appPrivateKeyPem, alipayPublicKeyPem, certificates, contentKey, ...rest } = params
  return {
    ...rest,
    appKey: createPrivateKey(appPrivateKeyPem),
    contentKey: contentKey === null ? null : bytesOf(contentKey),
    verification:
      certificates === null
        ? { mode: 'public_key', alipayKey: createPublicKey(alipayPublicKeyPem ?? '') }
        : {
            mode: 'certificate',
            appCertSn: certSnOf(certificates.appCertPem),
            rootCertSn: rootCertSnOf(certificates.rootCertsPem),
            alipayKeys: new Map(
              certificates.alipayCertPems.map((pem) => [
                certSnOf(pem),
                new X509Certificate(pem).publicKey,
              ]),
            ),
          },
  }
}

const SMALLEST_KEY_BITS = 2_048
const AES_KEY_BYTES = new Set([16, 24, 32])

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64')

function checkCertificates(certificates: NonNullable<AlipayParams['certificates']>): void {
  const { appCertPem, alipayCertPems, rootCertsPem } = certificates
  checkKey('/certificates/appCertPem', () => new X509Certificate(appCertPem).publicKey)
  for (const [i, pem] of alipayCertPems.entries()) {
    checkKey(`/certificates/alipayCertPems/${i}`, () => new X509Certificate(pem).publicKey)
  }
  try {
    rootCertSnOf(rootCertsPem)
  } catch {
    throw invalid('/certificates/rootCertsPem', 'must hold a certificate signed by RSA, in PEM')
  }
}

function checkKey(field: string, read: () => KeyObject): void {
  let key: KeyObject
  try {
    key = read()
  } catch {
    throw invalid(field, 'must be a key or certificate in PEM')
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < SMALLEST_KEY_BITS) {
    throw invalid(field, `must be an RSA key of at least ${SMALLEST_KEY_BITS} bits`)
  }
}

function checkUrl(field: string, text: string): void {
  if (httpUrlOf(text) === null) throw invalid(field, 'must be an address with http or https')
  if (text.includes('?') || text.includes('#')) throw invalid(field, 'must not have a query')
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
