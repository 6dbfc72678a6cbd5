import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { hospitalErrors } from '../../../../modules/hospitals/index.ts'
import { DEFAULT_USER_ID, isSm2PrivateKey, isSm2PublicKey } from '../shangmi.ts'

/** A hospital's contract for mobile payment, which is with a system of its own. */
export const MobileInsuranceParamsSchema = Type.Object(
  {
    baseUrl: Type.String({ pattern: '^https?://', maxLength: 500 }),
    fixmedinsCode: Type.String({ pattern: '^[0-9A-Z]{12}$', description: '定点医药机构编号' }),
    appId: Type.String({ pattern: '^[\\x21-\\x7e]{16,64}$' }),
    appSecret: Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' }),
    privateKey: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Ours of SM2, in hex' }),
    platformPublicKey: Type.String({ pattern: '^04[0-9a-f]{128}$' }),
    userId: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,128}$',
        description: 'Of SM2: 1234567812345678 unless told; some editions take the appSecret',
      }),
    ),
    voucherUrl: Type.Optional(
      Type.String({ pattern: '^https?://', maxLength: 500, description: 'Of ec.query' }),
    ),
  },
  { additionalProperties: false },
)

export type MobileInsuranceParams = Type.Static<typeof MobileInsuranceParamsSchema>

const Params = Compile(MobileInsuranceParamsSchema)

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export function readMobileInsuranceParams(value: unknown): MobileInsuranceParams {
  if (!Params.Check(value)) {
    const [first] = Params.Errors(value)
    throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
  }
  if (!isSm2PrivateKey(value.privateKey)) throw invalid('privateKey', 'a private key of SM2')
  if (!isSm2PublicKey(value.platformPublicKey)) {
    throw invalid('platformPublicKey', 'a point of the curve of SM2')
  }
  return value
}

export const schemeKeysOf = (params: MobileInsuranceParams) => ({
  appId: params.appId,
  appSecret: params.appSecret,
  privateKey: params.privateKey,
  platformPublicKey: params.platformPublicKey,
  userId: params.userId ?? DEFAULT_USER_ID,
})

const invalid = (field: string, rule: string) =>
  hospitalErrors.connection_params_invalid({ adapter: 'national-mobile', field, rule })
