import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { ApplicationId } from './scope.ts'
import type { PartnerTables } from './tables.ts'

// Which application began which payment for whom: the one place that writes this table.

/** Asked again for the same payment, the first row stands. */
export async function insertActing(tx: Tx, row: PartnerTables['partners.acting']): Promise<void> {
  await tx
    .withTables<PartnerTables>()
    .insertInto('partners.acting')
    .values(row)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'payment_id']).doNothing())
    .execute()
}

/** The person whom the application began this payment for; null for a payment that is not its own. */
export async function findActingFor(
  tx: Tx,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
  paymentId: Id<'Payment'>,
): Promise<Id<'Person'> | null> {
  const row = await tx
    .withTables<PartnerTables>()
    .selectFrom('partners.acting')
    .select('person_id')
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .where('application_id', '=', applicationId)
    .executeTakeFirst()
  return row?.person_id ?? null
}
