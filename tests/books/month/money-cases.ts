import { addDays, addMs, type BusinessDate, DAY_MS, instantAt } from '../../../kernel/time.ts'
import { ACCOUNT, lateAt, payDayOf } from './contracts.ts'
import type { Month } from './month.ts'
import type { ExpectedCase } from './planted.ts'

type BatchFacts = {
  provider: string
  date: BusinessDate
  payoutFen: number
  openFen: number
}

type ReceiptFacts = { ref: string; amountFen: number; bookedOn: BusinessDate }

/** Of payouts that do not come as they must, and of receipts that nothing explains in a day; people wait with them. */
export function moneyCases(
  { planted, payouts }: Month,
  batches: readonly BatchFacts[],
  unexplained: readonly ReceiptFacts[],
): ExpectedCase[] {
  const of = (one: BatchFacts) => ({ ...one, ref: payouts.refOf(one.provider, one.date) })
  return [
    ...batches
      .filter(({ openFen }) => openFen !== 0)
      .map(of)
      .flatMap((batch) => {
        const { openFen, payoutFen } = batch
        if (openFen === payoutFen) return [ofPayout(batch, 'payout_late', DECIDED)]
        const receipt = { ...batch, amountFen: payoutFen - openFen }
        const found = lateAt(batch.provider, batch.date)
        return [ofPayout(batch, 'payout_differs', DECIDED), ...waiting(receipt, found)]
      }),
    ...unexplained.map((one) => ofReceipt(one, 'not_ours')),
    ...planted.flatMap(({ corrected }) =>
      corrected.flatMap(({ provider, date, at, openFen }) => {
        const batch = batches.find((one) => one.provider === provider && one.date === date)
        if (!batch) return []
        const late = lateAt(provider, date)
        const receipt = { ...of(batch), amountFen: batch.payoutFen }
        if (at <= late) return waiting(receipt, at)
        const differs = ofPayout({ ...batch, openFen }, 'payout_differs', 'ended')
        return [differs, ...waiting(receipt, late)]
      }),
    ),
  ]
}

const DECIDED = 'corrected_by_provider'

const ofPayout = (
  { provider, date, openFen }: Pick<BatchFacts, 'provider' | 'date' | 'openFen'>,
  cls: 'payout_late' | 'payout_differs',
  resolution: string,
): ExpectedCase => ({
  date,
  source: provider,
  class: cls,
  subject: `settlement:${provider}:${date}`,
  amountFen: Math.abs(openFen),
  resolution,
})

const ofReceipt = (
  { ref, amountFen, bookedOn }: ReceiptFacts,
  resolution: string,
): ExpectedCase => ({
  date: bookedOn,
  source: '',
  class: 'receipt_unexplained',
  subject: `receipt:${ACCOUNT}:${ref}:1`,
  amountFen,
  resolution,
})

/** A receipt that is explained at a moment has called for somebody if that is more than a day after the bank told it. */
function waiting(
  receipt: { provider: string; date: BusinessDate; ref: string; amountFen: number },
  explainedAt: Date,
): ExpectedCase[] {
  const bookedOn = payDayOf(receipt.provider, receipt.date)
  const toldAt = instantAt(addDays(bookedOn, 1), '08:30:00')
  const isOverdue = addMs(toldAt, DAY_MS) < explainedAt
  return isOverdue ? [ofReceipt({ ...receipt, bookedOn }, 'counterpart_arrived')] : []
}
