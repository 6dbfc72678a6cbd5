import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import type { HospitalTables } from '../tables.ts'
import type { RolloutTerms } from './terms.ts'

export type ProposalId = Id<'RolloutProposal'>

/** What is to be switched on after a version that was seen. */
export type Proposal = RolloutTerms & {
  id: ProposalId
  after: number
  status: 'waiting' | 'agreed' | 'refused'
  proposedBy: string
  proposedAt: Date
  decidedBy: string | null
  decidedAt: Date | null
}

const MOST = 20

/** False while another waits. */
export async function addProposal(
  tx: Tx,
  hospitalId: HospitalId,
  proposal: Proposal,
): Promise<boolean> {
  const { id, after, stage, scenes, departments, note, status, proposedBy, proposedAt } = proposal
  const inserted = await tx
    .withTables<HospitalTables>()
    .insertInto('hospitals.rollout_proposal')
    .values({
      hospital_id: hospitalId,
      id,
      after,
      stage,
      scenes: JSON.stringify(scenes),
      departments: departments && JSON.stringify(departments),
      note,
      status,
      proposed_by: proposedBy,
      proposed_at: proposedAt,
      decided_by: null,
      decided_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function listProposals(tx: Tx, hospitalId: HospitalId): Promise<Proposal[]> {
  const rows = await tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.rollout_proposal')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute()
  return rows.map(toProposal)
}

/** Locked until the end of the transaction; null where there is none. */
export async function lockProposal(
  tx: Tx,
  hospitalId: HospitalId,
  id: ProposalId,
): Promise<Proposal | null> {
  const row = await tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.rollout_proposal')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toProposal(row) : null
}

export async function decideProposal(
  tx: Tx,
  hospitalId: HospitalId,
  { id, status, by }: { id: ProposalId; status: 'agreed' | 'refused'; by: string },
  at: Date,
): Promise<void> {
  await tx
    .withTables<HospitalTables>()
    .updateTable('hospitals.rollout_proposal')
    .set({ status, decided_by: by, decided_at: at })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

const toProposal = (row: Selectable<HospitalTables['hospitals.rollout_proposal']>): Proposal => ({
  id: row.id,
  after: row.after,
  stage: row.stage,
  scenes: row.scenes,
  departments: row.departments,
  note: row.note,
  status: row.status,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
})
