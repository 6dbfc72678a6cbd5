import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import Type from 'typebox'
import { Compile } from 'typebox/compile'

import type { Random } from '../../../kernel/random.ts'
import { hospitalErrors } from '../../../modules/hospitals/index.ts'
import { type Account, isSm2PublicKey } from '../../../platform/descriptor/params.ts'
import { isSignedBy, signatureOf } from '../../../platform/descriptor/signatures.ts'
import { isBaseUrl } from '../../../platform/outgoing/http-url.ts'

const COMMON = {
  /** Where the HIS listens, without the path of the interface: 'https://his.example:8443'. */
  baseUrl: Type.String({ minLength: 1, maxLength: 500 }),
  /** The name under which the hospital knows our public key. */
  hubKeyId: Type.String({ minLength: 1, maxLength: 64, pattern: '^[!-~]+$' }),
  /** The name of the hospital's own key, which its answers and requests must carry. */
  hospitalKeyId: Type.String({ minLength: 1, maxLength: 64, pattern: '^[!-~]+$' }),
}

/** Keys are RSA, 2048 bits or more, in PEM. */
const RsaParams = Type.Object(
  {
    ...COMMON,
    hubPrivateKeyPem: Type.String({ minLength: 1, maxLength: 10_000 }),
    hospitalPublicKeyPem: Type.String({ minLength: 1, maxLength: 10_000 }),
  },
  { additionalProperties: false },
)

/** Keys are SM2, in hexadecimal: the private one of 64 digits, the public one `04` and 128. */
const Sm2Params = Type.Object(
  {
    ...COMMON,
    hubSm2PrivateKey: Type.String({ minLength: 1, maxLength: 200 }),
    hospitalSm2PublicKey: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
)

/** What a hospital's connection keeps for this adapter. */
export type StandardHisParams = Type.Static<typeof RsaParams> | Type.Static<typeof Sm2Params>

const WithRsa = Compile(RsaParams)
const WithSm2 = Compile(Sm2Params)

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export function readStandardHisParams(value: unknown): StandardHisParams {
  const isSm2 = typeof value === 'object' && value !== null && 'hubSm2PrivateKey' in value
  const schema = isSm2 ? WithSm2 : WithRsa
  if (!schema.Check(value)) {
    const [first] = schema.Errors(value)
    throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
  }
  const params = value as StandardHisParams
  if (!isBaseUrl(params.baseUrl)) throw invalid('baseUrl', 'http or https, without user and query')
  keysOf(params)
  return params
}

/** Our signature, and the hospital's. Both are over bytes and in base64; of SM2 it is r and s in a row, with SM3. */
export type Keys = {
  sign(content: Buffer, random: Random): string
  isHospitals(content: Buffer, signature: string): boolean
}

/** Errors: as readStandardHisParams, for keys that are none. */
export function keysOf(params: StandardHisParams): Keys {
  const account = accountOf(params)
  const kind = {
    algorithm: 'hubSm2PrivateKey' in params ? 'SM2' : 'RSA-SHA256',
    encoding: 'base64',
  } as const
  const content = { kind: 'body' } as const
  return {
    sign: (bytes, random) => signatureOf({ ...kind, content, key: HUB }, account, bytes, random),
    isHospitals: (bytes, signature) =>
      isSignedBy(
        { ...kind, content, keys: [], signature: 'header:' },
        account,
        HOSPITAL,
        bytes,
        signature,
      ),
  }
}

const HUB = 'hub'
const HOSPITAL = 'hospital'

function accountOf(params: StandardHisParams): Account {
  const empty = { open: {}, secrets: [], rsa: new Map(), sm2: new Map(), bytes: new Map() }
  if ('hubSm2PrivateKey' in params) return { ...empty, sm2: sm2KeysOf(params) }
  const rsa = new Map([
    [HUB, readRsaKey('hubPrivateKeyPem', params.hubPrivateKeyPem, createPrivateKey)],
    [HOSPITAL, readRsaKey('hospitalPublicKeyPem', params.hospitalPublicKeyPem, createPublicKey)],
  ])
  return { ...empty, rsa }
}

function sm2KeysOf({ hubSm2PrivateKey, hospitalSm2PublicKey }: Type.Static<typeof Sm2Params>) {
  if (!/^[0-9a-fA-F]{64}$/.test(hubSm2PrivateKey)) {
    throw invalid('hubSm2PrivateKey', 'not 64 hexadecimal digits')
  }
  if (!isSm2PublicKey(hospitalSm2PublicKey)) {
    throw invalid('hospitalSm2PublicKey', 'not a point of the curve')
  }
  const publicKey = sm2.getPublicKeyFromPrivateKey(hubSm2PrivateKey)
  return new Map([
    [HUB, { privateKey: hubSm2PrivateKey, publicKey }],
    [HOSPITAL, { privateKey: null, publicKey: hospitalSm2PublicKey }],
  ])
}

const MIN_KEY_BITS = 2_048

function readRsaKey(
  field: 'hubPrivateKeyPem' | 'hospitalPublicKeyPem',
  pem: string,
  read: (pem: string) => KeyObject,
): KeyObject {
  let key: KeyObject
  try {
    key = read(pem)
  } catch {
    throw invalid(field, 'not a key in PEM')
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType === 'rsa' && bits >= MIN_KEY_BITS) return key
  throw invalid(field, `not an RSA key of ${MIN_KEY_BITS} bits or more`)
}

const invalid = (field: string, rule: string) =>
  hospitalErrors.connection_params_invalid({ adapter: 'standard', field, rule })
