import { defineErrors } from '../../kernel/error.ts'

export const statementErrors = defineErrors('statements', {
  file_not_found: 'not_found',
  file_not_taken: 'conflict',
  no_earlier_version: 'not_found',
  layout_not_found: 'not_found',
  layout_wrong: 'rejected',
  layout_shipped: 'conflict',
  source_unknown: 'not_found',
  schedule_wrong: 'rejected',
  fetch_wrong: 'rejected',
  fetching_not_found: 'not_found',
  range_too_long: 'invalid',
  body_missing: 'invalid',
  file_too_large: 'invalid',
})
