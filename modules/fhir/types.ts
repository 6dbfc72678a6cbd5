import type { TypeName } from './access.ts'
import type { FhirDependencies } from './dependencies.ts'
import { appointmentReader, scheduleReader, slotReader } from './readers/clinic.ts'
import {
  accountReader,
  chargeItemReader,
  invoiceReader,
  paymentNoticeReader,
  paymentReconciliationReader,
} from './readers/money.ts'
import { consentReader, coverageReader, patientReader } from './readers/people.ts'
import type { Reader } from './readers/reader.ts'
import { auditEventReader, diagnosticReportReader } from './readers/records.ts'
import { accountType } from './resources/account.ts'
import { appointmentType } from './resources/appointment.ts'
import { auditEventType } from './resources/audit-event.ts'
import { chargeItemType } from './resources/charge-item.ts'
import { consentType } from './resources/consent.ts'
import { coverageType } from './resources/coverage.ts'
import { diagnosticReportType } from './resources/diagnostic-report.ts'
import { invoiceType } from './resources/invoice.ts'
import { patientType } from './resources/patient.ts'
import { paymentNoticeType } from './resources/payment-notice.ts'
import { paymentReconciliationType } from './resources/payment-reconciliation.ts'
import { scheduleType } from './resources/schedule.ts'
import { slotType } from './resources/slot.ts'
import { type AnyType, anyType } from './type.ts'

/** Every type of the façade. The CapabilityStatement, the routes and the search are all made of this. */
export const FHIR_TYPES: Record<TypeName, AnyType> = {
  Patient: anyType(patientType),
  Coverage: anyType(coverageType),
  Schedule: anyType(scheduleType),
  Slot: anyType(slotType),
  Appointment: anyType(appointmentType),
  Account: anyType(accountType),
  ChargeItem: anyType(chargeItemType),
  Invoice: anyType(invoiceType),
  PaymentNotice: anyType(paymentNoticeType),
  PaymentReconciliation: anyType(paymentReconciliationType),
  DiagnosticReport: anyType(diagnosticReportType),
  Consent: anyType(consentType),
  AuditEvent: anyType(auditEventType),
}

export const readersOf = (deps: FhirDependencies): Record<TypeName, Reader> => ({
  Patient: patientReader(deps),
  Coverage: coverageReader(deps),
  Schedule: scheduleReader(deps),
  Slot: slotReader(deps),
  Appointment: appointmentReader(deps),
  Account: accountReader(deps),
  ChargeItem: chargeItemReader(deps),
  Invoice: invoiceReader(deps),
  PaymentNotice: paymentNoticeReader(deps),
  PaymentReconciliation: paymentReconciliationReader(deps),
  DiagnosticReport: diagnosticReportReader(deps),
  Consent: consentReader(deps),
  AuditEvent: auditEventReader(deps),
})
