import { twoPersonTerms } from '../../platform/terms/two-person-terms.ts'
import { accountingErrors } from './errors.ts'
import type { TermsKind } from './tables.ts'

/** The table accounting.terms: a hospital's template, and layouts by their name. */
export const accountingTerms = twoPersonTerms<'AccountingTerms', TermsKind>(
  'accounting',
  accountingErrors,
)
