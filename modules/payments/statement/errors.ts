import { defineErrors } from '../../../kernel/error.ts'

export const statementErrors = defineErrors('payments', {
  statement_period_reversed: 'invalid',
  statement_period_too_long: 'invalid',
  statement_too_many_payments: 'rejected',
  statement_too_many_pages: 'rejected',
})
