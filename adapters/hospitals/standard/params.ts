import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { hospitalErrors } from '../../../modules/hospitals/index.ts'
import { isBaseUrl } from '../../../platform/outgoing/http-url.ts'

/** What a hospital's connection keeps for this adapter. Keys are RSA, 2048 bits or more, in PEM. */
const StandardHisParamsSchema = Type.Object(
  {
    /** Where the HIS listens, without the path of the interface: 'https://his.example:8443'. */
    baseUrl: Type.String({ minLength: 1, maxLength: 500 }),
    /** The name under which the hospital knows our public key. */
    hubKeyId: Type.String({ minLength: 1, maxLength: 64, pattern: '^[!-~]+$' }),
    hubPrivateKeyPem: Type.String({ minLength: 1, maxLength: 10_000 }),
    /** The name of the hospital's own key, which its answers and requests must carry. */
    hospitalKeyId: Type.String({ minLength: 1, maxLength: 64, pattern: '^[!-~]+$' }),
    hospitalPublicKeyPem: Type.String({ minLength: 1, maxLength: 10_000 }),
  },
  { additionalProperties: false },
)

export type StandardHisParams = Type.Static<typeof StandardHisParamsSchema>

const Params = Compile(StandardHisParamsSchema)

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export function readStandardHisParams(value: unknown): StandardHisParams {
  if (!Params.Check(value)) {
    const [first] = Params.Errors(value)
    throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
  }
  if (!isBaseUrl(value.baseUrl)) throw invalid('baseUrl', 'http or https, without user and query')
  hubPrivateKeyOf(value)
  hospitalPublicKeyOf(value)
  return value
}

/** The key the hub signs with. Errors: as readStandardHisParams. */
export const hubPrivateKeyOf = (params: StandardHisParams): KeyObject =>
  readRsaKey('hubPrivateKeyPem', params, createPrivateKey)

/** The key the hospital's signatures are checked with. Errors: as readStandardHisParams. */
export const hospitalPublicKeyOf = (params: StandardHisParams): KeyObject =>
  readRsaKey('hospitalPublicKeyPem', params, createPublicKey)

const MIN_KEY_BITS = 2_048

function readRsaKey(
  field: 'hubPrivateKeyPem' | 'hospitalPublicKeyPem',
  params: StandardHisParams,
  read: (pem: string) => KeyObject,
): KeyObject {
  let key: KeyObject
  try {
    key = read(params[field])
  } catch {
    throw invalid(field, 'not a key in PEM')
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType === 'rsa' && bits >= MIN_KEY_BITS) return key
  throw invalid(field, `not an RSA key of ${MIN_KEY_BITS} bits or more`)
}

const invalid = (field: string, rule: string) =>
  hospitalErrors.connection_params_invalid({ adapter: 'standard', field, rule })
