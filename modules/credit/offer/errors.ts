import { defineErrors } from '../../../kernel/error.ts'

export const offerErrors = defineErrors('credit', {
  offer_above_cap: 'rejected',
  schedule_does_not_close: 'rejected',
})
