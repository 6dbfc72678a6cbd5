import { defineErrors } from '../../kernel/error.ts'

export const coverageErrors = defineErrors('coverage', {
  insurer_unknown: 'not_found',
  policy_unknown: 'not_found', // the insurer knows no such policy of the person
  policy_not_bound: 'not_found',
  identity_missing: 'rejected',
  too_many_policies: 'rejected',
  insurer_unavailable: 'unavailable',
  insurer_refused: 'rejected',
  consent_missing: 'rejected',
  consent_outdated: 'conflict', // another text is in force than the one the person was shown
  consent_not_found: 'not_found',
  consent_scope_empty: 'invalid',
  consent_expires_too_late: 'invalid',
  claim_not_found: 'not_found',
  claim_needs_nobody: 'conflict',
})
