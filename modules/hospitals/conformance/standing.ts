import { businessDateOf, type BusinessDate } from '../../../kernel/time.ts'
import type { HisDayRow, HisRefundDone, HisRefund, HisWriteBack } from '../interface/data.ts'

/** What the hospital's day lists must say of this run, by the kit's own books. */
export type Standing = ReturnType<typeof createStanding>

export function createStanding() {
  const rows = new Map<string, HisDayRow>()
  const takenBack = new Set<string>()

  return {
    paid({ paymentNo, billNo, totalFen, paidAt, tenders }: HisWriteBack, receiptNo: string) {
      const parts = tenders.map(({ kind, amountFen }) => ({ kind, amountFen }))
      const row = { paymentNo, billNo, receiptNo, amountFen: totalFen, at: paidAt, tenders: parts }
      rows.set(paymentKey(paymentNo, billNo), { kind: 'payment', refundNo: null, ...row })
    },
    voided(paymentNo: string, billNo: string) {
      rows.delete(paymentKey(paymentNo, billNo))
      takenBack.add(paymentNo)
    },
    refunded(refund: HisRefund, { completedAt, tenders }: HisRefundDone, receiptNo: string) {
      const { refundNo, paymentNo, billNo, amountFen } = refund
      const row = { paymentNo, refundNo, billNo, receiptNo, amountFen, at: completedAt, tenders }
      rows.set(`refund ${refundNo}`, { kind: 'refund', ...row })
    },
    days: (): BusinessDate[] => [
      ...new Set([...rows.values()].map(({ at }) => businessDateOf(at))),
    ],
    of: (day: BusinessDate): HisDayRow[] =>
      [...rows.values()].filter(({ at }) => businessDateOf(at) === day),
    takenBack: (): ReadonlySet<string> => takenBack,
  }
}

const paymentKey = (paymentNo: string, billNo: string) => `payment ${paymentNo} ${billNo}`
