import { type Insertable, type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { endLease, type LeasedRow, NOT_LEASED, takeLease } from '../../platform/lease.ts'
import type { Claim, ClaimId, ClaimLine } from './claim.ts'
import type { InsuranceTables } from './tables.ts'

// The one place that reads or writes claims and their lines, and gives out message numbers.

type ClaimRow = Selectable<InsuranceTables['insurance.claim']>

const tables = (tx: Tx) => tx.withTables<InsuranceTables>()

/** Does nothing when the payment has a claim already. */
export async function insertClaim(tx: Tx, claim: Claim): Promise<void> {
  await tables(tx)
    .insertInto('insurance.claim')
    .values({
      hospital_id: claim.hospitalId,
      id: claim.id,
      payment_id: claim.paymentId,
      person_id: claim.personId,
      created_at: claim.createdAt,
      updated_at: claim.createdAt,
      ...NOT_LEASED,
      ...changingColumns(claim),
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'payment_id']).doNothing())
    .execute()
}

/**
 * Takes the claim for one worker until `until`. Null when there is none, or another worker has it.
 * The number of the lease fences: a write under an earlier one is refused.
 */
export async function leaseClaim(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: Id<'Payment'>,
  { now, until }: { now: Date; until: Date },
): Promise<{ claim: Claim; leaseNo: number } | null> {
  const row = await takeLease<ClaimRow>(tx, leaseOf(hospitalId, paymentId), { now, until })
  return row ? { claim: toClaim(row), leaseNo: row.lease_no } : null
}

/** False when the lease is another's by now: nothing was written. */
export async function saveClaim(
  tx: Tx,
  claim: Claim,
  { leaseNo, until, now }: { leaseNo: number; until: Date | null; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('insurance.claim')
    .set({ ...changingColumns(claim), leased_until: until, updated_at: now })
    .where('hospital_id', '=', claim.hospitalId)
    .where('id', '=', claim.id)
    .where('lease_no', '=', leaseNo)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const endClaimLease = (
  tx: Tx,
  { hospitalId, paymentId }: Claim,
  leaseNo: number,
): Promise<void> => endLease(tx, leaseOf(hospitalId, paymentId), leaseNo)

const leaseOf = (hospitalId: HospitalId, paymentId: Id<'Payment'>): LeasedRow => ({
  table: 'insurance.claim',
  hospitalId,
  column: 'payment_id',
  value: paymentId,
})

export async function findClaim(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: Id<'Payment'>,
): Promise<Claim | null> {
  const row = await tables(tx)
    .selectFrom('insurance.claim')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .executeTakeFirst()
  return row ? toClaim(row) : null
}

export async function claimById(
  tx: Tx,
  hospitalId: HospitalId,
  id: ClaimId,
): Promise<Claim | null> {
  const row = await tables(tx)
    .selectFrom('insurance.claim')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toClaim(row) : null
}

/** The next `count` message numbers of the hospital: returns the last of them. See msgid.ts. */
export async function takeMsgids(
  tx: Tx,
  hospitalId: HospitalId,
  { count, firstNow }: { count: number; firstNow: number },
): Promise<number> {
  const row = await tables(tx)
    .insertInto('insurance.msgid_counter')
    .values({ hospital_id: hospitalId, last: firstNow + count - 1 })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id']).doUpdateSet({
        last: sql<number>`greatest(msgid_counter.last + ${count}::bigint, excluded.last)`,
      }),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  return row.last
}

/** The lines of a batch; those that are there already stay as they are. */
export async function insertLines(
  tx: Tx,
  claim: Claim,
  lines: readonly ClaimLine[],
): Promise<void> {
  const rows: Insertable<InsuranceTables['insurance.claim_line']>[] = lines.map((line) => ({
    hospital_id: claim.hospitalId,
    claim_id: claim.id,
    batch_seq: line.batchSeq,
    line_id: line.lineId,
    bill_no: line.billNo,
    line_no: line.lineNo,
    amount_fen: line.amountFen,
    own_fen: line.ownFen,
    over_limit_fen: line.overLimitFen,
    first_share_fen: line.firstShareFen,
    in_scope_fen: line.inScopeFen,
    level: line.level,
  }))
  await tables(tx)
    .insertInto('insurance.claim_line')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'claim_id', 'batch_seq', 'line_id']).doNothing(),
    )
    .execute()
}

export async function linesOf(
  tx: Tx,
  hospitalId: HospitalId,
  claimId: ClaimId,
  batchSeq: number,
): Promise<ClaimLine[]> {
  const rows = await tables(tx)
    .selectFrom('insurance.claim_line')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('claim_id', '=', claimId)
    .where('batch_seq', '=', batchSeq)
    .orderBy('line_id')
    .execute()
  return rows.map(toLine)
}

const changingColumns = (claim: Claim) => ({
  status: claim.status,
  visit_no: claim.visitNo,
  progress: claim.progress,
  batch_no: claim.batchNo,
  batch_seq: claim.batchSeq,
  content_hash: claim.contentHash,
  bills: JSON.stringify(claim.bills),
  total_fen: claim.totalFen,
  med_type: claim.medType,
  use_account: claim.useAccount,
  psn_no: claim.psnNo,
  insutype: claim.insutype,
  insured_region: claim.insuredRegion,
  mdtrt_id: claim.mdtrtId,
  filing_no: claim.filing?.no ?? null,
  filing_kind: claim.filing?.kind ?? null,
  filed_from: claim.filing?.from ?? null,
  filed_to: claim.filing?.to ?? null,
  intent_infno: claim.intent?.infno ?? null,
  intent_msgid: claim.intent?.msgid ?? null,
  figures: claim.figures === null ? null : JSON.stringify(claim.figures),
  charged_msgid: claim.chargedMsgid,
  settled_msgid: claim.settledMsgid,
  refund_id: claim.refundId,
  decline_code: claim.declineCode,
  decline_reason: claim.declineReason,
})

const toClaim = (row: ClaimRow): Claim => ({
  hospitalId: row.hospital_id,
  id: row.id,
  paymentId: row.payment_id,
  personId: row.person_id,
  status: row.status,
  visitNo: row.visit_no,
  progress: row.progress,
  batchNo: row.batch_no,
  batchSeq: row.batch_seq,
  contentHash: row.content_hash,
  bills: row.bills,
  totalFen: row.total_fen,
  medType: row.med_type,
  useAccount: row.use_account,
  psnNo: row.psn_no,
  insutype: row.insutype,
  insuredRegion: row.insured_region,
  mdtrtId: row.mdtrt_id,
  filing:
    row.filed_from === null
      ? null
      : { no: row.filing_no, kind: row.filing_kind, from: row.filed_from, to: row.filed_to },
  intent:
    row.intent_infno !== null && row.intent_msgid !== null
      ? { infno: row.intent_infno, msgid: row.intent_msgid }
      : null,
  figures: row.figures,
  chargedMsgid: row.charged_msgid,
  settledMsgid: row.settled_msgid,
  refundId: row.refund_id,
  declineCode: row.decline_code,
  declineReason: row.decline_reason,
  createdAt: row.created_at,
})

const toLine = (row: Selectable<InsuranceTables['insurance.claim_line']>): ClaimLine => ({
  batchSeq: row.batch_seq,
  lineId: row.line_id,
  billNo: row.bill_no,
  lineNo: row.line_no,
  amountFen: row.amount_fen,
  ownFen: row.own_fen,
  overLimitFen: row.over_limit_fen,
  firstShareFen: row.first_share_fen,
  inScopeFen: row.in_scope_fen,
  level: row.level,
})
