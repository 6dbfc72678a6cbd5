import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Ledger } from '../ledger/index.ts'
import type { ApplicantFacts } from './decide-application.ts'
import type { Applicant, Lender } from './lender.ts'
import type { LoanBook } from './loan-book.ts'
import type { LenderId, PersonId } from './terms.ts'
import type { CreditVisit } from './visit.ts'

export type CreditDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  ledger: Ledger
  loans: LoanBook
  /** The bank's own interface, or the built-in lender; null when the bank is not connected. */
  lenderOf: (lenderId: LenderId) => Promise<Lender | null>
  /** The person as verified; null when they are not. */
  applicantOf: (personId: PersonId) => Promise<Applicant | null>
  factsOf: (lenderId: LenderId, personId: PersonId) => Promise<ApplicantFacts>
  /** A visit is settled, paid early or over with nothing drawn: once, in the transaction in which it came to that. */
  onVisitEnded?: (tx: Tx, visit: CreditVisit) => Promise<void>
}
