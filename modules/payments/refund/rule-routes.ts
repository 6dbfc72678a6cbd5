import type Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { principalOf, requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { paymentErrors } from '../errors.ts'
import { type App, OfHospital, OfHospitalAndId, type RouteContext } from '../route-parts.ts'
import type { RefundRule } from './approval-rule.ts'
import { NewRefundRule, RefundRuleView, RuleDecision } from './approval-schemas.ts'
import { readRefundRule } from './approval-store.ts'
import { type ProposalId, waitingProposal } from './rule-store.ts'

/** Which refunds need a second person: said by one, and made looser only with another. */
export function refundRuleRoutes(app: App, context: RouteContext): void {
  readRoute(app, context)
  setRoute(app, context)
  decideRoute(app, context)
}

function readRoute(app: App, { platform: { db } }: RouteContext): void {
  app.get(
    '/hospitals/:hospitalId/refund-rule',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'getRefundRule',
        summary: 'Which refunds need a second person',
        tags: ['payments'],
        params: OfHospital,
        response: { 200: RefundRuleView, ...problems },
      },
    },
    async ({ params }) => viewOf(db, params.hospitalId as HospitalId),
  )
}

// Not by finance: who gives money back does not also say how much of it one person may give.
function setRoute(app: App, { payments, platform: { db } }: RouteContext): void {
  app.put(
    '/hospitals/:hospitalId/refund-rule',
    {
      config: { access: ['staff:it'] },
      schema: {
        operationId: 'setRefundRule',
        summary:
          'Say which refunds need a second person; a looser rule is a proposal until somebody else agrees',
        tags: ['payments'],
        params: OfHospital,
        body: NewRefundRule,
        response: { 200: RefundRuleView, ...problems },
      },
    },
    async (request) => {
      const { roles } = principalOf(request, 'staff')
      if (roles.some((role) => role === 'finance' || role === 'cashier')) {
        throw paymentErrors.refund_rule_not_yours()
      }
      const hospitalId = request.params.hospitalId as HospitalId
      const before = await inHospital(db, hospitalId, (tx) => readRefundRule(tx, hospitalId))
      await payments.setRefundRule(hospitalId, ruleOf(request.body, before), requestActor(request))
      return viewOf(db, hospitalId)
    },
  )
}

function decideRoute(app: App, { payments, platform: { db } }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/refund-rule/proposals/:id/decision',
    {
      config: { access: ['staff:it', 'staff:finance'] },
      schema: {
        operationId: 'decideRefundRule',
        summary: 'Agree to a looser rule that somebody else proposed, or end the proposal',
        tags: ['payments'],
        params: OfHospitalAndId,
        body: RuleDecision,
        response: { 200: RefundRuleView, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const decision = { id: request.params.id as ProposalId, isAgreed: request.body.isAgreed }
      await payments.decideRefundRule(hospitalId, decision, requestActor(request))
      return viewOf(db, hospitalId)
    },
  )
}

/** What is not said of the hospital's system stays as it is. */
const ruleOf = (
  { aboveFen, hisAboveFen, ...rest }: Type.Static<typeof NewRefundRule>,
  before: RefundRule,
): RefundRule => ({
  ...rest,
  aboveFen: aboveFen === null ? null : fen(aboveFen),
  hisAboveFen:
    hisAboveFen === undefined ? before.hisAboveFen : hisAboveFen === null ? null : fen(hisAboveFen),
})

function viewOf(db: Db, hospitalId: HospitalId) {
  return inHospital(db, hospitalId, async (tx) => {
    const proposal = await waitingProposal(tx, hospitalId)
    return {
      ...(await readRefundRule(tx, hospitalId)),
      proposal: proposal && {
        id: proposal.id,
        rule: proposal.rule,
        proposedBy: proposal.proposedBy,
        createdAt: proposal.createdAt.toISOString(),
      },
    }
  })
}
