import { defineErrors } from '../../kernel/error.ts'

export const ledgerErrors = defineErrors('ledger', {
  queue_full: 'unavailable',
  account_not_found: 'not_found',
  entry_not_found: 'not_found',
  cursor_wrong: 'invalid',
  dates_reversed: 'invalid',
  range_too_long: 'invalid',
  date_and_instant: 'invalid',
  too_many_rows: 'rejected',
})
