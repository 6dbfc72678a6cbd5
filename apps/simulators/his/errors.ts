import { defineErrors } from '../../../kernel/error.ts'

/** What the hospital's own staff may not do: controls throw these, and the panel shows them. */
export const hisErrors = defineErrors('his', {
  person_unknown: 'not_found',
  department_unknown: 'not_found',
  doctor_unknown: 'not_found',
  item_unknown: 'not_found',
  visit_unknown: 'not_found',
  bill_unknown: 'not_found',
  line_unknown: 'not_found',
  clinic_unknown: 'not_found',
  stay_unknown: 'not_found',
  stay_not_open: 'conflict',
  items_missing: 'invalid',
  items_too_many: 'invalid',
  quantity_invalid: 'invalid',
  value_unknown: 'invalid',
  reason_invalid: 'invalid',
  bill_not_open: 'conflict',
  bill_not_paid: 'conflict',
  line_not_charged: 'conflict',
  line_locked: 'conflict',
  line_asked_for: 'conflict',
  hub_unknown: 'unavailable',
})
