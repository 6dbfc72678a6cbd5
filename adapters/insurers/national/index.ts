import type { InsuranceCentre } from '../../../modules/insurance/index.ts'
import { createComparing } from './comparing.ts'
import type { NationalInsuranceParams } from './params.ts'
import { PROFILES } from './profile.ts'
import { createSession } from './session.ts'
import { createSettlements } from './settlements.ts'
import { createExchange, type TransportDeps } from './transport.ts'
import {
  detailsEnd,
  detailsUpload,
  personQuery,
  registration,
  registrationEnd,
  visitReport,
} from './visit.ts'

export { type NationalInsuranceParams, readNationalInsuranceParams } from './params.ts'

/**
 * A centre of the national medical insurance platform. Protocol: 医疗保障信息平台定点医药机构接口规范;
 * transactions by HTTP POST to {baseUrl}/{infno}. What provinces do differently is in profile.ts.
 */
export function createNationalInsurance(
  params: NationalInsuranceParams,
  deps: TransportDeps,
): InsuranceCentre {
  const profile = PROFILES[params.profile]
  const exchange = createExchange(params, profile, deps)
  const { ask, signIn } = createSession(exchange, params, { ...deps, profile })
  return {
    fixmedinsCode: params.fixmedinsCode,
    admdvs: params.admdvs,
    signIn,
    person: (call, credential) => ask(call, personQuery(credential)),
    register: (call, visit) => ask(call, registration(visit, profile)),
    cancelRegistration: (call, visit) => ask(call, registrationEnd(visit)),
    visitInfo: (call, visit) => ask(call, visitReport(visit)),
    uploadDetails: (call, details) => ask(call, detailsUpload(details)),
    cancelDetails: (call, batch) => ask(call, detailsEnd(batch)),
    ...createSettlements(ask, profile),
    ...createComparing(ask, profile, params),
  }
}
