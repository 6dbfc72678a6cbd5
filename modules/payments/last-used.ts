import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { PersonId } from './payment.ts'

// Habits are recent, and the payer waits for this.
const LOOKED_AT = 10

/** By which channel the person last paid something at the hospital; null for never, or not lately. */
export async function lastUsedChannel(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
): Promise<string | null> {
  const { rows } = await sql<{ provider: string }>`
    select t.provider
      from (select p.id, p.hospital_id from payments.payment p
             where p.hospital_id = ${hospitalId} and p.person_id = ${personId}
             order by p.id desc limit ${LOOKED_AT}) p
      join payments.tender t on t.hospital_id = p.hospital_id and t.payment_id = p.id
     where t.phase = 'payer' and t.status = 'taken' and t.hospital_id = ${hospitalId}
     order by t.payment_id desc limit 1`.execute(tx)
  return rows[0]?.provider ?? null
}
