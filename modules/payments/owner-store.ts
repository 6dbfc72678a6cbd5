import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { PaymentId, PersonId } from './payment.ts'
import { findPayment } from './store.ts'

/** Whose payment it is; null for one that is not there. */
export async function paymentOwner(
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<PersonId | null> {
  return (await findPayment(tx, hospitalId, id))?.personId ?? null
}
