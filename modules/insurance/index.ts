// The door of the module: other modules, adapters and apps import this file and no other.
export type { AuditCentre, AuditFinding, AuditRequest } from './centre/audit.ts'
export type {
  CatalogueCentre,
  CatalogueFile,
  CatalogueFileInfno,
  CatalogueFileRow,
  CatalogueKind,
  CatalogueRowOf,
} from './centre/catalogue.ts'
export type {
  ClearingApplication,
  ClearingCentre,
  ClearingMonth,
  ElsewhereRow,
} from './centre/clearing.ts'
export type {
  ChosenInstitution,
  ChronicFiling,
  FilingCentre,
  NewTransfer,
  TransferFiling,
} from './centre/filing.ts'
export type {
  Admission,
  Discharge,
  InpatientCentre,
  InpatientDiagnosis,
  InpatientLine,
  InpatientSettleRequest,
  Stay,
} from './centre/inpatient.ts'
export type {
  Accumulation,
  DictionaryEntry,
  DispensedDrug,
  Entitlement,
  InquiryCentre,
  Institution,
  KnownDiagnosis,
  KnownVisit,
  SettledLine,
} from './centre/inquiries.ts'
export type {
  DecodedVoucher,
  MobileCentre,
  MobileConsent,
  MobileFees,
  MobileOrder,
  MobileOrderKey,
  MobilePayment,
  MobilePerson,
  MobileRefund,
  VoucherScan,
} from './centre/mobile.ts'
export type { NationalCentre } from './centre/national-centre.ts'
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
  LineLevel,
  MedType,
  NewVisit,
  Settled,
  SettleRequest,
  Staff,
  UnreadableFile,
  VisitInfo,
} from './insurance-centre.ts'
export type { ReversalAnswer } from './reversal.ts'
