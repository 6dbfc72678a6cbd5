import { sql } from 'kysely'

import { type Db, inHospital } from '../../platform/db.ts'
import type { LenderId } from './terms.ts'

/**
 * When something of a lender is to be looked at next, by itself: a visit whose day ends, an early payment or an application
 * that nobody answered, a repayment in doubt. What was announced to its lender waits until its time is over. Null for
 * nothing.
 */
export const nextDueAt = (db: Db, lenderId: LenderId): Promise<Date | null> =>
  inHospital(db, lenderId, async (tx) => {
    const { rows } = await sql<{ at: Date | null }>`select least(
      (select min(due_at) from credit.visit
        where hospital_id = ${lenderId} and status in ('open', 'closing')),
      (select min(greatest(c.expires_at, v.due_at)) from credit.visit v
        left join credit.collection c on c.hospital_id = v.hospital_id
          and c.repayment_no = v.repayment_no and c.status = 'asking'
        where v.hospital_id = ${lenderId} and v.status = 'paying'),
      (select min(due_at) from credit.application
        where hospital_id = ${lenderId} and status = 'asking'),
      (select min(greatest(c.expires_at, r.due_at)) from credit.repayment r
        left join credit.collection c on c.hospital_id = r.hospital_id
          and c.repayment_no = r.repayment_no and c.status = 'asking'
        where r.hospital_id = ${lenderId} and r.status = 'asking')
    ) as at`.execute(tx)
    return rows[0]?.at ?? null
  })
