import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen, ZERO } from '../../../kernel/money.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import type { Tx } from '../../../platform/db.ts'
import type { PayableLine, RefundNotice } from '../bill-desk.ts'
import { amountOf, type PartKind, TENDER_PARTS } from '../money.ts'
import { movesOfPayment } from '../moves-store.ts'
import { chargeOrderOf, paymentNoOf } from '../orders.ts'
import { keptFen, type Payment, type PaymentBill, type Tender, tenderNumbered } from '../payment.ts'
import type { LinesThatStay, RefundOrder } from '../provider.ts'
import type { Refund, RefundCause, RefundPart } from './refund.ts'
import type { Loaded } from './state.ts'

// What is asked of a provider or told to the hospital about a refund, made from the rows alone.

const refundNoOf = (refund: Refund): string => tradeNoOf(refund.hospitalId, refund.id)

export function refundOrderOf(state: Loaded, tender: Tender, part: RefundPart): RefundOrder {
  const { payment, refund, bills } = state
  assert(tender.chargeProviderNo, 'a tender that gives back has taken')
  return {
    charge: chargeOrderOf(payment, bills, tender),
    chargeProviderNo: tender.chargeProviderNo,
    refundId: refund.id,
    refundNo: tradeNoOf(refund.hospitalId, part.id),
    amountFen: part.amountFen ?? ZERO,
    remaining: remainingLines(state),
    ...linesThatStay(state, tender, part),
    reason: reasonOf(refund),
    requestedAt: refund.createdAt,
  }
}

/** Of a source that promised: what goes back is what the lines that stay do not use of it. */
function linesThatStay(
  { refund, parts, tenders }: Loaded,
  { phase }: Tender,
  part: RefundPart,
): { stays?: LinesThatStay } {
  if (phase !== 'hold' || refund.billNo === null) return {}
  const goneFen = parts.reduce((sum, { status, netFen }) => {
    return status === 'returned' ? sum + (netFen ?? 0) : sum
  }, 0)
  const stillFen = refund.amountFen - goneFen
  const others = tenders.filter((tender) => tender.phase !== 'settle')
  const keptByAllFen = others.reduce((sum, tender) => sum + keptFen(tender), 0)
  const later = parts.slice(parts.findIndex(({ id }) => id === part.id) + 1)
  const keptLaterFen = later.reduce((sum, { tenderNo }) => {
    return sum + keptFen(tenderNumbered(tenders, tenderNo))
  }, 0)
  return {
    stays: {
      leftFen: fen(Math.max(keptByAllFen - stillFen, 0)),
      leastBackFen: fen(Math.max(stillFen - keptLaterFen, 0)),
    },
  }
}

/** For the eyes of payer and provider. What goes back by itself has no words of a person, only a code of ours. */
export const reasonOf = ({ cause, reason }: Pick<Refund, 'cause' | 'reason'>): string =>
  cause === 'requested' ? reason : REASON_OF_CAUSE[cause]

const REASON_OF_CAUSE: Record<Exclude<RefundCause, 'requested'>, string> = {
  compensation: '支付未完成，退回',
  late: '迟到款退回',
  reconciliation: '对账退回',
}

/** The lines that stay charged once this refund is done: none when all goes back. */
function remainingLines({ refund, bills, earlier }: Loaded): PayableLine[] {
  if (refund.billNo === null) return []
  const gone = [...earlier.filter((r) => r.status === 'succeeded'), refund]
  return bills.flatMap((bill) => bill.payable.lines.filter((line) => !isGone(line, gone)))
}

const isGone = (line: PayableLine, refunds: readonly Refund[]) =>
  refunds.some(
    ({ billNo, lineNos }) =>
      billNo === line.billNo && (lineNos.length === 0 || lineNos.includes(line.lineNo)),
  )

export function refundNoticeOf({ payment, refund, bills }: Loaded): RefundNotice {
  const bill: PaymentBill | undefined = bills.find((b) => b.billNo === refund.billNo) ?? bills[0]
  assert(bill, 'a payment has a bill')
  return {
    refundNo: refundNoOf(refund),
    paymentNo: paymentNoOf(payment),
    billNo: bill.billNo,
    lineNos: [...refund.lineNos],
    amountFen: refund.amountFen,
    reason: refund.reason,
  }
}

/** What the hospital is told at the end: how much went back by which part, a smaller settlement taken off. */
export async function completionOf(tx: Tx, refund: Refund, payment: Payment) {
  const moves = await movesOfPayment(tx, refund.hospitalId, payment.id)
  const net = new Map<PartKind, number>(TENDER_PARTS.map((kind) => [kind, 0]))
  for (const move of moves.filter((m) => m.refundId === refund.id)) {
    for (const kind of TENDER_PARTS) {
      const amountFen = amountOf(move.parts, kind)
      net.set(kind, (net.get(kind) ?? 0) + (move.kind === 'return' ? amountFen : 0 - amountFen))
    }
  }
  const parts: { kind: PartKind; amountFen: Fen }[] = TENDER_PARTS.map((kind) => ({
    kind,
    amountFen: fen(net.get(kind) ?? 0),
  })).filter((part) => part.amountFen !== 0)
  assert(refund.returnedAt, 'a refund is completed when all of its money has gone back')
  return { refundNo: refundNoOf(refund), completedAt: refund.returnedAt, parts }
}
