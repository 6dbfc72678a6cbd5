// The door of the module: other modules, adapters and apps import this file and no other.
export { connectedBy, createChannelConnections, createConnections } from './connections.ts'
export { createBulkhead } from './bulkhead.ts'
export { hospitalErrors } from './errors.ts'
export { sealedHospitals } from './sealed.ts'
export type {
  HisAnswer,
  HisBill,
  HisBillItem,
  HisCall,
  HisDayList,
  HisDayRow,
  HisDepartment,
  HisReceipt,
  HisRefund,
  HisRefundDone,
  HisRefusal,
  HisRefusalDetail,
  HisTender,
  HisWriteBack,
} from './interface/data.ts'
export type { HospitalBilling, HospitalSystem, HospitalVisits } from './hospital-system.ts'
export type { Ask, Question } from './interface/ask.ts'
export { hospitalDocument } from './interface/document.ts'
export type { HisReport, HisReportHead } from './interface/reports.ts'
export { OPERATION_NAMES, OPERATIONS, type OperationName } from './interface/operations.ts'
export type { Reader } from './interface/reading.ts'
export { redact, redactText } from './interface/redact.ts'
export { detailOf, REFUSALS } from './interface/refusals.ts'
export { createHospitalSystem } from './interface/system.ts'
export type { ConnectionKind, Department, Doctor, Hospital, HospitalStatus } from './hospital.ts'
export { addHospitalHook } from './hospital-hook.ts'
export { createHospitals, type Hospitals } from './hospitals.ts'
export { createHeardMessages, type HeardMessages } from './notices/heard-messages.ts'
export { type HisNotice, readNotice } from './interface/notices.ts'
export { createHospitalNotices, type HospitalNotices } from './notices/notices.ts'
export { hospitalNoticeRoutes } from './notices/routes.ts'
export { createOnboarding, type Onboarding } from './onboarding/onboarding.ts'
export type { DraftContent } from './onboarding/draft.ts'
export { readReviewFile } from './onboarding/review-file.ts'
export { onboardingRoutes } from './onboarding/routes.ts'
export { createRolloutProposals } from './rollout/proposals.ts'
export { createRollouts, type Rollouts } from './rollout/rollout.ts'
export { rolloutRoutes } from './rollout/routes.ts'
export { hospitalRoutes } from './routes.ts'
export { useNonce } from './store.ts'
export { createOwnMemory, createSystemMemory, type SystemMemory } from './system-memory.ts'
export type { Check as ConformanceCheck } from './conformance/check.ts'
export { conformanceChecks } from './conformance/checks.ts'
export { type Fixtures, readFixtures } from './conformance/fixtures.ts'
export { HAND_NAMES, type HandName, type Hands, noHands } from './conformance/hands.ts'
export { conformancePage } from './conformance/page.ts'
export type { CheckReport, ConformanceReport } from './conformance/report.ts'
export { runConformance } from './conformance/run.ts'
export type {
  ConformanceDeps,
  ConformanceStep,
  ConformanceSubject,
  Door,
  HeardRequest,
  Listener,
  Oddity,
} from './conformance/subject.ts'
