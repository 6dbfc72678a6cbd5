import type { NationalCentre } from '../../../modules/insurance/index.ts'
import { createAudit } from './audit.ts'
import { createCatalogue } from './catalogue.ts'
import { createClearing } from './clearing.ts'
import { createComparing } from './comparing.ts'
import { createFiling } from './filing.ts'
import { createInpatient } from './inpatient.ts'
import { createInquiries } from './inquiries.ts'
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

export {
  createMobileInsurance,
  type MobileInsuranceParams,
  readMobileInsuranceParams,
} from './mobile/index.ts'
export type { NationalInsuranceParams } from './params.ts'
export { readNationalInsuranceParams } from './read-params.ts'

/**
 * A centre of the national medical insurance platform. Protocol: 医疗保障信息平台定点医药机构接口规范;
 * transactions by HTTP POST to {baseUrl}/{infno}. What provinces do differently is in profile.ts.
 */
export function createNationalInsurance(
  params: NationalInsuranceParams,
  deps: TransportDeps,
): NationalCentre {
  const profile = PROFILES[params.profile]
  const exchange = createExchange(params, profile, deps)
  const { ask, signIn, signOut } = createSession(exchange, params, { ...deps, profile })
  return {
    fixmedinsCode: params.fixmedinsCode,
    admdvs: params.admdvs,
    settlesUnfiled: params.settlesUnfiled ?? true,
    signIn,
    signOut,
    person: (call, credential) => ask(call, personQuery(credential)),
    register: (call, visit) => ask(call, registration(visit, profile)),
    cancelRegistration: (call, visit) => ask(call, registrationEnd(visit)),
    visitInfo: (call, visit) => ask(call, visitReport(visit)),
    uploadDetails: (call, details) => ask(call, detailsUpload(details)),
    cancelDetails: (call, batch) => ask(call, detailsEnd(batch)),
    ...createSettlements(ask, profile),
    ...createComparing(ask, profile, params),
    ...createInpatient(ask, profile),
    ...createInquiries(ask, params),
    ...createFiling(ask),
    ...createAudit(ask),
    ...createClearing(ask),
    ...createCatalogue(ask, profile),
  }
}
