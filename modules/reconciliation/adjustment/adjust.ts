import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, subtractFen, ZERO } from '../../../kernel/money.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { balancesOf } from '../../ledger/index.ts'
import type { PartKind } from '../../payments/index.ts'
import { endCase, insertNote, lockCase } from '../case-store.ts'
import type { CaseId } from '../day.ts'
import type { ReconciliationDependencies } from '../dependencies.ts'
import { differencesOfCase, explainByCase } from '../difference-store.ts'
import { reconciliationErrors } from '../errors.ts'
import type { WorkCase } from '../work-case.ts'
import {
  adjustmentsOfCase,
  findAdjustment,
  insertAdjustment,
  insertDecision,
} from './adjustment-store.ts'
import {
  type Adjustment,
  type AdjustmentId,
  type AdjustmentKind,
  adjustmentsOf,
  entryOfAdjustment,
  gapOf,
  surplus,
  takesFromSurplus,
} from './adjustment.ts'

export type NewAdjustment = {
  hospitalId: HospitalId
  caseId: CaseId
  kind: AdjustmentKind
  amountFen: Fen
  reason: string
}

export type Decision = {
  hospitalId: HospitalId
  id: AdjustmentId
  outcome: 'approved' | 'declined' | 'withdrawn'
  note: string | null
}

/** 两人调账: one proposes, another decides; with the approval the entry is posted and the case ends, in one transaction. */
export const createAdjusting = (deps: ReconciliationDependencies) => ({
  propose: (wish: NewAdjustment, actor: Actor) =>
    inHospital(deps.db, wish.hospitalId, (tx) => propose(deps, tx, wish, actor)),
  decide: (decision: Decision, actor: Actor) =>
    inHospital(deps.db, decision.hospitalId, (tx) => decide(deps, tx, decision, actor)),
})

/**
 * Errors: case_not_found, case_resolved, adjustment_kind_wrong, adjustment_too_much (with what is left of the
 * amount at stake), adjustment_pending while another one of the case waits.
 */
async function propose(
  deps: ReconciliationDependencies,
  tx: Tx,
  wish: NewAdjustment,
  actor: Actor,
): Promise<Adjustment> {
  const { hospitalId, caseId, kind, amountFen, reason } = wish
  const known = await lockCase(tx, hospitalId, caseId)
  if (known.status === 'resolved') {
    throw reconciliationErrors.case_resolved({ id: caseId, resolution: known.resolution ?? '' })
  }
  const provider = known.source
  const gap = gapOf(known, await differencesOfCase(tx, hospitalId, caseId))
  if (provider === null || gap === null || !adjustmentsOf(gap).includes(kind)) {
    throw reconciliationErrors.adjustment_kind_wrong({ kind, class: known.class })
  }
  const earlier = await adjustmentsOfCase(tx, hospitalId, caseId)
  if (earlier.some(({ decision }) => decision === null)) {
    throw reconciliationErrors.adjustment_pending({ caseId })
  }
  if (amountFen > gap.amountFen) {
    throw reconciliationErrors.adjustment_too_much({ mostFen: gap.amountFen })
  }
  const adjustment = {
    id: deps.newId<'Adjustment'>(),
    caseId,
    kind,
    provider,
    part: partAt(provider),
    amountFen,
    reason,
    proposedBy: actor.name,
    proposedAt: deps.clock.now(),
  }
  await insertAdjustment(tx, hospitalId, adjustment)
  await writeDown(deps, tx, hospitalId, actor, known, { action: 'propose_adjustment', adjustment })
  return { ...adjustment, decision: null }
}

/** What an insurer owes is of its funds; what a channel owes is what payers paid. */
const partAt = (provider: string): PartKind =>
  provider === 'insurance' ? 'pooled' : provider === 'commercial' ? 'commercial' : 'self_pay'

/**
 * Approved by another person than who proposed it, it is booked and ends its case; declined by another, or withdrawn by
 * the proposer, it changes nothing. Asked again with the same outcome, it is done already.
 *
 * Errors: adjustment_not_found, adjustment_decided, second_person_needed, case_resolved; adjustment_too_much where less
 * of a surplus was kept aside.
 */
async function decide(
  deps: ReconciliationDependencies,
  tx: Tx,
  { hospitalId, id, outcome, note }: Decision,
  actor: Actor,
): Promise<Adjustment> {
  const found = await findAdjustment(tx, hospitalId, id)
  if (!found) throw reconciliationErrors.adjustment_not_found({ id })
  const about = await lockCase(tx, hospitalId, found.caseId)
  // Read again behind the lock: whoever was first has decided.
  const adjustment = (await findAdjustment(tx, hospitalId, id)) ?? found
  if (adjustment.decision) {
    if (adjustment.decision.outcome === outcome) return adjustment
    throw reconciliationErrors.adjustment_decided({ id, outcome: adjustment.decision.outcome })
  }
  const isOwn = actor.name === adjustment.proposedBy
  if (isOwn !== (outcome === 'withdrawn')) throw reconciliationErrors.second_person_needed({ id })
  const entryId =
    outcome === 'approved' ? await book(deps, tx, hospitalId, about, adjustment) : null
  const decision = { outcome, note, entryId, decidedBy: actor.name, decidedAt: deps.clock.now() }
  await insertDecision(tx, hospitalId, adjustment, decision)
  if (outcome === 'approved') await endByAdjustment(deps, tx, hospitalId, adjustment)
  const action = `${outcome}_adjustment`
  await writeDown(deps, tx, hospitalId, actor, about, { action, adjustment })
  return { ...adjustment, decision }
}

async function book(
  { ledger }: ReconciliationDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { status, resolution, subject, businessDate }: WorkCase,
  adjustment: Adjustment,
) {
  if (status === 'resolved') {
    throw reconciliationErrors.case_resolved({
      id: adjustment.caseId,
      resolution: resolution ?? '',
    })
  }
  const mostFen = await mostOf(tx, hospitalId, adjustment)
  if (adjustment.amountFen > mostFen) throw reconciliationErrors.adjustment_too_much({ mostFen })
  const facts = { hospitalId, subject, businessDate }
  const { entryId } = await ledger.post(tx, entryOfAdjustment(facts, adjustment))
  return entryId
}

/** No more of a surplus goes anywhere than was kept aside of that provider. */
async function mostOf(
  tx: Tx,
  hospitalId: HospitalId,
  { kind, provider, amountFen }: Adjustment,
): Promise<Fen> {
  if (!takesFromSurplus(kind)) return amountFen
  const { code } = surplus(provider)
  const kept = (await balancesOf(tx, hospitalId)).find((account) => account.code === code)
  return kept ? subtractFen(kept.creditFen, kept.debitFen) : ZERO
}

async function endByAdjustment(
  { clock, newId }: ReconciliationDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { caseId, kind, reason, proposedBy }: Adjustment,
): Promise<void> {
  const now = clock.now()
  await endCase(tx, hospitalId, caseId, 'adjusted', now)
  await explainByCase(tx, hospitalId, caseId, now)
  const note = { id: newId<'CaseNote'>(), at: now, actor: proposedBy, text: `${kind}: ${reason}` }
  await insertNote(tx, hospitalId, caseId, note)
}

async function writeDown(
  { audit }: ReconciliationDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  actor: Actor,
  { subject }: WorkCase,
  { action, adjustment }: { action: string; adjustment: Omit<Adjustment, 'decision'> },
): Promise<void> {
  const { id, kind, amountFen } = adjustment
  const detail = { adjustmentId: id, kind, amountFen }
  await audit(tx, hospitalId, actor, { action: `reconciliation.${action}`, subject, detail })
}
