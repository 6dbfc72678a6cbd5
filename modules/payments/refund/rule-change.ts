import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { PaymentsDependencies } from '../dependencies.ts'
import { paymentErrors } from '../errors.ts'
import { isLooser, type RefundRule } from './approval-rule.ts'
import { readRefundRule, writeRefundRule } from './approval-store.ts'
import {
  endProposal,
  insertProposal,
  lockProposal,
  type Proposal,
  type ProposalId,
} from './rule-store.ts'

/**
 * What the hospital wants a second person for. A stricter rule holds from now on, and what waits already goes on
 * waiting. One that is looser in anything is a proposal until somebody else agrees. True when it holds.
 *
 * Errors: payments.refund_rule_waiting when another proposal waits.
 */
export async function setRefundRule(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  rule: RefundRule,
  actor: Actor,
): Promise<boolean> {
  return inHospital(deps.db, hospitalId, async (tx) => {
    const before = await readRefundRule(tx, hospitalId)
    if (!isLooser(rule, before)) {
      await write(deps, tx, hospitalId, { before, rule }, actor)
      return true
    }
    const proposal: Proposal = {
      hospitalId,
      id: deps.newId<'RefundRuleProposal'>(),
      rule,
      status: 'waiting',
      proposedBy: actor.name,
      createdAt: deps.clock.now(),
    }
    if (!(await insertProposal(tx, proposal))) throw paymentErrors.refund_rule_waiting()
    await note(deps, tx, proposal, 'payments.propose_refund_rule', actor)
    return false
  })
}

/**
 * A second person agrees to a looser rule, or anybody, who proposed it too, ends the proposal.
 *
 * Errors: payments.refund_needs_second_person for who proposed it; payments.refund_rule_decided when somebody was first.
 */
export async function decideRefundRule(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  { id, isAgreed }: { id: ProposalId; isAgreed: boolean },
  actor: Actor,
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const proposal = await lockProposal(tx, hospitalId, id)
    if (proposal.status !== 'waiting') throw paymentErrors.refund_rule_decided()
    if (isAgreed && proposal.proposedBy === actor.name) {
      throw paymentErrors.refund_needs_second_person()
    }
    const status = isAgreed ? 'approved' : 'declined'
    await endProposal(tx, proposal, { status, by: actor.name, at: deps.clock.now() })
    if (!isAgreed) return note(deps, tx, proposal, 'payments.decline_refund_rule', actor)
    const before = await readRefundRule(tx, hospitalId)
    await write(deps, tx, hospitalId, { before, rule: proposal.rule }, actor)
  })
}

async function write(
  { clock, audit }: PaymentsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { before, rule }: { before: RefundRule; rule: RefundRule },
  actor: Actor,
): Promise<void> {
  await writeRefundRule(tx, hospitalId, rule, { by: actor.name, at: clock.now() })
  const detail = { before: JSON.stringify(before), after: JSON.stringify(rule) }
  const fact = { action: 'payments.set_refund_rule', subject: `hospital:${hospitalId}`, detail }
  await audit(tx, hospitalId, actor, fact)
}

async function note(
  { audit }: PaymentsDependencies,
  tx: Tx,
  { hospitalId, id, rule, proposedBy }: Proposal,
  action: string,
  actor: Actor,
): Promise<void> {
  const detail = { proposalId: id, rule: JSON.stringify(rule), proposedBy }
  await audit(tx, hospitalId, actor, { action, subject: `hospital:${hospitalId}`, detail })
}
