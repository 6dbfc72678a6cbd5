import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { HisBill } from '../hospitals/index.ts'
import type { Payable, PaymentId, PersonId } from '../payments/index.ts'
import type { BillingTables } from './tables.ts'

// The one place that reads or writes the schema "billing".

export type ReadBill = { payable: Payable; status: HisBill['status'] }

/** Keeps bills as they were just read. An older version never replaces a newer one. */
export async function keepBills(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  bills: readonly ReadBill[],
  readAt: Date,
): Promise<void> {
  if (bills.length === 0) return
  await tx
    .withTables<BillingTables>()
    .insertInto('billing.bill')
    .values(
      bills.map(({ payable, status }) => ({
        hospital_id: hospitalId,
        bill_no: payable.billNo,
        version: payable.version,
        person_id: personId,
        visit_no: payable.visitNo,
        title: payable.title,
        total_fen: payable.totalFen,
        status,
        payable: JSON.stringify(payable) as never,
        payment_id: null,
        read_at: readAt,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['hospital_id', 'bill_no'])
        .doUpdateSet((eb) => ({
          version: eb.ref('excluded.version'),
          title: eb.ref('excluded.title'),
          total_fen: eb.ref('excluded.total_fen'),
          status: eb.ref('excluded.status'),
          payable: eb.ref('excluded.payable'),
          read_at: eb.ref('excluded.read_at'),
        }))
        .where(sql<boolean>`bill.version <= excluded.version`),
    )
    .execute()
}

/** A bill as it was last read, with whose it is and what became of it. */
export type KeptBill = {
  personId: PersonId
  status: HisBill['status']
  readAt: Date
  payable: Payable
}

/** By their numbers; the cursor is the last number of the page before. */
export async function keptBillsPage(
  tx: Tx,
  hospitalId: HospitalId,
  { personId, billNo, after, limit }: KeptBillFilter,
): Promise<KeptBill[]> {
  let query = tx
    .withTables<BillingTables>()
    .selectFrom('billing.bill')
    .select(['person_id', 'status', 'read_at', 'payable'])
    .where('hospital_id', '=', hospitalId)
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  if (billNo !== undefined) query = query.where('bill_no', '=', billNo)
  if (after !== undefined) query = query.where('bill_no', '>', after)
  const rows = await query.orderBy('bill_no').limit(limit).execute()
  return rows.map(({ person_id, status, read_at, payable }) => ({
    personId: person_id,
    status,
    readAt: read_at,
    payable: { ...payable, billedAt: new Date(payable.billedAt) },
  }))
}

export type KeptBillFilter = {
  personId?: PersonId | undefined
  billNo?: string | undefined
  after?: string | undefined
  limit: number
}

const MOST_BILLS = 50

/** What was open when it was last read, oldest first. */
export async function keptOpenBills(tx: Tx, hospitalId: HospitalId, personId: PersonId) {
  return tx
    .withTables<BillingTables>()
    .selectFrom('billing.bill')
    .select(['payable', 'read_at'])
    .where('hospital_id', '=', hospitalId)
    .where('person_id', '=', personId)
    .where('status', '=', 'open')
    .orderBy('bill_no')
    .limit(MOST_BILLS)
    .execute()
}

export async function billsNamed(tx: Tx, hospitalId: HospitalId, billNos: readonly string[]) {
  if (billNos.length === 0) return []
  return tx
    .withTables<BillingTables>()
    .selectFrom('billing.bill')
    .select('payable')
    .where('hospital_id', '=', hospitalId)
    .where('bill_no', 'in', [...billNos])
    .orderBy('bill_no')
    .execute()
}

/** Bills no longer listed by the hospital are not open any more, whatever became of them. */
export async function closeUnlisted(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  listed: readonly string[],
  readAt: Date,
): Promise<void> {
  await tx
    .withTables<BillingTables>()
    .updateTable('billing.bill')
    .set({ status: 'void', read_at: readAt })
    .where('hospital_id', '=', hospitalId)
    .where('person_id', '=', personId)
    .where('status', '=', 'open')
    .$if(listed.length > 0, (query) => query.where('bill_no', 'not in', [...listed]))
    .execute()
}

export async function markBills(
  tx: Tx,
  hospitalId: HospitalId,
  billNos: readonly string[],
  mark: { status: HisBill['status']; paymentId: PaymentId | null },
): Promise<void> {
  if (billNos.length === 0) return
  await tx
    .withTables<BillingTables>()
    .updateTable('billing.bill')
    .set({ status: mark.status, payment_id: mark.paymentId })
    .where('hospital_id', '=', hospitalId)
    .where('bill_no', 'in', [...billNos])
    .execute()
}
