import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import { paymentErrors } from '../errors.ts'
import type { RefundRule } from './approval-rule.ts'
import type { RefundApprovalTables } from './approval-tables.ts'

// Proposals of looser rules: the one place that reads and writes them.

export type ProposalId = Id<'RefundRuleProposal'>

export type Proposal = {
  hospitalId: HospitalId
  id: ProposalId
  rule: RefundRule
  status: 'waiting' | 'approved' | 'declined'
  proposedBy: string
  createdAt: Date
}

const tables = (tx: Tx) => tx.withTables<RefundApprovalTables>()

/** False when one waits already. */
export async function insertProposal(tx: Tx, proposal: Proposal): Promise<boolean> {
  const { rule } = proposal
  const inserted = await tables(tx)
    .insertInto('payments.refund_rule_proposal')
    .values({
      hospital_id: proposal.hospitalId,
      id: proposal.id,
      above_fen: rule.aboveFen,
      late_after_days: rule.lateAfterDays,
      most_a_day: rule.mostADay,
      his_above_fen: rule.hisAboveFen,
      status: proposal.status,
      proposed_by: proposal.proposedBy,
      decided_by: null,
      created_at: proposal.createdAt,
      decided_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function waitingProposal(tx: Tx, hospitalId: HospitalId): Promise<Proposal | null> {
  const row = await proposals(tx, hospitalId).where('status', '=', 'waiting').executeTakeFirst()
  return row ? toProposal(row) : null
}

/** Locked until the transaction ends. Errors: payments.refund_rule_decided where there is none. */
export async function lockProposal(
  tx: Tx,
  hospitalId: HospitalId,
  id: ProposalId,
): Promise<Proposal> {
  const row = await proposals(tx, hospitalId).where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw paymentErrors.refund_rule_decided()
  return toProposal(row)
}

export async function endProposal(
  tx: Tx,
  { hospitalId, id }: Proposal,
  { status, by, at }: { status: 'approved' | 'declined'; by: string; at: Date },
): Promise<void> {
  await tables(tx)
    .updateTable('payments.refund_rule_proposal')
    .set({ status, decided_by: by, decided_at: at })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .executeTakeFirstOrThrow()
}

const proposals = (tx: Tx, hospitalId: HospitalId) =>
  tables(tx)
    .selectFrom('payments.refund_rule_proposal')
    .selectAll()
    .where('hospital_id', '=', hospitalId)

const toProposal = (
  row: Selectable<RefundApprovalTables['payments.refund_rule_proposal']>,
): Proposal => ({
  hospitalId: row.hospital_id,
  id: row.id,
  rule: {
    aboveFen: row.above_fen,
    lateAfterDays: row.late_after_days,
    mostADay: row.most_a_day,
    hisAboveFen: row.his_above_fen,
  },
  status: row.status,
  proposedBy: row.proposed_by,
  createdAt: row.created_at,
})
