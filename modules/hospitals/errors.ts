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
  rollout_waits: 'conflict', // another proposal is to be decided first
  rollout_proposal_not_found: 'not_found',
  rollout_proposal_decided: 'conflict',
  rollout_same_person: 'forbidden', // nobody agrees to what they proposed
  department_not_listed: 'invalid',
  onboarding_not_found: 'not_found',
  onboarding_overtaken: 'conflict',
  onboarding_product_unknown: 'invalid',
  onboarding_subject_unknown: 'invalid',
  onboarding_file_wrong: 'invalid',
  onboarding_running: 'conflict',
  onboarding_not_ready: 'rejected',
  onboarding_not_put_forward: 'conflict',
  onboarding_same_person: 'forbidden',
  onboarding_file_differs: 'conflict',
})
