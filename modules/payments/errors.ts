import { defineErrors } from '../../kernel/error.ts'

export const paymentErrors = defineErrors('payments', {
  payment_not_found: 'not_found',
  refund_not_found: 'not_found',
  channel_unknown: 'invalid',
  method_unknown: 'invalid',
  payer_token_missing: 'invalid',
  payer_account_missing: 'rejected',
  bills_of_different_visits: 'rejected',
  too_many_bills: 'invalid',
  bill_in_payment: 'conflict',
  plan_changed: 'conflict',
  payment_expired: 'conflict',
  payment_not_payable: 'conflict',
  payment_not_cancellable: 'conflict',
  payment_not_refundable: 'conflict',
  refund_running: 'conflict',
  refund_not_declined: 'conflict',
  refund_lines_unknown: 'invalid',
  refund_lines_refunded: 'conflict',
  refund_request_reused: 'rejected',
  notice_refused: 'unauthenticated',
})
