import { fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import type { DayTotals, TenderKind } from './protocol.ts'
import type { Store } from './store.ts'

/** A line of the day book: a receipt for a payment, or a red one (红冲收据) for a refund. */
export type Receipt = {
  receiptNo: string
  kind: 'payment' | 'refund'
  paymentNo: string
  refundNo: string | null
  billNo: string
  amountFen: number
  /** When the money moved; its day in Shanghai is the day of the book. */
  at: Date
  insuranceSettlementNo: string | null
  tenders: { kind: TenderKind; amountFen: number; tradeNo?: string }[]
}

export type BookedReceipt = Omit<Receipt, 'insuranceSettlementNo'>

export function insertReceipt(store: Store, receipt: Receipt): void {
  const { receiptNo, kind, paymentNo, refundNo, billNo, amountFen, at } = receipt
  const what = [receiptNo, kind, paymentNo, refundNo, billNo, amountFen]
  const when = [at.toISOString(), businessDateOf(at)]
  const sql = 'insert into receipt values (?, ?, ?, ?, ?, ?, ?, ?, ?, null)'
  store.run(sql, ...what, ...when, receipt.insuranceSettlementNo)
  receipt.tenders.forEach((tender, i) => {
    const tenderSql = 'insert into receipt_tender values (?, ?, ?, ?, ?)'
    store.run(tenderSql, receiptNo, i + 1, tender.kind, tender.amountFen, tender.tradeNo ?? null)
  })
}

/** What stands in the day's book, by moment and number, without what was taken back. */
export function listReceipts(
  store: Store,
  date: BusinessDate,
  { limit, offset }: { limit: number; offset: number },
): BookedReceipt[] {
  const sql = `select * from receipt where business_date = ? and taken_back_at is null
    order by at, receipt_no limit ? offset ?`
  return store.all<ReceiptRow>(sql, date, limit, offset).map((row) => ({
    receiptNo: row.receipt_no,
    kind: row.kind,
    paymentNo: row.payment_no,
    refundNo: row.refund_no,
    billNo: row.bill_no,
    amountFen: row.amount_fen,
    at: new Date(row.at),
    tenders: store.all<{ kind: TenderKind; amountFen: number }>(
      `select kind, amount_fen as "amountFen" from receipt_tender where receipt_no = ?
      order by position`,
      row.receipt_no,
    ),
  }))
}

export function dayTotals(store: Store, date: BusinessDate): DayTotals {
  const sql = `select kind, count(*) as count, sum(amount_fen) as sum_fen from receipt
    where business_date = ? and taken_back_at is null group by kind`
  const sums = store.all<{ kind: string; count: number; sum_fen: number }>(sql, date)
  const payments = sums.find((sum) => sum.kind === 'payment')
  const refunds = sums.find((sum) => sum.kind === 'refund')
  return {
    payments: payments?.count ?? 0,
    paymentsFen: fen(payments?.sum_fen ?? 0),
    refunds: refunds?.count ?? 0,
    refundsFen: fen(refunds?.sum_fen ?? 0),
  }
}

/** The receipt of a payment that stands; of a payment over several bills, that of the bill named. */
export function receiptOfPayment(
  store: Store,
  paymentNo: string,
  billNo?: string,
): { receiptNo: string; billNo: string; amountFen: number; at: Date } | null {
  const sql = `select * from receipt where payment_no = ? and kind = 'payment'
    and taken_back_at is null and bill_no = coalesce(?, bill_no) limit 1`
  const row = store.get<ReceiptRow>(sql, paymentNo, billNo ?? null)
  return (
    row && {
      receiptNo: row.receipt_no,
      billNo: row.bill_no,
      amountFen: row.amount_fen,
      at: new Date(row.at),
    }
  )
}

type ReceiptRow = {
  receipt_no: string
  kind: Receipt['kind']
  payment_no: string
  refund_no: string | null
  bill_no: string
  amount_fen: number
  at: string
}
