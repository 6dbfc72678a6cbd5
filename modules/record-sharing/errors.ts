import { defineErrors } from '../../kernel/error.ts'

export const recordSharingErrors = defineErrors('record_sharing', {
  person_not_found: 'not_found', // nobody is known by this card or number
  own_hospital: 'invalid', // a hospital reads its own without consent
  consent_outdated: 'conflict', // the text has changed since it was shown
  consent_expires_wrong: 'invalid',
  consent_not_found: 'not_found',
  not_allowed: 'forbidden', // `because` names what is lacking
  glass_not_needed: 'conflict', // a consent stands
  glasses_too_many: 'rejected',
  review_not_found: 'not_found',
  review_done: 'conflict',
  same_person: 'forbidden', // nobody judges what they did themselves
  access_not_found: 'not_found',
  asked_already: 'conflict',
  not_a_patient_there: 'not_found',
  record_not_found: 'not_found',
  hospital_silent: 'unavailable',
})
