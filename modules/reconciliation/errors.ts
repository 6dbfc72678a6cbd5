import { defineErrors } from '../../kernel/error.ts'

export const reconciliationErrors = defineErrors('reconciliation', {
  day_not_found: 'not_found',
  day_not_over: 'conflict',
  statement_not_found: 'not_found',
  case_not_found: 'not_found',
  case_resolved: 'conflict',
  range_too_long: 'invalid',
  resolution_wrong: 'invalid',
  day_locked: 'conflict',
  day_not_locked: 'conflict',
  day_not_ready: 'conflict',
  note_needed: 'rejected',
  closing_not_found: 'not_found',
  adjustment_not_found: 'not_found',
  adjustment_decided: 'conflict',
  adjustment_pending: 'conflict',
  adjustment_kind_wrong: 'invalid',
  adjustment_too_much: 'rejected',
  second_person_needed: 'rejected',
  report_too_many_pages: 'rejected',
})
