import { defineErrors } from '../../kernel/error.ts'

export const hospitalErrors = defineErrors('hospitals', {
  hospital_not_found: 'not_found',
  insurance_code_taken: 'conflict',
  connection_missing: 'unavailable',
  adapter_unknown: 'unavailable',
  connection_params_invalid: 'invalid',
  his_unavailable: 'unavailable',
  his_refused: 'rejected',
})
