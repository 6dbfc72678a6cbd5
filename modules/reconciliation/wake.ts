import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { PaymentId, RefundId } from '../payments/index.ts'
import { endCaseOf, openCase } from './cases.ts'
import { lockDay, updateArrival, wakeDay } from './day-store.ts'
import {
  isOverForPayment,
  isOverForRefund,
  type ReconciliationDependencies,
} from './dependencies.ts'
import { unsettledOfPayment, updateDifference } from './difference-store.ts'
import { claimSubject, noticeSubject, paymentSubject, refundSubject } from './work-case.ts'

const MOST_REASON = 200

/** What reconciliation hears of payments. Each may be told twice and in any order. */
export const createHandlers = (dependencies: ReconciliationDependencies) => ({
  ...callsForAPerson(dependencies),
  ...changes(dependencies),
})

function callsForAPerson(dependencies: ReconciliationDependencies) {
  const { db, clock, payments } = dependencies
  return { onClaimAttention, onNoticeGivenUp, onPaymentAttention, onRefundAttention }

  /** Told late about a payment that has come to its end meanwhile, nobody needs to look at it. */
  async function onPaymentAttention(event: Events['payments.attention']): Promise<void> {
    const { hospitalId, reason } = event
    const paymentId = event.paymentId as PaymentId
    const standing = await payments.standingOf(hospitalId, paymentId)
    if (!standing || isOverForPayment(standing.status)) return
    await inHospital(db, hospitalId, (tx) =>
      openCase(tx, dependencies, hospitalId, {
        class: 'payment_attention',
        subject: paymentSubject(paymentId),
        businessDate: businessDateOf(clock.now()),
        source: null,
        amountFen: standing.keptFen,
        reason,
      }),
    )
  }

  async function onRefundAttention(event: Events['refunds.attention']): Promise<void> {
    const { hospitalId, reason } = event
    const refundId = event.refundId as RefundId
    const standing = await payments.refundStandingOf(hospitalId, refundId)
    if (!standing || isOverForRefund(standing.status)) return
    await inHospital(db, hospitalId, (tx) =>
      openCase(tx, dependencies, hospitalId, {
        class: 'refund_attention',
        subject: refundSubject(refundId),
        businessDate: businessDateOf(clock.now()),
        source: null,
        amountFen: standing.amountFen,
        reason,
      }),
    )
  }

  /** An insurer that has settled does not pay after all, or a claim does not get on; over, it ends its case. */
  async function onClaimAttention(event: Events['coverage.claim_attention']): Promise<void> {
    const { hospitalId, claimId, attention, payFen } = event
    const about = { class: 'claim_attention' as const, subject: claimSubject(claimId) }
    await inHospital(db, hospitalId, async (tx) => {
      if (attention === null) return endCaseOf(tx, dependencies, hospitalId, about, 'ended')
      await openCase(tx, dependencies, hospitalId, {
        ...about,
        businessDate: businessDateOf(clock.now()),
        source: 'commercial',
        amountFen: payFen,
        reason: attention,
      })
    })
  }

  /** Proven to be a provider's, and about nothing of ours: somebody must find out what it was about. */
  async function onNoticeGivenUp(event: Events['notices.given_up']): Promise<void> {
    const { hospitalId, noticeId, error } = event
    await inHospital(db, hospitalId, (tx) =>
      openCase(tx, dependencies, hospitalId, {
        class: 'notice_unread',
        subject: noticeSubject(noticeId),
        businessDate: businessDateOf(clock.now()),
        source: null,
        amountFen: fen(0),
        reason: error.slice(0, MOST_REASON),
      }),
    )
  }
}

function changes(dependencies: ReconciliationDependencies) {
  const { db, clock } = dependencies
  return { onPaymentEnded, onRefundEnded }

  async function onPaymentEnded(event: Events['payments.ended']): Promise<void> {
    const { hospitalId } = event
    const paymentId = event.paymentId as PaymentId
    if (!isOverForPayment(event.status)) return
    await inHospital(db, hospitalId, async (tx) => {
      const about = { subject: paymentSubject(paymentId), class: 'payment_attention' as const }
      await endCaseOf(tx, dependencies, hospitalId, about, 'ended')
      await lookAgain(tx, hospitalId, paymentId, clock.now())
    })
  }

  async function onRefundEnded(event: Events['refunds.ended']): Promise<void> {
    const { hospitalId } = event
    const [refundId, paymentId] = [event.refundId as RefundId, event.paymentId as PaymentId]
    if (!isOverForRefund(event.status)) return
    await inHospital(db, hospitalId, async (tx) => {
      const about = { subject: refundSubject(refundId), class: 'refund_attention' as const }
      await endCaseOf(tx, dependencies, hospitalId, about, 'ended')
      await lookAgain(tx, hospitalId, paymentId, clock.now())
    })
  }
}

/** What is not settled about the payment may be so now: its days are compared again. */
async function lookAgain(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
  now: Date,
): Promise<void> {
  for (const difference of await unsettledOfPayment(tx, hospitalId, paymentId)) {
    const { id, businessDate, source, repair } = difference
    await lockDay(tx, hospitalId, businessDate)
    await updateArrival(tx, { hospitalId, businessDate }, source, { compare_due: true })
    if (repair === 'give_back') {
      const changes = { status: 'repairing' as const, tries: 0, next_try_at: now }
      await updateDifference(tx, hospitalId, id, changes)
    }
    await wakeDay(tx, hospitalId, businessDate, now)
  }
}
