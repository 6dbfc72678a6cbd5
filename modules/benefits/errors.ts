import { defineErrors } from '../../kernel/error.ts'

export const benefitErrors = defineErrors('benefits', {
  programme_not_found: 'not_found',
  programme_wrong: 'invalid',
  programme_ended: 'conflict',
  programme_not_running: 'rejected',
  budget_used_up: 'rejected',
  programme_decided: 'conflict',
  document_used: 'conflict',
  allotment_not_found: 'not_found',
  allotment_decided: 'conflict',
  entitlement_not_found: 'not_found',
  entitlement_wrong: 'invalid',
  entitlement_exists: 'conflict',
  entitlement_decided: 'conflict',
  entitlement_over: 'conflict',
  decided_by_same_person: 'forbidden',
  points_not_enough: 'rejected',
  exchange_not_offered: 'rejected',
  need_period_wrong: 'invalid',
  need_differs: 'conflict',
  need_not_found: 'not_found',
  need_over: 'conflict',
  patients_unavailable: 'unavailable', // the hub was started without its directory of people
})
