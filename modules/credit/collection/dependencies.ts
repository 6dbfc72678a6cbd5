import type { NewId } from '../../../kernel/id.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Audit } from '../../../platform/audit.ts'
import type { Db } from '../../../platform/db.ts'
import type { Ledger } from '../../ledger/index.ts'
import type { Credit } from '../credit.ts'
import type { Lender } from '../lender.ts'
import type { Loans } from '../loan/loans.ts'
import type { LenderId } from '../terms.ts'

export type CollectionDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  ledger: Ledger
  /** The bank's own interface; null when it is not connected. */
  lenderOf: (lenderId: LenderId) => Promise<Lender | null>
  /** Both are made of what collects for them, so they are asked for when they are needed. */
  loans: () => Pick<Loans, 'receive' | 'resolveRepayment' | 'personOf'>
  credit: () => Pick<Credit, 'lookAfterVisit'>
}
