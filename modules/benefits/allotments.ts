import { sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { addFen, type Fen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { allottedAlone, lockGiver } from './alone.ts'
import { allot } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { benefitErrors } from './errors.ts'
import { type Allotment, insertAllotment, listAllotments, type Page } from './programme-store.ts'
import { mustFind, type ProgrammeKey } from './programmes.ts'
import type { AllotmentProposal, BenefitTables } from './tables.ts'

export type ProposalKey = { hospitalId: HospitalId; id: Id<'Allotment'> }

/** What funders put into budgets: at once, or above what one person may alone, once a second one agrees. */
export const createAllotments = (deps: BenefitsDependencies) => ({
  allotTo: (key: ProgrammeKey, given: { amountFen: Fen; document: string }, actor: Actor) =>
    allotTo(deps, key, { ...given, actor }),
  decideAllotment: (key: ProposalKey, decision: Decision, actor: Actor) =>
    decideAllotment(deps, key, { ...decision, actor }),
  allotments: ({ hospitalId, programmeId }: ProgrammeKey, page: Page<Id<'Allotment'>>) =>
    inHospital(deps.db, hospitalId, (tx) => listAllotments(tx, hospitalId, programmeId, page)),
  /** Those that wait for a second person, the first proposed first. */
  allotmentProposals: (hospitalId: HospitalId) =>
    inHospital(deps.db, hospitalId, (tx) => waitingProposals(tx, hospitalId)),
})

export type Decision = { agrees: boolean; reason: string }

/**
 * The funder gives to the budget, or takes back what is free of it, below zero. Returns the proposal when a second person
 * has to agree first. Errors: programme_not_running when nobody has agreed to the programme, document_used when this was
 * done before, budget_used_up when not so much is free.
 */
async function allotTo(
  deps: BenefitsDependencies,
  { hospitalId, programmeId }: ProgrammeKey,
  { amountFen, document, actor }: { amountFen: Fen; document: string; actor: Actor },
): Promise<{ proposalId: Id<'Allotment'> | null }> {
  return inHospital(deps.db, hospitalId, async (tx) => {
    const { status } = await mustFind(tx, { hospitalId, programmeId })
    if (status === 'proposed' || status === 'refused') {
      throw benefitErrors.programme_not_running({ id: programmeId })
    }
    const id = deps.newId<'Allotment'>()
    const at = deps.clock.now()
    const wish = { id, programmeId, amountFen, document }
    await lockGiver(tx, hospitalId, actor.name)
    const today = businessDateOf(at)
    const beforeFen = await allottedAlone(tx, { hospitalId, by: actor.name, today })
    const isLarge = amountFen > 0 && addFen(beforeFen, amountFen) > deps.rules.allotAloneMostFen
    if (isLarge) {
      await insertProposal(tx, hospitalId, { ...wish, proposedBy: actor.name, proposedAt: at })
    } else {
      await book(deps, tx, hospitalId, { ...wish, decidedBy: actor.name, byTwo: false, at })
    }
    const action = isLarge ? 'benefits.propose_allotment' : 'benefits.allot'
    await note(deps, tx, { hospitalId, programmeId }, { actor, action, amountFen, document })
    return { proposalId: isLarge ? id : null }
  })
}

/**
 * The second person agrees or does not. Errors: allotment_not_found, allotment_decided, decided_by_same_person,
 * document_used.
 */
async function decideAllotment(
  deps: BenefitsDependencies,
  { hospitalId, id }: ProposalKey,
  { agrees, reason, actor }: Decision & { actor: Actor },
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const proposal = await lockProposal(tx, { hospitalId, id })
    if (!proposal) throw benefitErrors.allotment_not_found({ id })
    if (proposal.status !== 'proposed') throw benefitErrors.allotment_decided({ id })
    if (proposal.proposed_by === actor.name) throw benefitErrors.decided_by_same_person()
    const at = deps.clock.now()
    await endProposal(tx, { hospitalId, id }, { agrees, reason, by: actor.name, at })
    const { programme_id: programmeId, amount_fen: amountFen, document } = proposal
    if (agrees) {
      const wish = { id, programmeId, amountFen, document }
      await book(deps, tx, hospitalId, { ...wish, decidedBy: actor.name, byTwo: true, at })
    }
    const action = agrees ? 'benefits.agree_allotment' : 'benefits.refuse_allotment'
    await note(
      deps,
      tx,
      { hospitalId, programmeId },
      { actor, action, amountFen, document, reason },
    )
  })
}

async function book(
  deps: BenefitsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  allotment: Allotment,
): Promise<void> {
  const { id, programmeId, amountFen, document } = allotment
  if (!(await insertAllotment(tx, hospitalId, allotment))) {
    throw benefitErrors.document_used({ document })
  }
  const change = { amountFen, cause: `benefits:allot:${id}` }
  const isThere = await allot(deps, tx, { hospitalId, programmeId }, change)
  if (!isThere) throw benefitErrors.budget_used_up({ id: programmeId })
}

async function note(
  { audit }: BenefitsDependencies,
  tx: Tx,
  { hospitalId, programmeId }: ProgrammeKey,
  { actor, action, ...detail }: Noted,
): Promise<void> {
  await audit(tx, hospitalId, actor, { action, subject: `benefit:${programmeId}`, detail })
}

type Noted = { actor: Actor; action: string; amountFen: Fen; document: string; reason?: string }

/** Errors: document_used when it waits, or was agreed to. */
async function insertProposal(
  tx: Tx,
  hospitalId: HospitalId,
  wish: Omit<Allotment, 'decidedBy' | 'byTwo' | 'at'> & { proposedBy: string; proposedAt: Date },
): Promise<void> {
  const { rows } = await sql`insert into benefits.allotment_proposal
      (hospital_id, id, programme_id, amount_fen, document, proposed_by, proposed_at, status)
    values (${hospitalId}, ${wish.id}, ${wish.programmeId}, ${wish.amountFen}, ${wish.document},
      ${wish.proposedBy}, ${wish.proposedAt}, 'proposed')
    on conflict (hospital_id, programme_id, document) where status <> 'refused' do nothing
    returning id`.execute(tx)
  if (rows.length === 0) throw benefitErrors.document_used({ document: wish.document })
}

async function lockProposal(
  tx: Tx,
  { hospitalId, id }: ProposalKey,
): Promise<AllotmentProposal | null> {
  const row = await selectProposals(tx, hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

async function endProposal(
  tx: Tx,
  { hospitalId, id }: ProposalKey,
  { agrees, reason, by, at }: Decision & { by: string; at: Date },
): Promise<void> {
  const status = agrees ? ('agreed' as const) : ('refused' as const)
  await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.allotment_proposal')
    .set({ status, decided_by: by, decided_at: at, reason })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

const MOST_WAITING = 200

const waitingProposals = (tx: Tx, hospitalId: HospitalId): Promise<AllotmentProposal[]> =>
  selectProposals(tx, hospitalId)
    .where('status', '=', 'proposed')
    .orderBy('id')
    .limit(MOST_WAITING)
    .execute()

const selectProposals = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.allotment_proposal')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
