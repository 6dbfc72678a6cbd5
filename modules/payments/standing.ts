import type { HospitalId, Id } from '../../kernel/id.ts'
import { addFen, type Fen, fen } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { paymentNoOf } from './orders.ts'
import { keptFen, type PaymentId, type PaymentStatus, type TenderId } from './payment.ts'
import { firstPaymentAt } from './reads-store.ts'
import type { Refund, RefundId } from './refund/refund.ts'
import { findRefund, refundOfPart } from './refund/store.ts'
import { billsOf, findPayment, paymentOfTender, tendersOf } from './store.ts'

/**
 * What others may want to know of a payment besides its moves: where it stands, and which one a provider's
 * number belongs to. Null for what is not there.
 */
export const createStanding = (db: Db) => ({
  async firstPaymentOn(hospitalId: HospitalId): Promise<BusinessDate | null> {
    const at = await inHospital(db, hospitalId, (tx) => firstPaymentAt(tx, hospitalId))
    return at && businessDateOf(at)
  },

  paymentOfTender: (hospitalId: HospitalId, id: TenderId): Promise<PaymentId | null> =>
    inHospital(db, hospitalId, (tx) => paymentOfTender(tx, hospitalId, id)),

  refundOfPart: (hospitalId: HospitalId, id: Id<'RefundPart'>): Promise<RefundId | null> =>
    inHospital(db, hospitalId, (tx) => refundOfPart(tx, hospitalId, id)),

  standingOf: (
    hospitalId: HospitalId,
    id: PaymentId,
  ): Promise<{ status: PaymentStatus; keptFen: Fen } | null> =>
    inHospital(db, hospitalId, async (tx) => {
      const payment = await findPayment(tx, hospitalId, id)
      if (!payment) return null
      const tenders = await tendersOf(tx, hospitalId, id)
      const kept = addFen(...tenders.map((tender) => fen(keptFen(tender))))
      return { status: payment.status, keptFen: kept }
    }),

  refundStandingOf: (
    hospitalId: HospitalId,
    id: RefundId,
  ): Promise<{ status: Refund['status']; paymentId: PaymentId; amountFen: Fen } | null> =>
    inHospital(db, hospitalId, async (tx) => {
      const refund = await findRefund(tx, hospitalId, id)
      if (!refund) return null
      const { status, paymentId, amountFen } = refund
      return { status, paymentId, amountFen }
    }),

  /** The hospital's receipt of each bill of a payment; null unless the payment has succeeded. */
  receiptsOf: (hospitalId: HospitalId, id: PaymentId) =>
    inHospital(db, hospitalId, async (tx) => {
      const payment = await findPayment(tx, hospitalId, id)
      if (payment?.status !== 'succeeded') return null
      const bills = await billsOf(tx, hospitalId, id)
      return bills.map(({ billNo, receiptNo, totalFen }) => ({
        paymentNo: paymentNoOf(payment),
        billNo,
        receiptNo: receiptNo ?? '',
        totalFen,
        paidAt: payment.paidAt?.toISOString() ?? null,
      }))
    }),

  /** What may be told of a payment to whoever hears of it: nothing of whose it is or what it was for. */
  paymentFactsOf: (hospitalId: HospitalId, id: PaymentId) =>
    inHospital(db, hospitalId, async (tx) => {
      const payment = await findPayment(tx, hospitalId, id)
      if (!payment) return null
      const { status, totalFen, failureCode, version } = payment
      return { paymentNo: paymentNoOf(payment), status, totalFen, failureCode, version }
    }),

  refundFactsOf: (hospitalId: HospitalId, id: RefundId) =>
    inHospital(db, hospitalId, async (tx) => {
      const refund = await findRefund(tx, hospitalId, id)
      if (!refund) return null
      const { cause, status, amountFen, refusalCode, version } = refund
      return { cause, status, amountFen, refusalCode, version }
    }),
})
