import { defineErrors } from '../../../kernel/error.ts'

export const matchingErrors = defineErrors('reconciliation', {
  matching_rules_invalid: 'invalid',
  matching_side_unreadable: 'invalid',
  matching_too_different: 'rejected',
  matching_stopped: 'unavailable',
})
