import { twoPersonTerms } from '../../platform/terms/two-person-terms.ts'
import { settlementErrors } from './errors.ts'
import type { TermsKind } from './tables.ts'

/** The table settlement.terms: contracts by their provider, calendars by their year. */
export const settlementTerms = twoPersonTerms<'SettlementTerms', TermsKind>(
  'settlement',
  settlementErrors,
)
