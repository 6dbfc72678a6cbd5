import { Compile } from 'typebox/compile'

import { hospitalErrors } from '../../../modules/hospitals/index.ts'
import { isBaseUrl } from '../../../platform/outgoing/http-url.ts'
import { type NationalInsuranceParams, NationalInsuranceParamsSchema } from './params.ts'
import { PROFILES } from './profile.ts'
import { isSm2PrivateKey, isSm2PublicKey } from './shangmi.ts'

const Params = Compile(NationalInsuranceParamsSchema)

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export function readNationalInsuranceParams(value: unknown): NationalInsuranceParams {
  if (!Params.Check(value)) {
    const [first] = Params.Errors(value)
    throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
  }
  if (!isBaseUrl(value.baseUrl)) throw invalid('baseUrl', URL_RULE)
  if (value.tokenUrl !== undefined && !isBaseUrl(value.tokenUrl))
    throw invalid('tokenUrl', URL_RULE)
  if (value.sm2PrivateKey !== undefined && !isSm2PrivateKey(value.sm2PrivateKey)) {
    throw invalid('sm2PrivateKey', 'a private key of SM2')
  }
  if (value.centrePublicKey !== undefined && !isSm2PublicKey(value.centrePublicKey)) {
    throw invalid('centrePublicKey', 'a point of the curve of SM2')
  }
  const missing = PROFILES[value.profile].wants(value)
  if (missing) throw invalid(missing.field, missing.rule)
  return value
}

const URL_RULE = 'http or https, without user and query'

const invalid = (field: string, rule: string) =>
  hospitalErrors.connection_params_invalid({ adapter: 'national', field, rule })
