// The door of the module: other modules, adapters and apps import this file and no other.
export { type Benefit, type BenefitBill, type BenefitPolicy } from './benefit.ts'
export type { HolidayCalendar } from './business-days.ts'
export { type Coverage, createCoverage } from './coverage.ts'
export type {
  CoverageOptions,
  Dependencies as CoverageDependencies,
  PapersRequest,
} from './dependencies.ts'

export {
  type Advance,
  type AdvanceRequest,
  type BillForInsurer,
  type BillLine,
  type ClaimDocument,
  type ClaimState,
  type ClaimSubmission,
  type ConfirmRequest,
  type DayStatement,
  type DocumentKind,
  type Holder,
  type InsuranceClass,
  type Insurer,
  type InsurerAnswer,
  type InsurerCall,
  type KnownOrder,
  type OrderNos,
  type Policy,
  type PolicyState,
  type PolicyTerms,
  type Refusal,
  type Returned,
  type ReturnNos,
  type ReturnRequest,
  type Settled,
  type StatementEntry,
  type UnreadableStatement,
  type VisitKind,
} from './insurer.ts'
export type { Consent as CoverageConsent } from './consent.ts'
export { type BoundPolicy, consentsOf, policiesOf } from './person-store.ts'
export type { Product, ProductKind } from './product.ts'
export { coverageRoutes } from './routes.ts'
export { baseUrlField, CONTRACT_FIELDS, contractReader, type Place } from './insurer-contract.ts'
