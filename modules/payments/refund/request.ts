import type { HospitalId } from '../../../kernel/id.ts'
import { addFen, fen } from '../../../kernel/money.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { PayableLine } from '../bill-desk.ts'
import { paymentSubject } from '../books.ts'
import { paymentErrors } from '../errors.ts'
import type { Payment, PaymentBill, PaymentId } from '../payment.ts'
import type { PaymentsDependencies } from '../payments.ts'
import { billsOf, lockPayment, tendersOf, updateBill } from '../store.ts'
import { beginRefund } from './begin.ts'
import type { RefundMachine } from './machine.ts'
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
 * original route, and the insurer settles what stays anew. One refund of a payment at a time.
 */
export function createRefundRequest(dependencies: PaymentsDependencies, machine: RefundMachine) {
  const { db, audit } = dependencies
  return async function requestRefund(request: RefundRequest, actor: Actor): Promise<RefundId> {
    const { hospitalId } = request
    const id = await inHospital(db, hospitalId, async (tx) => {
      const known = await repeatOf(tx, request)
      if (known) return known.id
      const payment = await lockPayment(tx, hospitalId, request.paymentId)
      if (payment.status !== 'succeeded') {
        throw paymentErrors.payment_not_refundable({ status: payment.status })
      }
      const bill = (await billsOf(tx, hospitalId, payment.id)).find(
        (b) => b.billNo === request.billNo,
      )
      if (!bill) throw paymentErrors.refund_lines_unknown({ billNo: request.billNo })
      const refunds = await refundsOf(tx, hospitalId, payment.id)
      const lines = linesToReturn(bill, refunds, request)
      const refundId = await begin(tx, payment, bill, lines, request, actor)
      await audit(tx, hospitalId, actor, {
        action: 'payments.request_refund',
        subject: paymentSubject(payment.id),
        detail: { refundId, billNo: bill.billNo, lines: lines.length },
      })
      return refundId
    })
    await machine.advance(hospitalId, id)
    return id
  }

  async function begin(
    tx: Tx,
    payment: Payment,
    bill: PaymentBill,
    lines: readonly PayableLine[],
    { id, reason, requestNo }: RefundRequest,
    actor: Actor,
  ): Promise<RefundId> {
    const amountFen = addFen(...lines.map((line) => line.amountFen))
    const isWhole = amountFen === bill.totalFen
    const refundingFen = fen(bill.refundingFen + amountFen)
    await updateBill(tx, payment, bill.billNo, { refunding_fen: refundingFen })
    const tenders = await tendersOf(tx, payment.hospitalId, payment.id)
    return beginRefund(tx, dependencies, payment, tenders, {
      id,
      cause: 'requested',
      billNo: bill.billNo,
      lineNos: isWhole ? [] : lines.map((line) => line.lineNo),
      amountFen,
      reason,
      requestedBy: actor.name,
      requestNo,
    })
  }
}

/** The refund a repeated wish began. The same number with other content is refused. */
async function repeatOf(tx: Tx, request: RefundRequest): Promise<Refund | null> {
  const { hospitalId, requestNo } = request
  const byId = await findRefund(tx, hospitalId, request.id)
  if (byId) return byId
  const known = requestNo ? await refundByRequestNo(tx, hospitalId, requestNo) : null
  if (known && (known.paymentId !== request.paymentId || known.billNo !== request.billNo)) {
    throw paymentErrors.refund_request_reused({ requestNo: requestNo ?? '' })
  }
  return known
}

function linesToReturn(
  bill: PaymentBill,
  refunds: readonly Refund[],
  { lineNos }: RefundRequest,
): PayableLine[] {
  if (refunds.some((refund) => !isRefundOver(refund.status))) throw paymentErrors.refund_running()
  const gone = refunds.filter(
    (refund) => refund.status === 'succeeded' && refund.billNo === bill.billNo,
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
