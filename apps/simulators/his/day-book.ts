import type { BusinessDate } from '../../../kernel/time.ts'
import { findBill } from './bill-rows.ts'
import type { His } from './context.ts'
import { listReceipts } from './receipts.ts'

/** A line of the hospital's day, of bills and of stays alike, as products lay it into a file. */
export type DayLine = {
  kind: 'payment' | 'refund'
  scene: 'registration' | 'outpatient' | 'deposit' | 'discharge'
  paymentNo: string
  refundNo: string | null
  /** The bill, or the stay. */
  subjectNo: string
  patientNo: string
  receiptNo: string
  amountFen: number
  pooledFen: number
  accountFen: number
  at: Date
}

/** By moment and number. What was taken back is not in it. */
export function dayBook(his: His, date: BusinessDate): DayLine[] {
  return [...billLines(his, date), ...stayLines(his, date)].sort(
    (a, b) => a.at.getTime() - b.at.getTime() || (a.receiptNo < b.receiptNo ? -1 : 1),
  )
}

const billLines = (his: His, date: BusinessDate): DayLine[] =>
  listReceipts(his.store, date, { limit: -1, offset: 0 }).map((receipt) => {
    const bill = findBill(his, receipt.billNo)
    const of = (kind: string) =>
      receipt.tenders.reduce((sum, t) => (t.kind === kind ? sum + t.amountFen : sum), 0)
    return {
      kind: receipt.kind,
      scene: bill?.kind ?? 'outpatient',
      paymentNo: receipt.paymentNo,
      refundNo: receipt.refundNo,
      subjectNo: receipt.billNo,
      patientNo: bill?.patientNo ?? '',
      receiptNo: receipt.receiptNo,
      amountFen: receipt.amountFen,
      pooledFen: of('pooled'),
      accountFen: of('account'),
      at: receipt.at,
    }
  })

const stayLines = ({ store }: His, date: BusinessDate): DayLine[] =>
  store
    .all<StayLineRow>(
      `select r.*, s.patient_no from stay_receipt r join stay s using (stay_no)
      where r.business_date = ?`,
      date,
    )
    .map((row) => ({
      kind: row.kind === 'deposit_refund' ? 'refund' : 'payment',
      scene: row.kind === 'settlement' ? 'discharge' : 'deposit',
      paymentNo: row.payment_no,
      refundNo: row.refund_no,
      subjectNo: row.stay_no,
      patientNo: row.patient_no,
      receiptNo: row.receipt_no,
      amountFen: row.amount_fen,
      pooledFen: row.pooled_fen,
      accountFen: row.account_fen,
      at: new Date(row.at),
    }))

type StayLineRow = {
  receipt_no: string
  stay_no: string
  kind: 'deposit' | 'deposit_refund' | 'settlement'
  payment_no: string
  refund_no: string | null
  amount_fen: number
  pooled_fen: number
  account_fen: number
  at: string
  patient_no: string
}
