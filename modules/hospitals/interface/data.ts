import type { Fen } from '../../../kernel/money.ts'
import type { Trace } from '../../../platform/exchange.ts'

// What passes between the hub and a hospital where payments are concerned, as the hub's code has it.

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
  | 'not_supported'
  | 'schedule_not_found'
  | 'schedule_stopped'
  | 'sold_out'
  | 'slot_taken'
  | 'lock_expired'
  | 'registration_not_found'
  | 'too_late'
  | 'report_not_found'
  | 'stay_not_found'

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
