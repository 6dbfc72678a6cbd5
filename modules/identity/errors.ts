import { defineErrors } from '../../kernel/error.ts'

export const identityErrors = defineErrors('identity', {
  person_not_found: 'not_found',
  person_invalid: 'invalid',
  medium_taken: 'conflict',
  login_taken: 'conflict',
  password_unacceptable: 'invalid',
  patient_not_found: 'not_found',
  hospital_refused: 'rejected',
  hospital_unavailable: 'unavailable',
  staff_not_found: 'not_found',
  login_failed: 'unauthenticated',
  too_many_attempts: 'limited',
  api_key_invalid: 'invalid',
})
