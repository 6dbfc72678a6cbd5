import type { HospitalId } from '../../../kernel/id.ts'
import { addFen, type Fen, fen } from '../../../kernel/money.ts'
import { inHospital, type Tx, violatedConstraint } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { PayableLine } from '../bill-desk.ts'
import { paymentSubject } from '../books.ts'
import type { PaymentsDependencies } from '../dependencies.ts'
import { paymentErrors } from '../errors.ts'
import { keptFen, type Payment, type PaymentBill, type PaymentId, type Tender } from '../payment.ts'
import { billsOf, lockPayment, tendersOf, updateBill } from '../store.ts'
import { beginRefund } from './begin.ts'
import { checkReturnable } from './limits.ts'
import { advanceRefund } from './machine.ts'
import { isRefundOver, type Refund, type RefundId } from './refund.ts'
import { findRefund, refundByRequestNo, refundsOf } from './store.ts'

/** Lines to give back, or none for the whole bill. */
export type RefundRequest = {
  id: RefundId
  hospitalId: HospitalId
  paymentId: PaymentId
  billNo: string
  lineNos: readonly number[]
  reason: string
  /** The hospital system's own number, when it is the one that asks. */
  requestNo: string | null
}

/**
 * Takes a wish to give back lines of a paid bill. The hospital must agree, each provider gives back its share by the
 * original route, and the insurer settles what stays anew. One refund of a payment at a time. `check` may refuse one that
 * is not known yet.
 */
export async function requestRefund(
  deps: PaymentsDependencies,
  request: RefundRequest,
  actor: Actor,
  check: (tx: Tx, wish: OpenWish) => Promise<void> = async () => undefined,
): Promise<RefundId> {
  const { hospitalId, requestNo } = request
  const id = await inHospital(deps.db, hospitalId, async (tx) => {
    const wish = await readWish(deps, tx, request)
    if (wish.known !== null) return wish.known
    await check(tx, wish)
    return takeWish(deps, tx, wish, request, actor)
  }).catch((error: unknown) => {
    // Asked for under one number about two payments in one moment: the lock of neither sees the other.
    if (violatedConstraint(error) !== 'refund_request_once') throw error
    throw paymentErrors.refund_request_reused({ requestNo: requestNo ?? '' })
  })
  await advanceRefund(deps, hospitalId, id)
  return id
}

/** A wish that can be granted, as far as is known here. Its payment is locked. */
export type OpenWish = {
  known: null
  payment: Payment
  bill: PaymentBill
  lines: readonly PayableLine[]
  tenders: readonly Tender[]
  amountFen: Fen
}

/** The refund that the same wish began before, or what a new one gives back. Errors: why it cannot. */
export async function readWish(
  { clock }: PaymentsDependencies,
  tx: Tx,
  request: RefundRequest,
): Promise<OpenWish | { known: RefundId }> {
  const { hospitalId, billNo } = request
  // The same wish twice in one moment takes turns here, so that the second finds what the first began.
  const payment = await lockPayment(tx, hospitalId, request.paymentId)
  const bill = (await billsOf(tx, hospitalId, payment.id)).find((b) => b.billNo === billNo)
  if (!bill) throw paymentErrors.refund_lines_unknown({ billNo })
  const known = await repeatOf(tx, request, bill)
  if (known) return { known: known.id }
  if (payment.status !== 'succeeded') {
    throw paymentErrors.payment_not_refundable({ status: payment.status })
  }
  const refunds = await refundsOf(tx, hospitalId, payment.id)
  const lines = linesToReturn(bill, refunds, request)
  const amountFen = addFen(...lines.map((line) => line.amountFen))
  if (amountFen <= 0) throw paymentErrors.refund_lines_unknown({ billNo, amountFen })
  const tenders = await tendersOf(tx, hospitalId, payment.id)
  if (tenders.every((tender) => keptFen(tender) <= 0)) {
    throw paymentErrors.payment_not_refundable({ status: payment.status })
  }
  const keptOfAllFen = addFen(...tenders.map((tender) => fen(Math.max(keptFen(tender), 0))))
  if (amountFen > keptOfAllFen) {
    throw paymentErrors.refund_more_than_kept({ amountFen, keptFen: keptOfAllFen })
  }
  await checkReturnable(tx, payment, tenders, clock.now())
  return { known: null, payment, bill, lines, tenders, amountFen }
}

/** Writes the refund down, to be worked off after this transaction. */
export async function takeWish(
  deps: PaymentsDependencies,
  tx: Tx,
  { payment, bill, lines, tenders, amountFen }: OpenWish,
  { hospitalId, id, reason, requestNo }: RefundRequest,
  actor: Actor,
): Promise<RefundId> {
  const { billNo } = bill
  await updateBill(tx, payment, billNo, { refunding_fen: addFen(bill.refundingFen, amountFen) })
  const refundId = await beginRefund(tx, deps, payment, tenders, {
    id,
    cause: 'requested',
    billNo,
    lineNos: namedLines(bill, lines),
    amountFen,
    reason,
    requestedBy: actor.name,
    requestNo,
  })
  const detail = { refundId, billNo, lines: lines.length }
  const subject = paymentSubject(payment.id)
  await deps.audit(tx, hospitalId, actor, { action: 'payments.request_refund', subject, detail })
  return refundId
}

/** None for the whole bill. */
export const namedLines = (bill: PaymentBill, lines: readonly PayableLine[]): number[] =>
  isWhole(bill, lines) ? [] : lines.map((line) => line.lineNo)

/** The refund a repeated wish began. The same number with other content is refused. */
async function repeatOf(tx: Tx, request: RefundRequest, bill: PaymentBill): Promise<Refund | null> {
  const { hospitalId, paymentId, requestNo } = request
  const byId = await findRefund(tx, hospitalId, request.id)
  if (byId) return byId
  const known = requestNo ? await refundByRequestNo(tx, hospitalId, requestNo) : null
  if (!known) return null
  const same =
    known.paymentId === paymentId &&
    known.billNo === bill.billNo &&
    sameLines(bill, known.lineNos, request.lineNos)
  if (!same) throw paymentErrors.refund_request_reused({ requestNo: requestNo ?? '' })
  return known
}

function linesToReturn(
  bill: PaymentBill,
  refunds: readonly Refund[],
  { lineNos }: RefundRequest,
): PayableLine[] {
  if (refunds.some((refund) => !isRefundOver(refund.status))) throw paymentErrors.refund_running()
  const gone = refunds.filter(
    ({ status, billNo }) => status === 'succeeded' && (billNo === null || billNo === bill.billNo),
  )
  const isGone = (lineNo: number) =>
    gone.some((refund) => refund.lineNos.length === 0 || refund.lineNos.includes(lineNo))
  const { lines } = bill.payable
  if (lineNos.length === 0) {
    if (gone.length > 0) throw paymentErrors.refund_lines_refunded({ billNo: bill.billNo })
    return lines
  }
  return [...new Set(lineNos)].map((lineNo) => {
    const line = lines.find((l) => l.lineNo === lineNo)
    if (!line) throw paymentErrors.refund_lines_unknown({ billNo: bill.billNo, lineNo })
    if (isGone(lineNo)) throw paymentErrors.refund_lines_refunded({ billNo: bill.billNo, lineNo })
    return line
  })
}

const isWhole = (bill: PaymentBill, lines: readonly PayableLine[]): boolean =>
  addFen(...lines.map((line) => line.amountFen)) === bill.totalFen

/** No lines stand for all of them. */
function sameLines(bill: PaymentBill, a: readonly number[], b: readonly number[]): boolean {
  const named = (lineNos: readonly number[]) => {
    const lines = bill.payable.lines.filter(
      ({ lineNo }) => lineNos.length === 0 || lineNos.includes(lineNo),
    )
    return isWhole(bill, lines) ? 'all' : lines.map(({ lineNo }) => lineNo).join()
  }
  return named(a) === named(b)
}
