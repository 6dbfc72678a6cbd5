import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { LenderId, LoanId, PersonId, Product, RepaymentWay } from './terms.ts'

/** What lines and visits ask of the loans of a lender's book. All of it joins the caller's transaction. */
export interface LoanBook {
  /** Keeps the loan and its instalments. The settlement's entry is posted by whoever settles. */
  open(tx: Tx, loan: NewLoan): Promise<void>
  /**
   * A hospital gave this much back: it reduces the principal that is open, the last instalment first. Of a loan that was
   * given up it is recovered, as far as principal of it was never repaid. What is more was repaid already and is the
   * payer's. Posts nothing; frees nothing of the line.
   */
  reducePrincipal(tx: Tx, reduction: PrincipalReduction): Promise<ReducedPrincipal>
}

export type NewLoan = {
  loanId: LoanId
  lenderId: LenderId
  personId: PersonId
  /** Where the person was treated. */
  hospitalId: HospitalId
  visitNo: string | null
  /** As it was read in the same transaction. */
  product: Product
  principalFen: Fen
  openedAt: Date
  /** The last free day. */
  dueOn: BusinessDate
  way: RepaymentWay
}

export type ReducedPrincipal = { reducedFen: Fen; recoveredFen: Fen }

export type PrincipalReduction = {
  lenderId: LenderId
  loanId: LoanId
  amountFen: Fen
  at: Date
  /** The reversal's number: the same reduction is made once. */
  cause: string
}

/** Principal that came back, or was given up: the line, and the lender's limit at the hospital, are free by as much. */
export type PrincipalRepaid = {
  lenderId: LenderId
  personId: PersonId
  hospitalId: HospitalId
  amountFen: Fen
}
