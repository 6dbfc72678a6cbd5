import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { saveExchanges } from '../../platform/exchange.ts'
import type { Actor } from '../../platform/principal.ts'
import type { DeskAnswer, DeskCall } from './bill-desk.ts'
import { paymentSubject } from './books.ts'
import { callContext } from './calls.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import { paidBillOf } from './orders.ts'
import { isOver, keptFen, type PaymentId } from './payment.ts'
import { beginGiveBack } from './refund/begin.ts'
import { completionOf } from './refund/orders.ts'
import { isRefundOver, type RefundId } from './refund/refund.ts'
import { findRefund, refundsOf } from './refund/store.ts'
import { billsOf, lockPayment, tendersOf } from './store.ts'

// What the reconciliation of a closed day may do about a payment, each safe to do again.

/** The same write-back under the same key: a hospital that has it says so, one that lost it takes it now. */
export async function tellHospitalAgain(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  paymentId: PaymentId,
  billNo: string,
): Promise<DeskAnswer> {
  const paid = await inHospital(deps.db, hospitalId, async (tx) => {
    const payment = await lockPayment(tx, hospitalId, paymentId)
    const tenders = await tendersOf(tx, hospitalId, paymentId)
    return paidBillOf(payment, await billsOf(tx, hospitalId, paymentId), tenders, billNo)
  })
  return told(deps, hospitalId, paymentId, (call) => deps.desk.writeBack(call, paid))
}

export async function tellRefundAgain(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  refundId: RefundId,
): Promise<DeskAnswer> {
  const { paymentId, completion } = await inHospital(deps.db, hospitalId, async (tx) => {
    const refund = await findRefund(tx, hospitalId, refundId)
    if (!refund) throw paymentErrors.refund_not_found({ id: refundId })
    const payment = await lockPayment(tx, hospitalId, refund.paymentId)
    return { paymentId: payment.id, completion: await completionOf(tx, refund, payment) }
  })
  return told(deps, hospitalId, paymentId, (call) => deps.desk.completeRefund(call, completion))
}

/**
 * Everything this payment still has goes back: it was paid and never delivered. Errors:
 * payments.payment_not_refundable while the payment is on its way, as it may still arrive.
 */
export async function giveBack(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  paymentId: PaymentId,
  actor: Actor,
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const payment = await lockPayment(tx, hospitalId, paymentId)
    const tenders = await tendersOf(tx, hospitalId, paymentId)
    const running = (await refundsOf(tx, hospitalId, paymentId)).some(
      (refund) => !isRefundOver(refund.status),
    )
    if (running || tenders.every((tender) => keptFen(tender) <= 0)) return
    if (!isOver(payment.status)) {
      throw paymentErrors.payment_not_refundable({ status: payment.status })
    }
    await beginGiveBack(tx, deps, { payment, tenders }, 'reconciliation')
    const subject = paymentSubject(paymentId)
    await deps.audit(tx, hospitalId, actor, { action: 'payments.give_back', subject })
  })
}

async function told(
  { db, newId }: PaymentsDependencies,
  hospitalId: HospitalId,
  paymentId: PaymentId,
  tell: (call: DeskCall) => Promise<DeskAnswer>,
): Promise<DeskAnswer> {
  const { context, exchanges } = callContext({ hospitalId })
  const answer = await tell(context)
  await inHospital(db, hospitalId, (tx) =>
    saveExchanges(tx, newId, hospitalId, paymentSubject(paymentId), exchanges),
  )
  return answer
}
