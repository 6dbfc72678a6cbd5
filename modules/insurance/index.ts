// The door of the module: other modules, adapters and apps import this file and no other.
export type { CatalogueReading } from './catalogue/reading.ts'
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
export { clearingRoutes } from './clearing/routes.ts'
export type { ClearingRow, MonthRecord } from './clearing/store.ts'
export type { Dependencies as InsuranceDependencies, InsuranceOptions } from './claim-work.ts'
export type { ClaimRecord, Explanation, SettledClaim } from './explain.ts'
export { brokenIdentity, brokenLineIdentity, type Figures, type LineFigures } from './figures.ts'
export { isSamePool } from './insured-area.ts'
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
  PersonInsurance,
  RefusalCode,
  Settled,
  SettleRequest,
  Staff,
  UnreadableFile,
  VisitInfo,
} from './insurance-centre.ts'
export type { MobileAnswer, NewMobileOrder } from './mobile/orders.ts'
export type { OrderRecord as MobileOrderRecord } from './mobile/store.ts'
export type { ReversalAnswer } from './reversal.ts'
export type { Stay as InsuredStay, StayLine, StaySettlement, StayStatus } from './stay/stay.ts'
export type { StayAnswer } from './stay/stay-work.ts'
export type { NewStay, StayEnd } from './stay/stays.ts'
export type { YearStanding } from './year/store.ts'
export { type AccumulationKinds, yearSoFarOf } from './year/year-so-far.ts'
