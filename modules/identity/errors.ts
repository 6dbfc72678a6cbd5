import { defineErrors } from '../../kernel/error.ts'

export const identityErrors = defineErrors('identity', {
  person_not_found: 'not_found',
  person_invalid: 'invalid',
  medium_taken: 'conflict',
  medium_not_found: 'not_found',
  medium_not_active: 'conflict',
  medium_unknown: 'not_found', // nobody was ever known by it
  medium_kept: 'rejected',
  medium_of_another: 'forbidden', // another hospital's card: it is ended and replaced there
  id_number_wrong: 'invalid',
  already_identified: 'conflict',
  not_identified: 'rejected',
  link_to_itself: 'invalid',
  link_circular: 'conflict',
  already_linked: 'conflict',
  link_changed: 'conflict',
  link_too_large: 'rejected',
  not_linked: 'conflict',
  login_taken: 'conflict',
  password_unacceptable: 'invalid',
  patient_not_found: 'not_found',
  hospital_refused: 'rejected',
  hospital_unavailable: 'unavailable',
  staff_not_found: 'not_found',
  login_failed: 'unauthenticated',
  step_up_required: 'unauthenticated', // they are known, and are to prove it again
  too_many_attempts: 'limited',
  api_key_invalid: 'invalid',
})
