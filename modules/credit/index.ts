// The door of the module: other modules, adapters and apps import this file and no other.
export type { Application, Review } from './application-store.ts'
export {
  type BuiltInDependencies,
  type CollectRepayment,
  createBuiltInLender,
} from './built-in-lender.ts'
export { type Collections, createCollections } from './collection/collections.ts'
export type { CollectionDependencies } from './collection/dependencies.ts'
export { type CollectionRouteContext, collectionRoutes } from './collection/routes.ts'
export { consentLog } from './consent-log-store.ts'
export { createCredit, type Credit } from './credit.ts'
export type { ApplicantFacts, Decision } from './decide-application.ts'
export type { CreditDependencies } from './dependencies.ts'

export type * from './lender.ts'
export type { LenderEntry } from './lender-store.ts'
export type { LoanBook, NewLoan, PrincipalReduction, PrincipalRepaid } from './loan-book.ts'
export type { CollectAnswer, Collector, CollectOrder } from './loan/collector.ts'
export type { LoanDependencies, StageMove } from './loan/dependencies.ts'

export { type LoanRules, type Portfolio, USUAL_RULES } from './loan/loan.ts'
export { createLoans, type Loans, type LoanWithInstalments } from './loan/loans.ts'
export type { LoanRouteContext } from './loan/route-parts.ts'
export { loanRoutes } from './loan/routes.ts'
export { type Offer, type OfferTerms } from './offer/offer.ts'
export { creditRoutes } from './routes.ts'
export {
  type CreditVisitId,
  type LenderId,
  lenderId,
  type Product,
  type RepaymentWay,
  type Scene,
} from './terms.ts'
export type { CreditVisit, EndCause } from './visit.ts'
