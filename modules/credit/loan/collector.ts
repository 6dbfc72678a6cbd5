import type { Fen } from '../../../kernel/money.ts'
import type { LenderId, LoanId, PersonId } from '../terms.ts'
import type { RepaymentScope, RepaymentSource } from './loan.ts'

/**
 * How money for a loan is taken: the lender debits the borrower's account with it, or the borrower or somebody of the
 * family pays. Every verb may be asked again with the same number and then has the same effect as once. Never throws for
 * an answer it understands; silence is 'unknown', never 'refused'.
 */
export interface Collector {
  take(order: CollectOrder): Promise<CollectAnswer>
  /** 'absent' when nothing was taken by this number, and nothing will be unless it is asked again. */
  query(order: CollectOrder): Promise<CollectAnswer | { outcome: 'absent' }>
}

export type CollectOrder = {
  repaymentNo: string
  lenderId: LenderId
  loanId: LoanId
  payerId: PersonId
  source: RepaymentSource
  scope: RepaymentScope
  amountFen: Fen
}

export type CollectAnswer =
  | { outcome: 'taken'; providerNo: string }
  | { outcome: 'refused'; reason: string }
  | { outcome: 'unknown'; reason: string }
