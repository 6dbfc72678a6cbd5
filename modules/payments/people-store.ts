import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { PaymentId, PaymentStatus, PersonId } from './payment.ts'

const MOST_PAYMENTS = 500

/** All payments of some records of people at the hospital, newest first; at most five hundred. */
export async function paymentsOfPeople(
  tx: Tx,
  hospitalId: HospitalId,
  personIds: readonly PersonId[],
): Promise<PaymentOfPerson[]> {
  const { rows } = await sql<PaymentOfPerson>`
    select p.id as "paymentId", p.person_id as "personId", p.total_fen as "amountFen", p.status,
      p.created_at as "createdAt",
      (select count(*)::int from payments.refund r where r.hospital_id = ${hospitalId}
        and r.payment_id = p.id and r.status not in ('succeeded', 'refused')) as "openRefunds"
    from payments.payment p
    where p.hospital_id = ${hospitalId} and p.person_id = any(${[...personIds]}::uuid[])
    order by p.id desc limit ${MOST_PAYMENTS}`.execute(tx)
  return rows
}

export type PaymentOfPerson = {
  paymentId: PaymentId
  personId: PersonId
  amountFen: Fen
  status: PaymentStatus
  createdAt: Date
  openRefunds: number
}
