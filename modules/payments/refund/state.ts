import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import type { Payment } from '../payment.ts'
import { billsOf, tendersOf } from '../store.ts'
import type { RefundState } from './decide.ts'
import { channelFreeAt } from './limits.ts'
import type { Refund, RefundId } from './refund.ts'
import { lockRefundWithPayment, partsOf, refundsOf } from './store.ts'

/** A refund with all that its next step follows from; both its row and the payment's are locked. */
export type Loaded = RefundState & { payment: Payment; earlier: readonly Refund[] }

export async function load(tx: Tx, hospitalId: HospitalId, id: RefundId): Promise<Loaded> {
  const { payment, refund } = await lockRefundWithPayment(tx, hospitalId, id)
  const parts = await partsOf(tx, hospitalId, id)
  const tenders = await tendersOf(tx, hospitalId, payment.id)
  const bills = await billsOf(tx, hospitalId, payment.id)
  const all = await refundsOf(tx, hospitalId, payment.id)
  const earlier = all.filter((r) => r.id !== id)
  return { payment, refund, parts, tenders, bills, earlier, channelFreeAt: channelFreeAt(earlier) }
}
