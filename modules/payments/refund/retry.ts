import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { paymentSubject } from '../books.ts'
import type { MachineDependencies } from '../dependencies.ts'
import { paymentErrors } from '../errors.ts'
import { advanceRefund } from './machine.ts'
import type { RefundId } from './refund.ts'
import { lockRefundWithPayment, partsOf, updatePart, updateRefund } from './store.ts'

/**
 * A person has dealt with what a provider declined (filled the account, mended the connection): the declined part
 * is asked for again, under its number and for its amount, as one effect has one number.
 *
 * Errors: payments.refund_not_found; payments.refund_not_declined when no provider said no, so that
 * there is nothing a person could repeat.
 */
export async function retryRefund(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  id: RefundId,
  actor: Actor,
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const { payment, refund } = await lockRefundWithPayment(tx, hospitalId, id)
    const declined = (await partsOf(tx, hospitalId, id)).filter(
      (part) => part.status === 'declined',
    )
    if (declined.length === 0) throw paymentErrors.refund_not_declined({ status: refund.status })
    for (const { tenderNo } of declined) {
      await updatePart(tx, refund, tenderNo, { status: 'planned', decline_code: null })
    }
    const now = deps.clock.now()
    const again = { attention: null, retried_at: now, attempts: 0, retry_at: null, due_at: now }
    await updateRefund(tx, refund, again, now)
    await deps.audit(tx, hospitalId, actor, {
      action: 'payments.retry_refund',
      subject: paymentSubject(payment.id),
      detail: { refundId: id, was: declined[0]?.declineCode ?? null },
    })
  })
  await advanceRefund(deps, hospitalId, id)
}
