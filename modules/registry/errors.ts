import { defineErrors } from '../../kernel/error.ts'

export const registryErrors = defineErrors('registry', {
  list_empty: 'invalid',
  list_shrunk: 'rejected', // less than half of what the list before had: more likely cut than true
  list_too_long: 'invalid',
  list_out_of_order: 'conflict', // a later one is there already
  list_under_way: 'conflict', // another load of the same list came first
  institution_invalid: 'invalid',
  institution_repeated: 'invalid',
  institution_not_found: 'not_found',
  region_invalid: 'invalid', // two, four or six digits of GB/T 2260
  place_incomplete: 'invalid', // a latitude without a longitude, or a radius without a place
  place_invalid: 'invalid', // beyond 85 degrees of latitude or 180 of longitude
  cursor_invalid: 'invalid',
})
