import { type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Claim, ClaimId, ClaimStatus } from './claim.ts'
import type { CoverageTables } from './tables.ts'

// The one place that reads or writes claims.

type ClaimRow = Selectable<CoverageTables['coverage.claim']>

const tables = (tx: Tx) => tx.withTables<CoverageTables>()

/** Does nothing when the settlement has its claim already. */
export async function insertClaim(tx: Tx, claim: Claim): Promise<void> {
  await tables(tx)
    .insertInto('coverage.claim')
    .values({
      hospital_id: claim.hospitalId,
      id: claim.id,
      order_no: claim.orderNo,
      payment_id: claim.paymentId,
      person_id: claim.personId,
      insurer_code: claim.insurerCode,
      policy_no: claim.policyNo,
      due_by: claim.dueBy,
      attempts: claim.attempts,
      created_at: claim.createdAt,
      updated_at: claim.createdAt,
      pay_fen: claim.payFen,
      ...changingColumns(claim),
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'order_no']).doNothing())
    .execute()
}

/** When the next claim of a hospital is due; null for none. */
export async function claimDueAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const row = await tables(tx)
    .selectFrom('coverage.claim')
    .select((eb) => eb.fn.min('due_at').as('at'))
    .where('hospital_id', '=', hospitalId)
    .where('due_at', 'is not', null)
    .executeTakeFirst()
  return row?.at ?? null
}

/**
 * Takes the claim that has waited longest, for one worker and a minute. The count of attempts fences: a write of an
 * earlier attempt is refused.
 */
export async function takeDueClaim(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
): Promise<Claim | null> {
  const row = await tables(tx)
    .updateTable('coverage.claim')
    .set((eb) => ({ due_at: addMs(now, MINUTE_MS), attempts: eb('attempts', '+', 1) }))
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', (eb) =>
      eb
        .selectFrom('coverage.claim')
        .select('id')
        .where('hospital_id', '=', hospitalId)
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst()
  return row ? toClaim(row) : null
}

/** False when another worker has the claim by now: nothing was written. */
export async function saveClaim(tx: Tx, claim: Claim, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('coverage.claim')
    .set({
      ...changingColumns(claim),
      ...resolutionKept(claim),
      updated_at: now,
    })
    .where('hospital_id', '=', claim.hospitalId)
    .where('id', '=', claim.id)
    .where('attempts', '=', claim.attempts)
    .where('status', 'not in', ['accepted', 'refused', 'closed'])
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What a person resolved while the insurer was asked stays, unless they are wanted for something new. */
function resolutionKept({ attentionAt }: Claim) {
  const isTheSame = sql`attention_at is not distinct from ${attentionAt}`
  return {
    resolution: sql<string | null>`case when ${isTheSame} then resolution end`,
    resolved_by: sql<string | null>`case when ${isTheSame} then resolved_by end`,
    resolved_at: sql<Date | null>`case when ${isTheSame} then resolved_at end`,
  }
}

/** The money of a settlement went back: its papers are of no use any more. What was decided stays: then it is null. */
export async function closeClaim(
  tx: Tx,
  hospitalId: HospitalId,
  orderNo: string,
  now: Date,
): Promise<Claim | null> {
  const row = await tables(tx)
    .updateTable('coverage.claim')
    .set((eb) => ({
      status: 'closed',
      due_at: null,
      updated_at: now,
      attempts: eb('attempts', '+', 1),
    }))
    .where('hospital_id', '=', hospitalId)
    .where('order_no', '=', orderNo)
    .where('status', 'not in', ['accepted', 'refused', 'closed'])
    .returningAll()
    .executeTakeFirst()
  return row ? toClaim(row) : null
}

/** What stays of a settlement after a part of it went back. */
export async function lowerClaim(
  tx: Tx,
  hospitalId: HospitalId,
  orderNo: string,
  payFen: Claim['payFen'],
): Promise<void> {
  await tables(tx)
    .updateTable('coverage.claim')
    .set({ pay_fen: payFen })
    .where('hospital_id', '=', hospitalId)
    .where('order_no', '=', orderNo)
    .execute()
}

/** The claims of a person whose papers wait for a consent are looked at again. */
export async function wakeWithheld(
  tx: Tx,
  hospitalId: HospitalId,
  { personId, insurerCode }: { personId: Id<'Person'>; insurerCode: string },
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('coverage.claim')
    // Counted as an attempt, so that a worker that has just looked in vain does not write over it.
    .set((eb) => ({ due_at: now, attempts: eb('attempts', '+', 1) }))
    .where('hospital_id', '=', hospitalId)
    .where('person_id', '=', personId)
    .where('insurer_code', '=', insurerCode)
    .where('status', 'in', ['waiting', 'withheld', 'more_wanted'])
    .execute()
}

/** False when somebody closed it before, or nobody is wanted. */
export async function resolveAttention(
  tx: Tx,
  hospitalId: HospitalId,
  id: ClaimId,
  { resolution, by, now }: { resolution: string; by: string; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('coverage.claim')
    .set({ resolution, resolved_by: by, resolved_at: now, updated_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('attention', 'is not', null)
    .where('resolved_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function findClaim(
  tx: Tx,
  hospitalId: HospitalId,
  id: ClaimId,
): Promise<Claim | null> {
  const row = await tables(tx)
    .selectFrom('coverage.claim')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toClaim(row) : null
}

export type ClaimFilter = {
  personId?: Id<'Person'> | undefined
  status?: ClaimStatus | undefined
  /** Only those that a person is to look at. */
  open?: boolean | undefined
  /** Those before this one. */
  before?: ClaimId | undefined
  limit: number
}

/** The latest first. */
export async function listClaims(
  tx: Tx,
  hospitalId: HospitalId,
  { personId, status, open, before, limit }: ClaimFilter,
): Promise<Claim[]> {
  let query = tables(tx)
    .selectFrom('coverage.claim')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  if (status !== undefined) query = query.where('status', '=', status)
  if (open) query = query.where('attention', 'is not', null).where('resolved_at', 'is', null)
  if (before !== undefined) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toClaim)
}

const changingColumns = (claim: Claim) => ({
  status: claim.status,
  due_at: claim.dueAt,
  submission_no: claim.submissionNo,
  claim_no: claim.claimNo,
  sent_kinds: [...claim.sentKinds],
  wanted: [...claim.wanted],
  reason: claim.reason,
  submitted_at: claim.submittedAt,
  decided_at: claim.decidedAt,
  attention: claim.attention,
  attention_at: claim.attentionAt,
})

const toClaim = (row: ClaimRow): Claim => ({
  hospitalId: row.hospital_id,
  id: row.id,
  orderNo: row.order_no,
  paymentId: row.payment_id,
  personId: row.person_id,
  insurerCode: row.insurer_code,
  policyNo: row.policy_no,
  payFen: row.pay_fen,
  status: row.status,
  dueBy: row.due_by,
  dueAt: row.due_at,
  attempts: row.attempts,
  submissionNo: row.submission_no,
  claimNo: row.claim_no,
  sentKinds: row.sent_kinds,
  wanted: row.wanted,
  reason: row.reason,
  submittedAt: row.submitted_at,
  decidedAt: row.decided_at,
  attention: row.attention,
  attentionAt: row.attention_at,
  resolution: row.resolution,
  resolvedBy: row.resolved_by,
  resolvedAt: row.resolved_at,
  createdAt: row.created_at,
})
