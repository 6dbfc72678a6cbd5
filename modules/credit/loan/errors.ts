import { defineErrors } from '../../../kernel/error.ts'

export const loanErrors = defineErrors('credit', {
  loan_not_found: 'not_found',
  loan_exists: 'conflict',
  loan_over: 'conflict',
  loan_overdue: 'conflict',
  loan_not_overdue: 'conflict',
  loan_in_instalments: 'conflict',
  loan_principal_wrong: 'invalid',
  offer_changed: 'conflict',
  nothing_owed: 'conflict',
  repayment_too_much: 'invalid',
  repayment_changed: 'conflict',
  repayment_running: 'conflict',
  repayment_reused: 'conflict',
  repayment_not_found: 'not_found',
  write_off_not_proposed: 'conflict',
  write_off_by_another: 'forbidden',
  day_not_over: 'invalid',
})
