import type { HospitalId, NewId } from '../../../kernel/id.ts'
import type { Clock } from '../../../kernel/time.ts'
import { type Audit, createAudit } from '../../../platform/audit.ts'
import { type Db, inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { hospitalErrors } from '../errors.ts'
import {
  addProposal,
  decideProposal,
  listProposals,
  lockProposal,
  type Proposal,
  type ProposalId,
} from './proposal-store.ts'
import { changeIn, type Rollouts } from './rollout.ts'
import { type Rollout, type RolloutTerms, widens } from './terms.ts'

export type RolloutProposals = ReturnType<typeof createRolloutProposals>

/** What came of a wish: it is in force, or waits for a second person. */
export type Outcome = { rollout: Rollout; proposal: null } | { rollout: null; proposal: Proposal }

/** Whoever switches off may do so alone, with a reason; to switch on takes two. */
export function createRolloutProposals(
  { db, clock, newId }: { db: Db; clock: Clock; newId: NewId },
  rollouts: Rollouts,
) {
  const audit = createAudit({ clock, newId })
  return { wish, wishBack, waiting, decide }

  /**
   * Puts it in force where nothing is switched on by it; else before a second person. Errors: as Rollouts.change, and
   * hospitals.rollout_waits while another waits.
   */
  async function wish(
    hospitalId: HospitalId,
    terms: RolloutTerms,
    after: number,
    actor: Actor,
  ): Promise<Outcome> {
    const [now] = await rollouts.list(hospitalId)
    if (!widens(now ?? null, terms)) {
      return { rollout: await rollouts.change(hospitalId, terms, after, actor), proposal: null }
    }
    await rollouts.check(hospitalId, terms, after)
    const proposal = proposed(terms, { id: newId(), after, by: actor.name, at: clock.now() })
    await inHospital(db, hospitalId, async (tx) => {
      if (!(await addProposal(tx, hospitalId, proposal))) throw hospitalErrors.rollout_waits()
      await audit(tx, hospitalId, actor, {
        action: 'hospitals.propose_rollout',
        subject: `hospital:${hospitalId}`,
        detail: { proposalId: proposal.id, stage: terms.stage, scenes: terms.scenes.join(' ') },
      })
    })
    return { rollout: null, proposal }
  }

  /** What an earlier version said, wished for anew. Errors: as wish; hospitals.rollout_not_found. */
  async function wishBack(
    hospitalId: HospitalId,
    { to, after, note }: { to: number; after: number; note: string },
    actor: Actor,
  ): Promise<Outcome> {
    const { stage, scenes, departments } = await rollouts.version(hospitalId, to)
    return wish(hospitalId, { stage, scenes, departments, note }, after, actor)
  }

  /** The newest first, at most twenty; one at most still waits. */
  function waiting(hospitalId: HospitalId): Promise<Proposal[]> {
    return inHospital(db, hospitalId, (tx) => listProposals(tx, hospitalId))
  }

  /**
   * Another person agrees, and it is in force; or it is refused, by its proposer too, who takes it back. Errors:
   * hospitals.rollout_proposal_not_found, rollout_proposal_decided, rollout_same_person; as Rollouts.change.
   */
  async function decide(
    hospitalId: HospitalId,
    { id, agrees }: { id: ProposalId; agrees: boolean },
    actor: Actor,
  ): Promise<Rollout | null> {
    const parts = { clock, audit }
    const rollout = await inHospital(db, hospitalId, (tx) =>
      decideIn(parts, tx, { hospitalId, id, agrees }, actor),
    )
    if (rollout) rollouts.forget(hospitalId)
    return rollout
  }
}

type Parts = { clock: Clock; audit: Audit }
type Choice = { hospitalId: HospitalId; id: ProposalId; agrees: boolean }

async function decideIn(
  parts: Parts,
  tx: Tx,
  { hospitalId, id, agrees }: Choice,
  actor: Actor,
): Promise<Rollout | null> {
  const found = await lockProposal(tx, hospitalId, id)
  if (!found) throw hospitalErrors.rollout_proposal_not_found({ id })
  if (found.status !== 'waiting') throw hospitalErrors.rollout_proposal_decided()
  if (agrees && found.proposedBy === actor.name) throw hospitalErrors.rollout_same_person()
  const decided = { id, status: agrees ? 'agreed' : 'refused', by: actor.name } as const
  await decideProposal(tx, hospitalId, decided, parts.clock.now())
  if (agrees) return changeIn(parts, tx, hospitalId, found, actor)
  await parts.audit(tx, hospitalId, actor, {
    action: 'hospitals.refuse_rollout',
    subject: `hospital:${hospitalId}`,
    detail: { proposalId: id },
  })
  return null
}

type Proposing = { id: ProposalId; after: number; by: string; at: Date }

const proposed = (terms: RolloutTerms, { id, after, by, at }: Proposing): Proposal => ({
  ...terms,
  id,
  after,
  status: 'waiting',
  proposedBy: by,
  proposedAt: at,
  decidedBy: null,
  decidedAt: null,
})
