import { defineErrors } from '../../kernel/error.ts'

export const queueErrors = defineErrors('queue', {
  line_not_found: 'not_found',
  line_over: 'conflict', // its day is not today
  ticket_not_found: 'not_found',
  screen_not_found: 'not_found',
  screen_unknown: 'unauthenticated', // a wrong token, or one that was taken back
  nobody_found: 'not_found', // a medium that is nobody's here
  medium_not_active: 'rejected', // lost, replaced or out of date
  no_booking_today: 'not_found',
  several_bookings: 'conflict', // which one is to be said
  not_booked: 'conflict',
  too_early: 'rejected',
  too_late: 'rejected',
  too_far: 'rejected', // more metres from the gate than the hospital allows
  no_gate: 'rejected', // the hospital has not said where its gate is
  place_vague: 'rejected', // the phone does not know where it is to within the radius
  beacon_unknown: 'rejected',
  nobody_waits: 'conflict',
  state_differs: 'conflict',
  same_line: 'invalid',
  rules_overtaken: 'conflict',
  too_many_streams: 'limited',
})
