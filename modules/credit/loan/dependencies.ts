import type { Clock } from '../../../kernel/time.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Audit } from '../../../platform/audit.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import type { Ledger } from '../../ledger/index.ts'
import type { PrincipalRepaid } from '../loan-book.ts'
import type { IsOpen } from '../offer/due-dates.ts'
import type { LenderId, LoanId, PersonId, Product, ProductId } from '../terms.ts'
import type { Collector } from './collector.ts'
import type { LoanRules } from './loan.ts'

export type LoanDependencies = {
  db: Db
  clock: Clock
  ledger: Ledger
  audit: Audit
  /** Errors: throws when the lender has no such product. */
  productOf: (tx: Tx, lenderId: LenderId, productId: ProductId) => Promise<Product>
  rulesOf: (lenderId: LenderId) => Promise<LoanRules>
  /** On which days the lender is open; Monday to Friday without it. */
  isOpen?: IsOpen
  /** Takes a payer's money: the lender's debit of its own account, or a channel. */
  collector: Collector
  /** Frees the line, in the transaction of the repayment. */
  onRepaid: (tx: Tx, repaid: PrincipalRepaid) => Promise<void>
  /** Loans came into another stage: suspends their lines, or lets them be resumed. */
  onStages: (tx: Tx, moves: readonly StageMove[]) => Promise<void>
}

/** Hears of one loan or repayment that failed while the others went on. */
export type OnError = (error: unknown, subject: string) => void

export type StageMove = {
  lenderId: LenderId
  personId: PersonId
  loanId: LoanId
  stage: string
  suspends: boolean
  on: BusinessDate
}
