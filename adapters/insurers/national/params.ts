import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { hospitalErrors } from '../../../modules/hospitals/index.ts'

/** A hospital's contract with its insurance centre, as its connection keeps it, sealed. */
export const NationalInsuranceParamsSchema = Type.Object(
  {
    baseUrl: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'The gateway, without the transaction number at the end',
    }),
    fixmedinsCode: Type.String({ pattern: '^[0-9A-Z]{12}$', description: '定点医药机构编号' }),
    fixmedinsName: Type.String({ minLength: 1, maxLength: 20, description: '定点医药机构名称' }),
    paasid: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }),
    secretKey: Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' }),
    admdvs: Type.String({ pattern: '^[0-9]{6}$', description: '就医地医保区划' }),
    opter: Type.String({ pattern: '^[\\x21-\\x7e]{1,20}$', description: '经办人编号' }),
    opterName: Type.String({ minLength: 1, maxLength: 50, description: '经办人姓名' }),
    profile: Type.Enum(['standard'], { description: 'What differs between provinces' }),
  },
  { additionalProperties: false },
)

export type NationalInsuranceParams = Type.Static<typeof NationalInsuranceParamsSchema>

const Params = Compile(NationalInsuranceParamsSchema)

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export function readNationalInsuranceParams(value: unknown): NationalInsuranceParams {
  if (!Params.Check(value)) {
    const [first] = Params.Errors(value)
    throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
  }
  if (!isBaseUrl(value.baseUrl)) throw invalid('baseUrl', 'http or https, without user and query')
  return value
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return ['http:', 'https:'].includes(protocol) && username + password + search + hash === ''
}

const invalid = (field: string, rule: string) =>
  hospitalErrors.connection_params_invalid({ adapter: 'national', field, rule })
