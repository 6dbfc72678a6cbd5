import Type from 'typebox'

import type { Fen } from '../../../kernel/money.ts'

// The words of docs/interface/hospital-standard.md, as this HIS reads and writes them.

export const PATH_PREFIX = '/yiqiao/v1/'
export const MAX_BODY_BYTES = 1_048_576
export const MAX_OPEN_BILLS = 50
export const MAX_ITEMS = 200
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

const closed = <Properties extends Type.TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const amountFen = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const tenderKind = Type.Enum([...TENDER_KINDS])
const lines = Type.Array(closed({ lineNo: Type.Integer({ minimum: 1 }) }), { maxItems: MAX_ITEMS })
const MAX_TENDERS = 20

export const Empty = closed({})

export const ResolvePatient = closed({
  idCardNo: Type.String({ pattern: '^\\d{17}[\\dX]$' }),
  name: text(50),
})

export const ListBills = closed({ patientNo: text(30) })

export const GetBill = closed({ billNo: text(30) })

export const WriteBack = closed({
  paymentNo: text(32),
  billNo: text(30),
  version: Type.Integer({ minimum: 1 }),
  totalFen: amountFen,
  paidAt: text(40),
  tenders: Type.Array(closed({ kind: tenderKind, amountFen, tradeNo: text(64) }), {
    minItems: 1,
    maxItems: MAX_TENDERS,
  }),
  insuranceSettlementNo: Type.Union([text(64), Type.Null()]),
})

export const VoidWriteBack = closed({ paymentNo: text(32), billNo: text(30), reason: text(200) })

export const ApproveRefund = closed({
  refundNo: text(32),
  paymentNo: text(32),
  billNo: text(30),
  lines,
  amountFen,
  reason: text(200),
})

export const CompleteRefund = closed({
  refundNo: text(32),
  completedAt: text(40),
  tenders: Type.Array(closed({ kind: tenderKind, amountFen }), {
    minItems: 1,
    maxItems: MAX_TENDERS,
  }),
})

export const CancelRefund = closed({ refundNo: text(32), reason: text(200) })

export const DayListPage = closed({
  businessDate: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  page: Type.Integer({ minimum: 1 }),
})

export type ResolvePatient = Type.Static<typeof ResolvePatient>
export type WriteBack = Type.Static<typeof WriteBack>
export type VoidWriteBack = Type.Static<typeof VoidWriteBack>
export type ApproveRefund = Type.Static<typeof ApproveRefund>
export type CompleteRefund = Type.Static<typeof CompleteRefund>
export type CancelRefund = Type.Static<typeof CancelRefund>
export type DayListPage = Type.Static<typeof DayListPage>
