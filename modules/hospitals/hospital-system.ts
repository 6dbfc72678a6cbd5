import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Trace } from '../../platform/exchange.ts'

/**
 * What the hub asks of a hospital's information system (HIS): docs/interface/hospital-standard.md.
 *
 * An adapter only translates. It never throws for an answer it understands, and says 'unknown'
 * whenever it cannot be sure: silence, HTML, a wrong signature, a field it cannot read. Every
 * changing operation carries a business key, and the same key with the same content may be sent again.
 */
export interface HospitalSystem {
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

/** Told about every exchange with the HIS, redacted. */
export type HisCall = { trace: Trace }

export type HisAnswer<T> =
  | { outcome: 'ok'; data: T }
  | { outcome: 'refused'; code: HisRefusal; detail: HisRefusalDetail }
  | { outcome: 'unknown'; reason: string }

/** What the HIS says no to, for good. SYSTEM_BUSY is not here: it says nothing and is 'unknown'. */
export type HisRefusal =
  | 'invalid_request'
  | 'signature_invalid'
  | 'replayed'
  | 'patient_not_found'
  | 'bill_not_found'
  | 'bill_changed'
  | 'bill_void'
  | 'bill_already_paid'
  | 'amount_mismatch'
  | 'duplicate_different'
  | 'refund_not_allowed'

export type HisRefusalDetail = {
  message: string
  version?: number
  totalFen?: Fen
  paymentNo?: string
  lines?: number[]
}

export type HisDepartment = {
  code: string
  name: string
  subjectCode: string
  location: string
  doctors: { code: string; name: string; title: string; registrationFeeFen: Fen }[]
}

export type HisBill = {
  billNo: string
  version: number
  kind: 'registration' | 'outpatient'
  visitNo: string
  patientNo: string
  department: { code: string; name: string }
  doctor: { code: string; name: string }
  diagnosis: { code: string; name: string }
  createdAt: Date
  totalFen: Fen
  status: 'open' | 'paid' | 'void' | 'part_refunded' | 'refunded'
  paymentNo: string | null
  receiptNo: string | null
  items: HisBillItem[]
}

export type HisBillItem = {
  lineNo: number
  code: string
  nationalCode: string
  name: string
  spec: string
  unit: string
  chargeCategory: string // med_chrgitm_type
  insuranceClass: 'A' | 'B' | 'C' // 甲 乙 丙
  unitPriceFen: Fen
  quantity: number
  amountFen: Fen
  status: 'charged' | 'dispensed' | 'refunded'
}

export const HIS_TENDER_KINDS = [
  'pooled',
  'account',
  'commercial',
  'subsidy',
  'voucher',
  'package',
  'deposit',
  'credit',
  'self_pay',
] as const

export type HisTender = { kind: (typeof HIS_TENDER_KINDS)[number]; amountFen: Fen }

/** Key: paymentNo and billNo. */
export type HisWriteBack = {
  paymentNo: string
  billNo: string
  version: number
  totalFen: Fen
  paidAt: Date
  tenders: (HisTender & { tradeNo: string })[]
  insuranceSettlementNo: string | null
}

export type HisReceipt = { receiptNo: string; confirmedAt: Date; guidance: string[] }

/** Key: refundNo. No lines means all of them. */
export type HisRefund = {
  refundNo: string
  paymentNo: string
  billNo: string
  lineNos: number[]
  amountFen: Fen
  reason: string
}

export type HisRefundDone = { refundNo: string; completedAt: Date; tenders: HisTender[] }

export type HisDayRow = {
  kind: 'payment' | 'refund'
  paymentNo: string
  refundNo: string | null
  billNo: string
  receiptNo: string
  amountFen: Fen
  at: Date
  tenders: HisTender[]
}

export type HisDayList = {
  rows: HisDayRow[]
  totals: { payments: number; paymentsFen: Fen; refunds: number; refundsFen: Fen }
}
