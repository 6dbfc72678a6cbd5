// The door of the module: other modules, adapters and apps import this file and no other.
export type { Dependencies as InsuranceDependencies, InsuranceOptions } from './claim-work.ts'
export type { ClaimRecord, Explanation } from './explain.ts'
export { brokenIdentity, brokenLineIdentity, type Figures, type LineFigures } from './figures.ts'
export { createInsurance, type Insurance } from './insurance.ts'
export type {
  CentreAnswer,
  CentreCall,
  ComparedGroup,
  ComparedRow,
  ComparisonResult,
  Credential,
  DetailLine,
  DetailResult,
  Details,
  DifferenceFile,
  DifferenceRow,
  InsuranceCentre,
  InsuredPerson,
  KnownSettlement,
  MedType,
  NewVisit,
  Settled,
  SettleRequest,
  Staff,
  UnreadableFile,
  VisitInfo,
} from './insurance-centre.ts'
export type { ReversalAnswer } from './reversal.ts'
