import { X509Certificate } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../kernel/error.ts'
import { httpUrlOf } from '../../../platform/outgoing/http-url.ts'
import {
  isLongEnough,
  type MerchantKey,
  type PlatformKey,
  readPrivateKey,
  readPublicKey,
  SMALLEST_RSA_BITS,
} from './keys.ts'

const errors = defineErrors('wechatpay', { params_invalid: 'invalid' })

/** How a payer may pay through WeChat, by the contract: JSAPI, Native, H5, APP, 付款码. */
export const WECHAT_METHODS = ['account', 'qr_code', 'page', 'app', 'barcode'] as const

export type WechatMethod = (typeof WECHAT_METHODS)[number]

const Appid = Type.String({ pattern: '^[0-9A-Za-z_-]{1,32}$' })
const Pem = Type.String({ minLength: 1, maxLength: 16_384 })

/** What 付款码 needs beside the rest: it has no form in API v3. */
const Barcode = Type.Object(
  {
    apiV2Key: Type.String({
      pattern: '^[\\x21-\\x7e]{32}$',
      description: '32 characters of ASCII: the key of API v2',
    }),
    signType: Type.Enum(['MD5', 'HMAC-SHA256']),
    merchantCertificatePem: Type.Union([Pem, Type.Null()], {
      description: 'Of merchantPrivateKeyPem. WeChat reverses only for who shows it',
    }),
  },
  { additionalProperties: false },
)

/** What 医保混合支付 needs beside the rest. */
const MedicalInsurance = Type.Object(
  {
    institutionNo: Type.String({ minLength: 1, maxLength: 32, description: 'By the bureau' }),
    institutionName: Type.String({ minLength: 1, maxLength: 128 }),
    cityId: Type.String({
      pattern: '^[0-9A-Za-z]{1,8}$',
      description: 'As WeChat gave it; it is not always the official number of the city',
    }),
    channelNo: Type.Union([Type.String({ minLength: 1, maxLength: 32 }), Type.Null()]),
    callbackUrl: Type.String({ maxLength: 256, description: 'Where paid orders are told' }),
    isTestEnvironment: Type.Boolean({ description: 'The test environment of the bureau' }),
  },
  { additionalProperties: false },
)

/** A merchant's contract with WeChat Pay, as it is stored sealed for one hospital. */
const WechatPayParamsSchema = Type.Object(
  {
    mchid: Type.String({ pattern: '^[0-9]{1,32}$' }),
    appid: Appid,
    mobileAppid: Type.Optional(
      Type.Union([Appid, Type.Null()], {
        description: 'Of the app on the open platform, where that is another',
      }),
    ),
    merchantSerial: Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$' }),
    merchantPrivateKeyPem: Pem,
    apiV3Key: Type.String({
      pattern: '^[\\x21-\\x7e]{32}$',
      description: '32 characters of ASCII: the key of the notices',
    }),
    platformKeys: Type.Array(
      Type.Object(
        {
          id: Type.String({
            pattern: '^[0-9A-Za-z_-]{1,64}$',
            description: 'PUB_KEY_ID_… or the serial number of a platform certificate',
          }),
          publicKeyPem: Pem,
        },
        { additionalProperties: false },
      ),
      { maxItems: 16, description: 'Several while the keys change over' },
    ),
    platformCertificates: Type.Optional(
      Type.Boolean({ description: 'Fetch the platform certificates, and fetch them anew in time' }),
    ),
    baseUrl: Type.String({ maxLength: 256, description: 'https://api.mch.weixin.qq.com' }),
    backupUrl: Type.Union([Type.String({ maxLength: 256 }), Type.Null()]),
    notifyUrl: Type.String({
      maxLength: 256,
      description: "The full address of this hospital's notices, without a query",
    }),
    methods: Type.Optional(
      Type.Array(Type.Enum([...WECHAT_METHODS]), { minItems: 1, maxItems: WECHAT_METHODS.length }),
    ),
    tradeType: Type.Optional(
      Type.Enum(['JSAPI', 'NATIVE'], { description: 'The older form of methods' }),
    ),
    barcode: Type.Optional(Type.Union([Barcode, Type.Null()])),
    medicalInsurance: Type.Optional(Type.Union([MedicalInsurance, Type.Null()])),
    cryptography: Type.Optional(
      Type.Enum(['RSA', 'SM'], { description: 'SM: 国密, with keys of SM2. RSA unless told' }),
    ),
    invokeSignType: Type.Optional(
      Type.String({
        pattern: '^(RSA|SM2)$',
        description: 'What the payer’s device is told of its signature',
      }),
    ),
  },
  { additionalProperties: false },
)

type Stored = Type.Static<typeof WechatPayParamsSchema>

/** The same, read: what was left out is filled in. */
export type WechatPayParams = Omit<Stored, 'tradeType'> &
  Required<
    Pick<
      Stored,
      | 'mobileAppid'
      | 'platformCertificates'
      | 'barcode'
      | 'medicalInsurance'
      | 'cryptography'
      | 'invokeSignType'
    >
  > & {
    methods: readonly [WechatMethod, ...WechatMethod[]]
  }

const Params = Compile(WechatPayParamsSchema)

/**
 * Reads stored or entered params, of this form or the older one. Errors: 'wechatpay.params_invalid' with the field, as a JSON pointer, and
 * what is wrong with it; never with its value, as most of the fields are secrets.
 */
export function readWechatPayParams(value: unknown): WechatPayParams {
  if (!Params.Check(value)) throw firstError(value)
  const kind = value.cryptography ?? 'RSA'
  checkKey('/merchantPrivateKeyPem', kind, () => readPrivateKey(kind, value.merchantPrivateKeyPem))
  for (const [i, key] of value.platformKeys.entries()) {
    checkKey(`/platformKeys/${i}/publicKeyPem`, kind, () => readPublicKey(kind, key.publicKeyPem))
    if (value.platformKeys.findIndex((other) => other.id === key.id) !== i) {
      throw invalidParams(`/platformKeys/${i}/id`, 'must not stand twice')
    }
  }
  checkOrigin('/baseUrl', value.baseUrl)
  if (value.backupUrl !== null) checkOrigin('/backupUrl', value.backupUrl)
  checkNoticeUrl('/notifyUrl', value.notifyUrl)
  if (value.medicalInsurance) {
    checkNoticeUrl('/medicalInsurance/callbackUrl', value.medicalInsurance.callbackUrl)
  }
  return filledIn(value)
}

function filledIn(value: Stored): WechatPayParams {
  const { tradeType: _older, ...rest } = value
  const platformCertificates = value.platformCertificates ?? false
  if (value.platformKeys.length === 0 && !platformCertificates) {
    throw invalidParams(
      '/platformKeys',
      'must have a key, unless the platform certificates are fetched',
    )
  }
  const methods = methodsOf(value)
  const barcode = value.barcode ?? null
  if (methods.includes('barcode')) {
    if (value.cryptography === 'SM') {
      throw invalidParams('/cryptography', 'must be RSA, as the method barcode goes by API v2')
    }
    checkBarcode(barcode, value)
  }
  return {
    ...rest,
    methods,
    barcode,
    platformCertificates,
    mobileAppid: value.mobileAppid ?? null,
    medicalInsurance: value.medicalInsurance ?? null,
    cryptography: value.cryptography ?? 'RSA',
    // What the official client says unless told, whatever the key.
    invokeSignType: value.invokeSignType ?? 'RSA',
  }
}

function methodsOf({ methods, tradeType }: Stored): WechatPayParams['methods'] {
  if (methods !== undefined && tradeType !== undefined) {
    throw invalidParams('/tradeType', 'must not stand beside methods')
  }
  if (tradeType !== undefined) return [tradeType === 'JSAPI' ? 'account' : 'qr_code']
  const [first, ...others] = methods ?? []
  if (first === undefined) throw invalidParams('/methods', 'is missing')
  if (new Set(methods).size !== methods?.length)
    throw invalidParams('/methods', 'must not repeat one')
  return [first, ...others]
}

function checkBarcode(barcode: WechatPayParams['barcode'], { baseUrl }: Stored): void {
  if (barcode === null)
    throw invalidParams('/barcode', 'is missing, and the method barcode needs it')
  const pem = barcode.merchantCertificatePem
  const field = '/barcode/merchantCertificatePem'
  if (pem === null) {
    if (baseUrl.startsWith('https:'))
      throw invalidParams(field, 'is missing, and reversing needs it')
    return
  }
  try {
    void new X509Certificate(pem)
  } catch {
    throw invalidParams(field, 'must be a certificate in PEM')
  }
}

/** Params with the keys ready for use. */
export type WechatPayAccount = Omit<WechatPayParams, 'merchantPrivateKeyPem' | 'platformKeys'> & {
  merchantKey: MerchantKey
  /** The same in PEM, for the connection that shows the merchant's certificate. */
  merchantKeyPem: string
  /** By what the header Wechatpay-Serial names. */
  platformKeys: ReadonlyMap<string, PlatformKey>
}

export function toAccount(params: WechatPayParams): WechatPayAccount {
  const { merchantPrivateKeyPem, platformKeys, ...rest } = params
  return {
    ...rest,
    merchantKey: readPrivateKey(rest.cryptography, merchantPrivateKeyPem),
    merchantKeyPem: merchantPrivateKeyPem,
    platformKeys: new Map(
      platformKeys.map((key) => [key.id, readPublicKey(rest.cryptography, key.publicKeyPem)]),
    ),
  }
}

function checkKey(
  field: string,
  kind: WechatPayParams['cryptography'],
  read: () => MerchantKey | PlatformKey,
): void {
  let key: MerchantKey | PlatformKey
  try {
    key = read()
  } catch {
    throw invalidParams(
      field,
      kind === 'SM' ? 'must be a key of SM2 in PEM' : 'must be a key in PEM',
    )
  }
  if (!isLongEnough(key)) {
    throw invalidParams(field, `must be an RSA key of at least ${SMALLEST_RSA_BITS} bits`)
  }
}

function checkNoticeUrl(field: string, text: string): void {
  const url = toUrl(field, text)
  if (url.search !== '' || url.hash !== '' || text.includes('?')) {
    throw invalidParams(field, 'must not have a query')
  }
}

/** The path is signed as it is sent, so nothing may stand before it. */
function checkOrigin(field: string, text: string): void {
  if (toUrl(field, text).origin !== text) {
    throw invalidParams(field, 'must be scheme and host only, like https://api.mch.weixin.qq.com')
  }
}

function toUrl(field: string, text: string): URL {
  const url = httpUrlOf(text)
  if (url === null) throw invalidParams(field, 'must be an address with http or https')
  return url
}

function firstError(value: unknown) {
  const [first] = Params.Errors(value)
  if (first?.keyword === 'required') {
    const [missing = ''] = first.params.requiredProperties
    return invalidParams(`${first.instancePath}/${missing}`, 'is missing')
  }
  if (first?.keyword === 'boolean') return invalidParams(first.instancePath, 'is not known')
  return invalidParams(first?.instancePath ?? '', first?.message ?? 'is invalid')
}

export const invalidParams = (field: string, reason: string) =>
  errors.params_invalid({ field, reason })
