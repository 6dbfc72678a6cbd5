import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../kernel/error.ts'

const errors = defineErrors('wechatpay', { params_invalid: 'invalid' })

/** A merchant's contract with WeChat Pay, as it is stored sealed for one hospital. */
export const WechatPayParamsSchema = Type.Object(
  {
    mchid: Type.String({ pattern: '^[0-9]{1,32}$' }),
    appid: Type.String({ pattern: '^[0-9A-Za-z_-]{1,32}$' }),
    merchantSerial: Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$' }),
    merchantPrivateKeyPem: Type.String({ minLength: 1, maxLength: 16_384 }),
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
          publicKeyPem: Type.String({ minLength: 1, maxLength: 16_384 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 16, description: 'Several while the keys change over' },
    ),
    baseUrl: Type.String({ maxLength: 256, description: 'https://api.mch.weixin.qq.com' }),
    backupUrl: Type.Union([Type.String({ maxLength: 256 }), Type.Null()]),
    notifyUrl: Type.String({
      maxLength: 256,
      description: "The full address of this hospital's notices, without a query",
    }),
    tradeType: Type.Enum(['JSAPI', 'NATIVE']),
  },
  { additionalProperties: false },
)

export type WechatPayParams = Type.Static<typeof WechatPayParamsSchema>

const Params = Compile(WechatPayParamsSchema)

/**
 * Reads stored or entered params. Errors: 'wechatpay.params_invalid' with the field, as a JSON pointer, and
 * what is wrong with it; never with its value, as most of the fields are secrets.
 */
export function readWechatPayParams(value: unknown): WechatPayParams {
  if (!Params.Check(value)) throw firstError(value)
  checkKey('/merchantPrivateKeyPem', () => createPrivateKey(value.merchantPrivateKeyPem))
  for (const [i, key] of value.platformKeys.entries()) {
    checkKey(`/platformKeys/${i}/publicKeyPem`, () => createPublicKey(key.publicKeyPem))
    if (value.platformKeys.findIndex((other) => other.id === key.id) !== i) {
      throw invalid(`/platformKeys/${i}/id`, 'must not stand twice')
    }
  }
  checkOrigin('/baseUrl', value.baseUrl)
  if (value.backupUrl !== null) checkOrigin('/backupUrl', value.backupUrl)
  const notify = toUrl('/notifyUrl', value.notifyUrl)
  if (notify.search !== '' || notify.hash !== '' || value.notifyUrl.includes('?')) {
    throw invalid('/notifyUrl', 'must not have a query')
  }
  return value
}

/** The same with the keys ready for use. */
export type WechatPayAccount = Omit<WechatPayParams, 'merchantPrivateKeyPem' | 'platformKeys'> & {
  merchantKey: KeyObject
  /** By what the header Wechatpay-Serial names. */
  platformKeys: ReadonlyMap<string, KeyObject>
}

export function toAccount(params: WechatPayParams): WechatPayAccount {
  const { merchantPrivateKeyPem, platformKeys, ...rest } = params
  return {
    ...rest,
    merchantKey: createPrivateKey(merchantPrivateKeyPem),
    platformKeys: new Map(platformKeys.map((key) => [key.id, createPublicKey(key.publicKeyPem)])),
  }
}

const SMALLEST_KEY_BITS = 2_048

function checkKey(field: string, read: () => KeyObject): void {
  let key: KeyObject
  try {
    key = read()
  } catch {
    throw invalid(field, 'must be a key in PEM')
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < SMALLEST_KEY_BITS) {
    throw invalid(field, `must be an RSA key of at least ${SMALLEST_KEY_BITS} bits`)
  }
}

/** The path is signed as it is sent, so nothing may stand before it. */
function checkOrigin(field: string, text: string): void {
  if (toUrl(field, text).origin !== text) {
    throw invalid(field, 'must be scheme and host only, like https://api.mch.weixin.qq.com')
  }
}

function toUrl(field: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw invalid(field, 'must be an address with http or https')
  }
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
