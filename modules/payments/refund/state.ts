import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import { type Payment, type Tender, tenderNumbered } from '../payment.ts'
import type { Phase } from '../provider.ts'
import { billsOf, tendersOf } from '../store.ts'
import type { RefundState } from './decide.ts'
import { channelFreeAt } from './limits.ts'
import type { Refund, RefundId, RefundPart } from './refund.ts'
import { lockRefundWithPayment, partsOf, refundsOf } from './store.ts'

const TURN: Record<Phase, number> = { settle: 0, hold: 1, payer: 2 }

/**
 * Insurers work out anew what they pay of the lines that stay, medical before commercial; then what was lent and granted goes
 * back, the last first; what is left goes back to the payer.
 */
function inOrderOfReturn(parts: readonly RefundPart[], tenders: readonly Tender[]): RefundPart[] {
  const keyOf = ({ tenderNo }: RefundPart) => {
    const { phase } = tenderNumbered(tenders, tenderNo)
    return TURN[phase] * 1_000 + (phase === 'hold' ? 0 - tenderNo : tenderNo)
  }
  return parts.toSorted((a, b) => keyOf(a) - keyOf(b))
}

/** A refund with all that its next step follows from; both its row and the payment's are locked. */
export type Loaded = RefundState & { payment: Payment; earlier: readonly Refund[] }

export async function load(tx: Tx, hospitalId: HospitalId, id: RefundId): Promise<Loaded> {
  const { payment, refund } = await lockRefundWithPayment(tx, hospitalId, id)
  const tenders = await tendersOf(tx, hospitalId, payment.id)
  const parts = inOrderOfReturn(await partsOf(tx, hospitalId, id), tenders)
  const bills = await billsOf(tx, hospitalId, payment.id)
  const all = await refundsOf(tx, hospitalId, payment.id)
  const earlier = all.filter((r) => r.id !== id)
  return { payment, refund, parts, tenders, bills, earlier, channelFreeAt: channelFreeAt(earlier) }
}
