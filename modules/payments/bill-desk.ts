import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Trace } from '../../platform/exchange.ts'
import type { PartKind } from './money.ts'

/**
 * What payments asks of whoever keeps the bills. Payments knows nothing of care: it sees amounts with
 * lines, pays them in full, and tells this desk.
 */
export interface BillDesk {
  /**
   * The bills as they stand at the hospital this moment. Errors: throws billing's errors for a bill that is
   * unknown, of somebody else, changed, void or paid, and 'hospital_unavailable' when nobody answers.
   */
  present(request: {
    hospitalId: HospitalId
    personId: Id<'Person'>
    bills: readonly BillReference[]
  }): Promise<Payable[]>
  /** Tells the hospital that a bill is paid; key: paymentNo and bill. */
  writeBack(call: DeskCall, paid: PaidBill): Promise<WriteBackAnswer>
  voidWriteBack(
    call: DeskCall,
    paid: { paymentNo: string; billNo: string; reason: string },
  ): Promise<DeskAnswer>
  approveRefund(call: DeskCall, refund: RefundNotice): Promise<DeskAnswer>
  completeRefund(
    call: DeskCall,
    refund: { refundNo: string; completedAt: Date; parts: { kind: PartKind; amountFen: Fen }[] },
  ): Promise<DeskAnswer<{ receiptNo: string }>>
  cancelRefund(call: DeskCall, refund: { refundNo: string; reason: string }): Promise<DeskAnswer>
}

export type DeskCall = { hospitalId: HospitalId; trace: Trace }

export type BillReference = { billNo: string; version: number }

/** One bill to be paid in full. */
export type Payable = BillReference & {
  visitNo: string
  patientNo: string
  kind: 'registration' | 'outpatient'
  title: string // '心血管内科 张医生', for the payer
  department: { code: string; name: string }
  doctor: { code: string; name: string }
  diagnosis: { code: string; name: string }
  billedAt: Date
  totalFen: Fen
  lines: PayableLine[]
}

export type PayableLine = {
  billNo: string
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
}

export type PaidBill = BillReference & {
  paymentNo: string
  totalFen: Fen
  paidAt: Date
  parts: { kind: PartKind; amountFen: Fen; tradeNo: string }[]
  insuranceSettlementNo: string | null
}

export type WriteBackAnswer = DeskAnswer<{ receiptNo: string; guidance: string[] }>

export type DeskAnswer<T extends object = object> =
  | { outcome: 'done'; data: T }
  | { outcome: 'refused'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

export type RefundNotice = {
  refundNo: string
  paymentNo: string
  billNo: string
  lineNos: number[]
  amountFen: Fen
  reason: string
}
