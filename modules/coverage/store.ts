import { type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { endLease, type LeasedRow, NOT_LEASED, takeLease } from '../../platform/lease.ts'
import type { KeptBill } from './bill.ts'
import type { Plan, PlanId } from './plan.ts'
import type { CoverageTables } from './tables.ts'

// The one place that reads or writes plans.

type PlanRow = Selectable<CoverageTables['coverage.plan']>

const tables = (tx: Tx) => tx.withTables<CoverageTables>()

/** Does nothing when the payment has a plan already. */
export async function insertPlan(tx: Tx, plan: Plan): Promise<void> {
  await tables(tx)
    .insertInto('coverage.plan')
    .values({
      hospital_id: plan.hospitalId,
      id: plan.id,
      payment_id: plan.paymentId,
      person_id: plan.personId,
      ...NOT_LEASED,
      created_at: plan.createdAt,
      updated_at: plan.createdAt,
      ...changingColumns(plan),
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'payment_id']).doNothing())
    .execute()
}

/**
 * Takes the plan for one worker until `until`. Null when there is none, or another worker has it. The number of the
 * lease fences: a write under an earlier one is refused.
 */
export async function leasePlan(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: Id<'Payment'>,
  { now, until }: { now: Date; until: Date },
): Promise<{ plan: Plan; leaseNo: number } | null> {
  const row = await takeLease<PlanRow>(tx, leaseOf(hospitalId, paymentId), { now, until })
  return row ? { plan: toPlan(row), leaseNo: row.lease_no } : null
}

/** False when the lease is another's by now: nothing was written. */
export async function savePlan(
  tx: Tx,
  plan: Plan,
  { leaseNo, until, now }: { leaseNo: number; until: Date; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('coverage.plan')
    .set({ ...changingColumns(plan), leased_until: until, updated_at: now })
    .where('hospital_id', '=', plan.hospitalId)
    .where('id', '=', plan.id)
    .where('lease_no', '=', leaseNo)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const endPlanLease = (
  tx: Tx,
  { hospitalId, paymentId }: Plan,
  leaseNo: number,
): Promise<void> => endLease(tx, leaseOf(hospitalId, paymentId), leaseNo)

const leaseOf = (hospitalId: HospitalId, paymentId: Id<'Payment'>): LeasedRow => ({
  table: 'coverage.plan',
  hospitalId,
  column: 'payment_id',
  value: paymentId,
})

export async function findPlan(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: Id<'Payment'>,
): Promise<Plan | null> {
  const row = await tables(tx)
    .selectFrom('coverage.plan')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .executeTakeFirst()
  return row ? toPlan(row) : null
}

export async function planById(tx: Tx, hospitalId: HospitalId, id: PlanId): Promise<Plan | null> {
  const row = await tables(tx)
    .selectFrom('coverage.plan')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toPlan(row) : null
}

/**
 * Takes what a person was treated with and for out of plans that came to nothing before then. With the content hash
 * goes what would let a later quote take the plan for the same, and nothing can be charged by it. Returns how many.
 */
export async function forgetBillsBefore(
  tx: Tx,
  hospitalId: HospitalId,
  before: Date,
  most: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update coverage.plan set content_hash = '', bill = bill || ${JSON.stringify(NOTHING_LEFT)}::jsonb,
      status = case when status in ('quoting', 'quoted') then 'released' else status end
    where hospital_id = ${hospitalId} and id in (
      select id from coverage.plan where hospital_id = ${hospitalId}
        and status in ('quoting', 'quoted', 'declined', 'released') and content_hash <> ''
        and updated_at < ${before} and (leased_until is null or leased_until < ${before})
      order by updated_at limit ${most})`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

const NOTHING_LEFT: Pick<KeptBill, 'visitNo' | 'department' | 'diagnosis' | 'lines'> = {
  visitNo: '',
  department: { code: '', name: '' },
  diagnosis: { code: '', name: '' },
  lines: [],
}

const changingColumns = (plan: Plan) => ({
  status: plan.status,
  content_hash: plan.contentHash,
  bill: JSON.stringify(plan.bill),
  left_fen: plan.leftFen,
  paid: JSON.stringify(plan.paid),
  charge_no: plan.chargeNo,
  refund_id: plan.refundId,
  decline_code: plan.decline?.code ?? null,
  decline_reason: plan.decline?.reason ?? null,
})

const toPlan = (row: PlanRow): Plan => ({
  hospitalId: row.hospital_id,
  id: row.id,
  paymentId: row.payment_id,
  personId: row.person_id,
  status: row.status,
  contentHash: row.content_hash,
  bill: row.bill,
  leftFen: row.left_fen,
  paid: row.paid,
  chargeNo: row.charge_no,
  refundId: row.refund_id,
  decline:
    row.decline_code === null ? null : { code: row.decline_code, reason: row.decline_reason ?? '' },
  createdAt: row.created_at,
})
