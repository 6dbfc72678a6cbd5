import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import type { Actor } from '../../platform/principal.ts'
import type { DeskAnswer } from './bill-desk.ts'
import { paymentSubject } from './books.ts'
import { paymentErrors } from './errors.ts'
import { paidBillOf } from './orders.ts'
import { keptFen, type PaymentId } from './payment.ts'
import type { PaymentsDependencies } from './payments.ts'
import { beginGiveBack } from './refund/begin.ts'
import { completionOf } from './refund/orders.ts'
import { isRefundOver, type RefundId } from './refund/refund.ts'
import { findRefund, refundsOf } from './refund/store.ts'
import { billsOf, lockPayment, tendersOf } from './store.ts'

/** What the reconciliation of a closed day may do about a payment, each safe to do again. */
export function createRepair(dependencies: PaymentsDependencies) {
  const { db, newId, desk, audit } = dependencies
  return { tellHospitalAgain, tellRefundAgain, giveBack }

  /** The same write-back under the same key: a hospital that has it says so, one that lost it takes it now. */
  async function tellHospitalAgain(
    hospitalId: HospitalId,
    paymentId: PaymentId,
    billNo: string,
  ): Promise<DeskAnswer> {
    const paid = await inHospital(db, hospitalId, async (tx) => {
      const payment = await lockPayment(tx, hospitalId, paymentId)
      const tenders = await tendersOf(tx, hospitalId, paymentId)
      return paidBillOf(payment, await billsOf(tx, hospitalId, paymentId), tenders, billNo)
    })
    return told(hospitalId, paymentId, (call) => desk.writeBack(call, paid))
  }

  async function tellRefundAgain(hospitalId: HospitalId, refundId: RefundId): Promise<DeskAnswer> {
    const { paymentId, completion } = await inHospital(db, hospitalId, async (tx) => {
      const refund = await findRefund(tx, hospitalId, refundId)
      if (!refund) throw paymentErrors.refund_not_found({ id: refundId })
      const payment = await lockPayment(tx, hospitalId, refund.paymentId)
      return { paymentId: payment.id, completion: await completionOf(tx, refund, payment) }
    })
    return told(hospitalId, paymentId, (call) => desk.completeRefund(call, completion))
  }

  /** Everything this payment still has goes back: it was paid and never delivered. */
  async function giveBack(
    hospitalId: HospitalId,
    paymentId: PaymentId,
    actor: Actor,
  ): Promise<void> {
    await inHospital(db, hospitalId, async (tx) => {
      const payment = await lockPayment(tx, hospitalId, paymentId)
      const tenders = await tendersOf(tx, hospitalId, paymentId)
      const running = (await refundsOf(tx, hospitalId, paymentId)).some(
        (refund) => !isRefundOver(refund.status),
      )
      if (running || tenders.every((tender) => keptFen(tender) === 0)) return
      await beginGiveBack(tx, dependencies, { payment, tenders }, 'reconciliation')
      const subject = paymentSubject(paymentId)
      await audit(tx, hospitalId, actor, { action: 'payments.give_back', subject })
    })
  }

  async function told(
    hospitalId: HospitalId,
    paymentId: PaymentId,
    tell: (call: {
      hospitalId: HospitalId
      trace: (exchange: Exchange) => void
    }) => Promise<DeskAnswer>,
  ): Promise<DeskAnswer> {
    const exchanges: Exchange[] = []
    const answer = await tell({ hospitalId, trace: (exchange) => void exchanges.push(exchange) })
    const subject = paymentSubject(paymentId)
    await inHospital(db, hospitalId, (tx) =>
      saveExchanges(tx, newId, hospitalId, subject, exchanges),
    )
    return answer
  }
}
