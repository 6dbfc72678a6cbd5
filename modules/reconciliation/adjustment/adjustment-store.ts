import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import type { CaseId } from '../day.ts'
import type { ReconciliationTables } from '../tables.ts'
import type { Adjustment, AdjustmentDecision, AdjustmentId } from './adjustment.ts'

// Adjustments and what was decided of them: the one place that writes these tables.

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

const MOST_OF_A_CASE = 200

/** In the order they were proposed. */
export async function adjustmentsOfCase(
  tx: Tx,
  hospitalId: HospitalId,
  caseId: CaseId,
): Promise<Adjustment[]> {
  const rows = await query(tx, hospitalId)
    .where('a.case_id', '=', caseId)
    .orderBy('a.id')
    .limit(MOST_OF_A_CASE)
    .execute()
  return rows.map(toAdjustment)
}

export async function findAdjustment(
  tx: Tx,
  hospitalId: HospitalId,
  id: AdjustmentId,
): Promise<Adjustment | null> {
  const row = await query(tx, hospitalId).where('a.id', '=', id).executeTakeFirst()
  return row ? toAdjustment(row) : null
}

const query = (tx: Tx, hospitalId: HospitalId) =>
  tables(tx)
    .selectFrom('reconciliation.adjustment as a')
    .leftJoin('reconciliation.adjustment_decision as d', (join) =>
      join.onRef('d.hospital_id', '=', 'a.hospital_id').onRef('d.adjustment_id', '=', 'a.id'),
    )
    .select(['a.id', 'a.case_id', 'a.kind', 'a.provider', 'a.part', 'a.amount_fen', 'a.reason'])
    .select(['a.proposed_by', 'a.proposed_at'])
    .select(['d.outcome', 'd.note', 'd.entry_id', 'd.decided_by', 'd.decided_at'])
    .where('a.hospital_id', '=', hospitalId)

export async function insertAdjustment(
  tx: Tx,
  hospitalId: HospitalId,
  adjustment: Omit<Adjustment, 'decision'>,
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.adjustment')
    .values({
      hospital_id: hospitalId,
      id: adjustment.id,
      case_id: adjustment.caseId,
      kind: adjustment.kind,
      provider: adjustment.provider,
      part: adjustment.part,
      amount_fen: adjustment.amountFen,
      reason: adjustment.reason,
      proposed_by: adjustment.proposedBy,
      proposed_at: adjustment.proposedAt,
    })
    .execute()
}

export async function insertDecision(
  tx: Tx,
  hospitalId: HospitalId,
  { id, proposedBy }: Adjustment,
  { outcome, note, entryId, decidedBy, decidedAt }: AdjustmentDecision,
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.adjustment_decision')
    .values({
      hospital_id: hospitalId,
      adjustment_id: id,
      outcome,
      note,
      entry_id: entryId,
      proposed_by: proposedBy,
      decided_by: decidedBy,
      decided_at: decidedAt,
    })
    .execute()
}

type Row = Awaited<ReturnType<ReturnType<typeof query>['executeTakeFirstOrThrow']>>

const toAdjustment = (row: Row): Adjustment => ({
  id: row.id,
  caseId: row.case_id,
  kind: row.kind,
  provider: row.provider,
  part: row.part,
  amountFen: row.amount_fen,
  reason: row.reason,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at,
  decision:
    row.outcome && row.decided_by && row.decided_at
      ? {
          outcome: row.outcome,
          note: row.note,
          entryId: row.entry_id,
          decidedBy: row.decided_by,
          decidedAt: row.decided_at,
        }
      : null,
})
