import { defineErrors } from '../../kernel/error.ts'

export const depositErrors = defineErrors('deposits', {
  account_not_found: 'not_found',
  account_closed: 'conflict',
  account_exists: 'conflict',
  outpatient_ended: 'rejected',
  top_up_differs: 'conflict',
  draw_under_way: 'conflict',
  nothing_left: 'conflict',
  give_back_at_discharge: 'rejected', // a stay's deposit goes back when the stay is settled
  give_back_not_found: 'not_found',
  give_back_done: 'conflict',
  give_back_by_same_person: 'forbidden',
  give_back_number_used: 'conflict',
  day_not_over: 'invalid',
  day_differs: 'conflict',
  not_of_a_stay: 'rejected',
})
