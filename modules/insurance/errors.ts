import { defineErrors } from '../../kernel/error.ts'

export const insuranceErrors = defineErrors('insurance', {
  claim_not_found: 'not_found',
  message_unknown: 'not_found',
  settlement_stands: 'conflict', // the message made a settlement that is in our books: refund it instead
  stay_not_found: 'not_found',
  order_not_found: 'not_found', // of mobile payment
  not_connected: 'conflict',
})
