import { defineErrors } from '../../kernel/error.ts'

export const fhirErrors = defineErrors('fhir', {
  unknown_type: 'not_found',
  unknown_interaction: 'not_found',
  resource_not_found: 'not_found',
  format_unknown: 'invalid', // answered with 406
  parameter_unknown: 'invalid', // only where handling=strict was asked for
  parameter_wrong: 'invalid',
  parameter_missing: 'invalid',
  parameter_secret: 'invalid', // it names a person, and stood in a URL
  modifier_unknown: 'invalid',
  range_too_long: 'invalid',
  body_wrong: 'invalid',
  scope_missing: 'forbidden',
  hospital_silent: 'unavailable',
  hospital_refused: 'rejected',
})
