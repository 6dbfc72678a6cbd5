import { defineErrors } from '../../kernel/error.ts'

export const bookingErrors = defineErrors('booking', {
  session_not_found: 'not_found',
  slot_not_found: 'not_found',
  appointment_not_found: 'not_found',
  session_exists: 'conflict',
  patient_missing: 'invalid', // an application says for whom
  range_too_long: 'invalid', // a list of sessions is of 31 days at most
  not_online_here: 'rejected',
  not_released: 'rejected',
  session_stopped: 'conflict',
  session_over: 'rejected',
  sold_out: 'conflict',
  slot_taken: 'conflict',
  crowded: 'unavailable', // too many wait for one session
  hold_differs: 'conflict', // the same id for another wish
  hold_expired: 'conflict',
  same_hour: 'conflict',
  one_a_session: 'conflict',
  one_a_department: 'rejected',
  too_many_a_day: 'rejected',
  too_many_a_week: 'rejected',
  too_many_a_quarter: 'rejected',
  too_many_of_device: 'rejected',
  too_many_of_phone: 'rejected',
  blocked: 'rejected', // appointments were missed
  proof_missing: 'rejected',
  proof_wrong: 'rejected',
  proof_used: 'rejected',
  too_late: 'rejected', // the cut-off for cancelling is over
  not_cancellable: 'conflict',
  state_differs: 'conflict',
  not_a_patient_here: 'rejected',
  hospital_silent: 'unavailable',
  hospital_refused: 'rejected',
  not_the_hubs: 'conflict', // the numbers are the hospital system's own
  sold_more: 'conflict', // fewer numbers than are sold
  already_waiting: 'conflict',
  not_sold_out: 'conflict',
  waiting_not_found: 'not_found',
  stop_not_found: 'not_found',
  stop_decided: 'conflict',
  stop_proposed_already: 'conflict',
  stop_by_same_person: 'forbidden',
  nothing_to_choose: 'conflict',
  fee_differs: 'conflict',
  rules_overtaken: 'conflict',
  rules_wrong: 'invalid',
})
