import { defineErrors } from '../../kernel/error.ts'

export const personIndexErrors = defineErrors('person_index', {
  candidate_not_found: 'not_found',
  act_not_found: 'not_found',
  act_decided: 'conflict',
  act_proposed: 'conflict', // the same two are to be decided on already
  decided_by_same_person: 'forbidden',
  known_as_separate: 'conflict',
  payment_not_of_link: 'invalid', // it was made under neither of the two records
  payments_unknown: 'unavailable',
  person_not_known_here: 'forbidden',
  nothing_to_show: 'not_found',
})
