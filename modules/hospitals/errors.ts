import { defineErrors } from '../../kernel/error.ts'

export const hospitalErrors = defineErrors('hospitals', {
  hospital_not_found: 'not_found',
  insurance_code_taken: 'conflict',
  connection_missing: 'unavailable',
  adapter_unknown: 'unavailable',
  connection_params_invalid: 'invalid',
  his_unavailable: 'unavailable',
  his_refused: 'rejected',
  notice_differs: 'conflict',
  rollout_overtaken: 'conflict',
  rollout_not_found: 'not_found',
  department_not_listed: 'invalid',
})
