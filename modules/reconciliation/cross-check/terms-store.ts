import { twoPersonTerms } from '../../../platform/terms/two-person-terms.ts'
import { reconciliationErrors } from '../errors.ts'
import type { TermsKind } from '../tables.ts'

/** The table reconciliation.terms: cross-checks by their name. */
export const crossCheckTerms = twoPersonTerms<'ReconciliationTerms', TermsKind>(
  'reconciliation',
  reconciliationErrors,
)
