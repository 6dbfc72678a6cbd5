import { defineErrors } from '../../kernel/error.ts'

export const settlementErrors = defineErrors('settlement', {
  contract_wrong: 'invalid',
  calendar_wrong: 'invalid',
  terms_not_found: 'not_found',
  terms_decided: 'conflict',
  decided_by_same_person: 'forbidden',
  batch_not_found: 'not_found',
  batch_without_contract: 'conflict',
  receipt_not_found: 'not_found',
  receipt_used_up: 'conflict', // less of it is left than is to be assigned
  wrong_direction: 'invalid', // an amount that goes the other way than its receipt
  day_not_over: 'invalid',
})
