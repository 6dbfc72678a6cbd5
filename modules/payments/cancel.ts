import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { paymentSubject } from './books.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import { advance } from './machine.ts'
import type { PaymentId, PersonId } from './payment.ts'
import { lockOwnPayment, updatePayment } from './store.ts'

/** The payer does not want to pay any more. What the provider says of it decides. */
export async function cancel(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
  id: PaymentId,
  actor: Actor,
): Promise<void> {
  const { db, clock, audit } = deps
  await inHospital(db, hospitalId, async (tx) => {
    const payment = await lockOwnPayment(tx, hospitalId, personId, id)
    const { status } = payment
    if (status !== 'quoted' && status !== 'charging') {
      throw paymentErrors.payment_not_cancellable({ status })
    }
    const now = clock.now()
    const wish = { cancel_requested_at: now, retry_at: null, attempts: 0, due_at: now }
    await updatePayment(tx, payment, wish, now)
    await audit(tx, hospitalId, actor, { action: 'payments.cancel', subject: paymentSubject(id) })
  })
  await advance(deps, hospitalId, id)
}
