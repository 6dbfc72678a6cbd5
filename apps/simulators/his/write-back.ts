import { toShanghaiIso } from '../../../kernel/time.ts'
import { findBill, isPaid, type KnownBill } from './bill-rows.ts'
import { type His, nextNumber } from './context.ts'
import { guidanceOf } from './guidance.ts'
import { isInFuture, readInstant } from './instants.ts'
import { hasAnswer, remember, repeatedAnswer } from './memory.ts'
import { type Answer, done, refusal, type VoidWriteBack, type WriteBack } from './protocol.ts'
import { insertReceipt } from './receipts.ts'

/**
 * The operation `bills.writeBack`: the hub has the money, and the bill is paid.
 *
 * What ends a payment's chance at the bill is remembered with its key: that it was written back, or
 * that the hub was told to give the money back. A refusal that a corrected request can mend is not.
 * With `lie` set it says done with a receipt number, and nothing is done.
 */
export function writeBack(his: His, body: WriteBack, lie: boolean): Answer {
  const key = writeBackKey(body)
  if (hasAnswer(his.store, 'bills.voidWriteBack', key)) {
    return refusal('BILL_VOID', 'the write-back of this payment was taken back')
  }
  const repeated = repeatedAnswer(his.store, 'bills.writeBack', key, body)
  if (repeated) return repeated

  const paidAt = readInstant(body.paidAt)
  if (!paidAt) return refusal('INVALID_REQUEST', 'paidAt is not an instant with its offset')
  if (isInFuture(his, paidAt)) return refusal('INVALID_REQUEST', 'paidAt is yet to come')
  const bill = findBill(his, body.billNo)
  if (!bill) return refusal('BILL_NOT_FOUND', 'no bill has this number')
  const obstacle = obstacleTo(bill, body)
  if (obstacle) {
    const final = obstacle.code === 'BILL_VOID' || obstacle.code === 'BILL_ALREADY_PAID'
    return final ? remember(his.store, 'bills.writeBack', key, body, obstacle) : obstacle
  }

  const receiptNo = nextNumber(his, 'receipt')
  const confirmedAt = toShanghaiIso(his.clock.now())
  const answer = done({ receiptNo, confirmedAt, guidance: guidanceOf(his, bill) })
  if (lie) return answer
  settle(his, { bill, body, receiptNo, paidAt })
  return remember(his.store, 'bills.writeBack', key, body, answer)
}

/** The operation `bills.voidWriteBack`: a payment it never heard of cannot be written back after. */
export function voidWriteBack(his: His, body: VoidWriteBack): Answer {
  const { store, clock } = his
  const key = writeBackKey(body)
  const repeated = repeatedAnswer(store, 'bills.voidWriteBack', key, body)
  if (repeated) return repeated

  const bill = findBill(his, body.billNo)
  const applied = bill?.paymentNo === body.paymentNo ? bill : null
  const handled = applied ? linesHandled(applied) : []
  if (handled.length > 0) {
    const data = { lines: handled.map((lineNo) => ({ lineNo })) }
    return refusal('REFUND_NOT_ALLOWED', 'lines are dispensed, refunded or to be refunded', data)
  }

  const now = clock.now()
  if (applied) takeBack(his, applied, now)
  const answer = done({ voidedAt: toShanghaiIso(now) })
  return remember(store, 'bills.voidWriteBack', key, body, answer)
}

/** What stands in the way of this payment, the gravest first; null when nothing does. */
function obstacleTo(bill: KnownBill, body: WriteBack): Answer | null {
  const { version, totalFen, paymentNo } = bill
  if (bill.status === 'void') return refusal('BILL_VOID', 'the hospital withdrew the bill')
  if (isPaid(bill)) {
    return refusal('BILL_ALREADY_PAID', 'another payment paid the bill', { paymentNo })
  }
  if (body.version !== version) {
    return refusal('BILL_CHANGED', 'the bill is of another version', { version, totalFen })
  }
  const paid = body.tenders.reduce((sum, tender) => sum + BigInt(tender.amountFen), 0n)
  if (body.totalFen !== totalFen || paid !== BigInt(totalFen)) {
    return refusal('AMOUNT_MISMATCH', `the bill is of ${totalFen} fen`)
  }
  return null
}

function settle(
  his: His,
  {
    bill,
    body,
    receiptNo,
    paidAt,
  }: { bill: KnownBill; body: WriteBack; receiptNo: string; paidAt: Date },
): void {
  const sql = `update bill set status = 'paid', payment_no = ?, receipt_no = ? where bill_no = ?`
  his.store.run(sql, body.paymentNo, receiptNo, bill.billNo)
  insertReceipt(his.store, {
    receiptNo,
    kind: 'payment',
    paymentNo: body.paymentNo,
    refundNo: null,
    billNo: bill.billNo,
    amountFen: bill.totalFen,
    at: paidAt,
    insuranceSettlementNo: body.insuranceSettlementNo,
    tenders: body.tenders,
  })
}

/** The bill is open again; that of a place at a clinic which was given up meanwhile is void. */
function takeBack({ store }: His, { billNo, receiptNo }: KnownBill, now: Date): void {
  const receipt = 'update receipt set taken_back_at = ? where receipt_no = ?'
  store.run(receipt, now.toISOString(), receiptNo)
  const bill = `update bill set payment_no = null, receipt_no = null, status = case
      when exists (select 1 from registration g
        where g.bill_no = bill.bill_no and g.status in ('cancelled', 'lapsed'))
      then 'void' else 'open' end
    where bill_no = ?`
  store.run(bill, billNo)
}

const linesHandled = ({ items, lockedBy }: KnownBill): number[] =>
  items
    .filter((item) => item.status !== 'charged' || lockedBy.has(item.lineNo))
    .map((item) => item.lineNo)

export const writeBackKey = ({
  paymentNo,
  billNo,
}: {
  paymentNo: string
  billNo: string
}): string => JSON.stringify([paymentNo, billNo])
