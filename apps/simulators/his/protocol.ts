import type { Fen } from '../../../kernel/money.ts'

// The hospital's own words for what is asked of it and what it answers, whatever face it is asked through. They are those of
// docs/interface/hospital-standard.md, whose face needs no other.

export const MAX_OPEN_BILLS = 50
export const MAX_ITEMS = 500
export const MAX_DAY_ROWS = 500

export type AnswerCode =
  | 'OK'
  | 'INVALID_REQUEST'
  | 'SIGNATURE_INVALID'
  | 'REPLAYED'
  | 'PATIENT_NOT_FOUND'
  | 'BILL_NOT_FOUND'
  | 'BILL_CHANGED'
  | 'BILL_VOID'
  | 'BILL_ALREADY_PAID'
  | 'AMOUNT_MISMATCH'
  | 'DUPLICATE_DIFFERENT'
  | 'REFUND_NOT_ALLOWED'
  | 'SYSTEM_BUSY'
  | 'IDENTITY_INVALID'
  | 'CLINIC_NOT_FOUND'
  | 'CLINIC_STOPPED'
  | 'SOLD_OUT'
  | 'SLOT_TAKEN'
  | 'LOCK_NOT_FOUND'
  | 'LOCK_EXPIRED'
  | 'ALREADY_REGISTERED'
  | 'REGISTRATION_NOT_FOUND'
  | 'REGISTRATION_NOT_PAID'
  | 'REGISTRATION_OVER'
  | 'CANCEL_NOT_ALLOWED'
  | 'CHECK_IN_NOT_NOW'
  | 'REPORT_NOT_FOUND'
  | 'STAY_NOT_FOUND'
  | 'STAY_NOT_LEAVING'
  | 'STAY_OVER'
  | 'BALANCE_TOO_SMALL'

/** A fault plan may have any code answered, so the code of an answer is open. */
export type Answer = { code: AnswerCode | (string & {}); message: string; data?: object }

export const done = (data: object): Answer => ({ code: 'OK', message: '', data })

export const refusal = (code: AnswerCode, message: string, data?: object): Answer => ({
  code,
  message,
  ...(data && { data }),
})

export type Bill = {
  billNo: string
  version: number
  kind: BillKind
  visitNo: string
  patientNo: string
  department: Named
  doctor: Named
  diagnosis: Named
  createdAt: string
  totalFen: Fen
  status: BillStatus
  paymentNo: string | null
  receiptNo: string | null
  items: BillItem[]
}

export type BillItem = {
  lineNo: number
  code: string
  nationalCode: string
  name: string
  spec: string
  unit: string
  chargeCategory: string
  insuranceClass: 'A' | 'B' | 'C'
  unitPriceFen: Fen
  quantity: number
  amountFen: Fen
  status: LineStatus
}

export type Named = { code: string; name: string }
export type BillKind = 'registration' | 'outpatient'
export type BillStatus = 'open' | 'paid' | 'void' | 'part_refunded' | 'refunded'
export type LineStatus = 'charged' | 'dispensed' | 'refunded'
export const TENDER_KINDS = [
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
export type TenderKind = (typeof TENDER_KINDS)[number]

export type DayTotals = {
  payments: number
  paymentsFen: Fen
  refunds: number
  refundsFen: Fen
}

/** What is asked, each shape as a face has read it: instants are RFC 3339, amounts whole fen. */
export type ResolvePatient = { idCardNo: string; name: string }

export type WriteBack = {
  paymentNo: string
  billNo: string
  version: number
  totalFen: number
  paidAt: string
  tenders: { kind: TenderKind; amountFen: number; tradeNo: string }[]
  insuranceSettlementNo: string | null
}

export type VoidWriteBack = { paymentNo: string; billNo: string; reason: string }

export type ApproveRefund = {
  refundNo: string
  paymentNo: string
  billNo: string
  /** None for all of them. */
  lines: { lineNo: number }[]
  amountFen: number
  reason: string
}

export type CompleteRefund = {
  refundNo: string
  completedAt: string
  tenders: { kind: TenderKind; amountFen: number }[]
}

export type CancelRefund = { refundNo: string; reason: string }

export type DayListPage = { businessDate: string; page: number }
