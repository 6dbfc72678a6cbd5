import { defineErrors } from '../../kernel/error.ts'

export const billingErrors = defineErrors('billing', {
  bill_not_found: 'not_found',
  bill_changed: 'conflict',
  bill_void: 'conflict',
  bill_already_paid: 'conflict',
  not_online_here: 'rejected',
  hospital_refused: 'rejected',
  hospital_unavailable: 'unavailable',
})
