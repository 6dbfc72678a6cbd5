import { toShanghaiIso } from '../../../kernel/time.ts'
import { findBill } from './bill-rows.ts'
import type { His } from './context.ts'
import { hasAnswer, remember, repeatedAnswer } from './memory.ts'
import { type Answer, refusal, type TenderKind } from './protocol.ts'
import { completeRefund } from './refunds.ts'
import { writeBack, writeBackKey } from './write-back.ts'

export type Payment = {
  /** The caller's number: it pays one bill, once. */
  paymentNo: string
  billNo: string
  totalFen: number
  paidAt: Date
  tenders: { kind: TenderKind; amountFen: number; tradeNo: string }[]
  insuranceSettlementNo: string | null
}

/**
 * A write-back for the products that know no versions of a bill and send whole payments. The same number with
 * the same bill and amounts gives the first answer, whatever else differs; with others it is refused.
 */
export function payOnce(his: His, payment: Payment, lie: boolean): Answer {
  const { store } = his
  const { paymentNo, billNo, totalFen, paidAt, insuranceSettlementNo } = payment
  const tenders = payment.tenders.filter(({ amountFen }) => amountFen > 0)
  const content = { billNo, totalFen, tenders: tenders.map((t) => [t.kind, t.amountFen]) }
  if (hasAnswer(store, 'bills.voidWriteBack', writeBackKey({ paymentNo, billNo }))) {
    return refusal('BILL_VOID', 'this payment was taken back')
  }
  const repeated = repeatedAnswer(store, 'payments', paymentNo, content)
  if (repeated) return repeated
  const bill = findBill(his, billNo)
  if (!bill) return refusal('BILL_NOT_FOUND', 'no bill has this number')
  const body = {
    paymentNo,
    billNo,
    version: bill.version,
    totalFen,
    paidAt: toShanghaiIso(paidAt),
    tenders,
    insuranceSettlementNo,
  }
  const answer = writeBack(his, body, lie)
  return answer.code !== 'OK' || lie
    ? answer
    : remember(store, 'payments', paymentNo, content, answer)
}

/** The money of an approved refund is back: the same number gives the first answer, whenever it says it was. */
export function refundOnce(
  his: His,
  { refundNo, amountFen, at }: { refundNo: string; amountFen: number; at: Date },
): Answer {
  const content = { amountFen }
  const repeated = repeatedAnswer(his.store, 'refunds', refundNo, content)
  if (repeated) return repeated
  const answer = completeRefund(his, {
    refundNo,
    completedAt: toShanghaiIso(at),
    tenders: [{ kind: 'self_pay', amountFen }],
  })
  return answer.code === 'OK' ? remember(his.store, 'refunds', refundNo, content, answer) : answer
}
