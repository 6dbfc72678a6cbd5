import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { PersonId } from './payment.ts'

/** How many payments of the person at the hospital have succeeded since then. */
export async function countPaid(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  since: Date,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from payments.payment
     where hospital_id = ${hospitalId} and person_id = ${personId}
       and status = 'succeeded' and succeeded_at >= ${since}`.execute(tx)
  return rows[0]?.n ?? 0
}
