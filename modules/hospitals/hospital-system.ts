import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { HisPaymentStatus, HisPreSettled } from './interface/bills.ts'
import type {
  HisAppointment,
  HisLock,
  HisLockRequest,
  HisQueue,
  HisRegistration,
  HisRegistrationStatus,
  HisSchedule,
  HisSlot,
} from './interface/booking.ts'
import type {
  HisCall,
  HisAnswer,
  HisDepartment,
  HisBill,
  HisWriteBack,
  HisReceipt,
  HisRefund,
  HisRefundDone,
  HisDayList,
} from './interface/data.ts'
import type { HisNewPatient } from './interface/patients.ts'
import type { HisReport, HisReportHead } from './interface/reports.ts'
import type {
  HisDailyList,
  HisDeposit,
  HisDischarge,
  HisStay,
  HisStaySettlement,
} from './interface/stays.ts'

/**
 * What the hub asks of a hospital's information system (HIS): docs/interface/hospital-standard.md.
 *
 * An adapter only translates. It never throws for an answer it understands, and says 'unknown'
 * whenever it cannot be sure: silence, HTML, a wrong signature, a field it cannot read. Every
 * changing operation carries a business key, and the same key with the same content may be sent again.
 */
export type HospitalSystem = HospitalBilling & HospitalVisits

/** The money side: what is owed, that it was paid, and what a day came to. */
export interface HospitalBilling {
  heartbeat(call: HisCall): Promise<HisAnswer<{ at: Date }>>
  departments(call: HisCall): Promise<HisAnswer<HisDepartment[]>>
  resolvePatient(
    call: HisCall,
    person: { idCardNo: string; name: string },
  ): Promise<HisAnswer<{ patientNo: string; cardNo: string }>>
  openBills(call: HisCall, patientNo: string): Promise<HisAnswer<HisBill[]>>
  bill(call: HisCall, billNo: string): Promise<HisAnswer<HisBill>>
  writeBack(call: HisCall, payment: HisWriteBack): Promise<HisAnswer<HisReceipt>>
  voidWriteBack(
    call: HisCall,
    payment: { paymentNo: string; billNo: string; reason: string },
  ): Promise<HisAnswer<{ voidedAt: Date }>>
  approveRefund(call: HisCall, refund: HisRefund): Promise<HisAnswer<{ approvalNo: string }>>
  completeRefund(call: HisCall, refund: HisRefundDone): Promise<HisAnswer<{ receiptNo: string }>>
  cancelRefund(
    call: HisCall,
    refund: { refundNo: string; reason: string },
  ): Promise<HisAnswer<object>>
  /** All rows of a closed business date; the adapter turns the pages. */
  dayList(call: HisCall, businessDate: BusinessDate): Promise<HisAnswer<HisDayList>>
}

/** The visit itself. A system that cannot do one of these refuses it with 'not_supported'. */
export interface HospitalVisits {
  createPatient(
    call: HisCall,
    patient: HisNewPatient,
  ): Promise<HisAnswer<{ patientNo: string; cardNo: string }>>
  schedules(
    call: HisCall,
    of: { from: BusinessDate; to: BusinessDate; departmentCode: string | null },
  ): Promise<HisAnswer<HisSchedule[]>>
  slots(call: HisCall, scheduleNo: string): Promise<HisAnswer<HisSlot[]>>
  /** Key: lockNo. */
  lockSlot(call: HisCall, lock: HisLockRequest): Promise<HisAnswer<HisLock>>
  unlockSlot(
    call: HisCall,
    lock: { lockNo: string; reason: string },
  ): Promise<HisAnswer<{ unlockedAt: Date }>>
  /** Key: appointmentNo. */
  register(call: HisCall, appointment: HisAppointment): Promise<HisAnswer<HisRegistration>>
  registration(call: HisCall, appointmentNo: string): Promise<HisAnswer<HisRegistrationStatus>>
  cancelRegistration(
    call: HisCall,
    appointment: { appointmentNo: string; reason: string },
  ): Promise<HisAnswer<{ cancelledAt: Date }>>
  takeNumber(call: HisCall, appointmentNo: string): Promise<HisAnswer<HisQueue>>
  queue(call: HisCall, appointmentNo: string): Promise<HisAnswer<HisQueue>>
  preSettle(
    call: HisCall,
    bill: { billNo: string; version: number; insuranceToken: string | null },
  ): Promise<HisAnswer<HisPreSettled>>
  payment(
    call: HisCall,
    of: { paymentNo: string; billNo: string },
  ): Promise<HisAnswer<HisPaymentStatus>>
  reports(
    call: HisCall,
    of: { patientNo: string; from: BusinessDate; to: BusinessDate },
  ): Promise<HisAnswer<HisReportHead[]>>
  report(call: HisCall, reportNo: string): Promise<HisAnswer<HisReport>>
  stay(call: HisCall, patientNo: string): Promise<HisAnswer<HisStay | null>>
  dailyList(
    call: HisCall,
    of: { stayNo: string; businessDate: BusinessDate },
  ): Promise<HisAnswer<HisDailyList>>
  /** Key: depositNo. */
  payDeposit(
    call: HisCall,
    deposit: HisDeposit,
  ): Promise<HisAnswer<{ receiptNo: string; depositFen: Fen }>>
  preSettleStay(call: HisCall, stayNo: string): Promise<HisAnswer<HisStaySettlement>>
  /** Key: settlementNo. */
  discharge(
    call: HisCall,
    settlement: HisDischarge,
  ): Promise<HisAnswer<{ receiptNo: string; dischargedAt: Date }>>
}
