import { defineErrors } from '../../kernel/error.ts'

export const accountingErrors = defineErrors('accounting', {
  template_wrong: 'invalid',
  layout_wrong: 'invalid',
  layout_not_found: 'not_found',
  terms_not_found: 'not_found',
  terms_decided: 'conflict',
  decided_by_same_person: 'forbidden',
  day_not_over: 'invalid',
  day_incomplete: 'conflict', // something of the day has no voucher: it is not handed over
  range_too_long: 'invalid',
  voucher_not_found: 'not_found',
  export_not_found: 'not_found',
  export_too_large: 'rejected',
  acknowledged_otherwise: 'conflict', // under another number of the accounting system
})
