import { findBill, isPaid, type KnownBill } from './bill-rows.ts'
import { type His, nextNumber } from './context.ts'
import { isInFuture, readInstant } from './instants.ts'
import { hasAnswer, remember, repeatedAnswer } from './memory.ts'
import {
  type Answer,
  type ApproveRefund,
  type BillItem,
  type CancelRefund,
  type CompleteRefund,
  done,
  refusal,
} from './protocol.ts'
import { insertReceipt } from './receipts.ts'

/** The operation `refunds.approve`: holds the lines until the refund is completed or cancelled. */
export function approveRefund(his: His, body: ApproveRefund): Answer {
  const { store } = his
  const { refundNo, paymentNo, billNo, amountFen } = body
  if (hasAnswer(store, 'refunds.cancel', refundNo)) {
    return notAllowed('the refund was cancelled', [])
  }
  const repeated = repeatedAnswer(store, 'refunds.approve', refundNo, body)
  if (repeated) return repeated

  const bill = findBill(his, billNo)
  if (!bill) return refusal('BILL_NOT_FOUND', 'no bill has this number')
  if (!isPaid(bill) || bill.paymentNo !== paymentNo) {
    return notAllowed('the bill is not paid by this payment', [])
  }
  const lines = linesOf(bill, body)
  if (!lines) return refusal('INVALID_REQUEST', 'lines names a line twice, or one not on the bill')
  const held = lines.filter((l) => l.status !== 'charged' || bill.lockedBy.has(l.lineNo))
  if (held.length > 0) return notAllowed('lines are dispensed, refunded or to be refunded', held)
  const sumFen = lines.reduce((sum, line) => sum + line.amountFen, 0)
  if (amountFen !== sumFen) return refusal('AMOUNT_MISMATCH', `the lines are of ${sumFen} fen`)

  const approvalNo = nextNumber(his, 'approval')
  const sql = `insert into refund values (?, ?, ?, ?, 'approved', ?, null)`
  store.run(sql, refundNo, paymentNo, billNo, amountFen, approvalNo)
  for (const { lineNo } of lines) {
    store.run('insert into refund_line values (?, ?)', refundNo, lineNo)
    const lock = 'update item set locked_by = ? where bill_no = ? and line_no = ?'
    store.run(lock, refundNo, billNo, lineNo)
  }
  return remember(store, 'refunds.approve', refundNo, body, done({ approvalNo }))
}

/** The operation `refunds.complete`: the money is back, and the lines are refunded. */
export function completeRefund(his: His, body: CompleteRefund): Answer {
  const { store } = his
  const { refundNo } = body
  const repeated = repeatedAnswer(store, 'refunds.complete', refundNo, body)
  if (repeated) return repeated

  const at = readInstant(body.completedAt)
  if (!at) return refusal('INVALID_REQUEST', 'completedAt is not an instant with its offset')
  if (isInFuture(his, at)) return refusal('INVALID_REQUEST', 'completedAt is yet to come')
  const refund = findRefund(his, refundNo)
  if (refund?.status !== 'approved') {
    return refusal('INVALID_REQUEST', 'refundNo: no such refund is approved')
  }
  const paid = body.tenders.reduce((sum, tender) => sum + BigInt(tender.amountFen), 0n)
  if (paid !== BigInt(refund.amount_fen)) {
    return refusal('AMOUNT_MISMATCH', `the refund is of ${refund.amount_fen} fen`)
  }

  const receiptNo = nextNumber(his, 'redReceipt')
  insertReceipt(store, {
    receiptNo,
    kind: 'refund',
    paymentNo: refund.payment_no,
    refundNo,
    billNo: refund.bill_no,
    amountFen: refund.amount_fen,
    at,
    insuranceSettlementNo: null,
    tenders: body.tenders,
  })
  const sql = `update refund set status = 'completed', receipt_no = ? where refund_no = ?`
  store.run(sql, receiptNo, refundNo)
  refundLines(his, refund)
  return remember(store, 'refunds.complete', refundNo, body, done({ receiptNo }))
}

/** The operation `refunds.cancel`: a refund it never heard of cannot be approved after. */
export function cancelRefund(his: His, body: CancelRefund): Answer {
  const { store } = his
  const { refundNo } = body
  const repeated = repeatedAnswer(store, 'refunds.cancel', refundNo, body)
  if (repeated) return repeated

  const refund = findRefund(his, refundNo)
  if (refund?.status === 'completed') {
    const bill = findBill(his, refund.bill_no)
    const lineNos = lineNosOf(his, refundNo)
    const lines = bill?.items.filter((item) => lineNos.includes(item.lineNo)) ?? []
    return notAllowed('the refund is completed', lines)
  }
  if (refund) {
    store.run(`update refund set status = 'cancelled' where refund_no = ?`, refundNo)
    store.run(
      'update item set locked_by = null where locked_by = ? and bill_no = ?',
      refundNo,
      refund.bill_no,
    )
  }
  return remember(store, 'refunds.cancel', refundNo, body, done({}))
}

/** The bill a refund is about; null for a refund that is not known. */
export const billNoOfRefund = (his: His, refundNo: string): string | null =>
  findRefund(his, refundNo)?.bill_no ?? null

/** All lines where none is named; null when they are not lines of the bill, each named once. */
function linesOf({ items }: KnownBill, { lines }: ApproveRefund): BillItem[] | null {
  if (lines.length === 0) return items
  const wanted = new Set(lines.map((line) => line.lineNo))
  const found = items.filter((item) => wanted.has(item.lineNo))
  return found.length === lines.length ? found : null
}

function refundLines({ store }: His, { refund_no, bill_no }: RefundRow): void {
  const lines = `update item set status = 'refunded', locked_by = null
    where locked_by = ? and bill_no = ?`
  store.run(lines, refund_no, bill_no)
  const bill = `update bill set status = case
      when exists (select 1 from item where item.bill_no = bill.bill_no and status <> 'refunded')
      then 'part_refunded' else 'refunded' end
    where bill_no = ?`
  store.run(bill, bill_no)
}

const lineNosOf = ({ store }: His, refundNo: string): number[] =>
  store
    .all<{ line_no: number }>('select line_no from refund_line where refund_no = ?', refundNo)
    .map((row) => row.line_no)

const findRefund = ({ store }: His, refundNo: string): RefundRow | null =>
  store.get<RefundRow>('select * from refund where refund_no = ?', refundNo)

const notAllowed = (message: string, lines: BillItem[]): Answer =>
  refusal('REFUND_NOT_ALLOWED', message, { lines: lines.map(({ lineNo }) => ({ lineNo })) })

type RefundRow = {
  refund_no: string
  payment_no: string
  bill_no: string
  amount_fen: number
  status: 'approved' | 'completed' | 'cancelled'
}
