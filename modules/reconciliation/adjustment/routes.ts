import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { HospitalParam, Instant, nullable, Uuid } from '../../../platform/http/schemas.ts'
import { findCase } from '../case-store.ts'
import type { CaseId } from '../day.ts'
import { differencesOfCase } from '../difference-store.ts'
import { reconciliationErrors } from '../errors.ts'
import type { Reconciliation } from '../reconciliation.ts'
import { adjustmentsOfCase } from './adjustment-store.ts'
import {
  type Adjustment,
  ADJUSTMENT_KINDS,
  type AdjustmentId,
  adjustmentsOf,
  gapOf,
} from './adjustment.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Context = { reconciliation: Reconciliation; db: Db }

const OfCase = Type.Object({ hospitalId: HospitalParam, id: Uuid })
const OfAdjustment = Type.Object({ hospitalId: HospitalParam, id: Uuid })
const Kind = Type.Enum([...ADJUSTMENT_KINDS], {
  description:
    'hang_surplus 长款挂账, return_surplus 长款退还, surplus_to_income 长款转收入, write_off_shortage 短款核销',
})
const Outcome = Type.Enum(['approved', 'declined', 'withdrawn'])
const Words = Type.String({ minLength: 2, maxLength: 500 })

const AdjustmentView = Type.Object(
  {
    id: Uuid,
    caseId: Uuid,
    kind: Kind,
    provider: Type.String(),
    amountFen: Type.Integer({ minimum: 1 }),
    reason: Type.String(),
    proposedBy: Type.String(),
    proposedAt: Instant,
    decision: nullable(
      Type.Object({
        outcome: Outcome,
        note: nullable(Type.String()),
        entryId: nullable(Uuid),
        decidedBy: Type.String(),
        decidedAt: Instant,
      }),
    ),
  },
  { $id: 'CaseAdjustment' },
)
const One = Type.Unsafe<Type.Static<typeof AdjustmentView>>(Type.Ref('CaseAdjustment'))

const NewAdjustment = Type.Object({
  kind: Kind,
  amountFen: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  reason: Words,
})
const NewDecision = Type.Object({
  outcome: Outcome,
  note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
})

const CASES = '/hospitals/:hospitalId/reconciliation/cases/:id/adjustments'

/** 两人调账: a case is closed in the books by two people of finance. */
export const adjustmentRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(AdjustmentView)
    listRoute(app, context)
    proposeRoute(app, context)
    decideRoute(app, context)
  }

function listRoute(app: App, { db }: Context): void {
  app.get(
    CASES,
    {
      config: { access: ['staff:finance', 'staff:auditor'] },
      schema: {
        operationId: 'listCaseAdjustments',
        summary:
          'The adjustments of a case in the order they were proposed, and what can be proposed',
        tags: ['reconciliation'],
        params: OfCase,
        response: {
          200: Type.Object({
            items: Type.Array(One),
            offered: Type.Array(Kind),
            mostFen: Type.Integer({
              minimum: 0,
              description: 'Fen. What stands between ours and the provider’s',
            }),
          }),
          ...problems,
        },
      },
    },
    async ({ params }) => {
      const hospitalId = params.hospitalId as HospitalId
      const caseId = params.id as CaseId
      return inHospital(db, hospitalId, async (tx) => {
        const known = await findCase(tx, hospitalId, caseId)
        if (!known) throw reconciliationErrors.case_not_found({ id: caseId })
        const items = await adjustmentsOfCase(tx, hospitalId, caseId)
        const about = await differencesOfCase(tx, hospitalId, caseId)
        const gap = known.status === 'open' ? gapOf(known, about) : null
        return {
          items: items.map(viewOf),
          offered: [...adjustmentsOf(gap)],
          mostFen: gap?.amountFen ?? 0,
        }
      })
    },
  )
}

function proposeRoute(app: App, { reconciliation }: Context): void {
  app.post(
    CASES,
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'proposeCaseAdjustment',
        summary: 'Propose how a case is closed in the books; somebody else decides',
        tags: ['reconciliation'],
        params: OfCase,
        body: NewAdjustment,
        response: { 201: One, ...problems },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const hospitalId = params.hospitalId as HospitalId
      const amountFen = fen(body.amountFen)
      const wish = { ...body, amountFen, hospitalId, caseId: params.id as CaseId }
      const proposed = await reconciliation.adjusting.propose(wish, requestActor(request))
      return reply.code(201).send(viewOf(proposed))
    },
  )
}

function decideRoute(app: App, { reconciliation }: Context): void {
  app.post(
    '/hospitals/:hospitalId/reconciliation/adjustments/:id/decision',
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'decideCaseAdjustment',
        summary: 'Approve or decline what somebody else proposed, or withdraw one’s own',
        tags: ['reconciliation'],
        params: OfAdjustment,
        body: NewDecision,
        response: { 200: One, ...problems },
      },
    },
    async (request) => {
      const { params, body } = request
      const hospitalId = params.hospitalId as HospitalId
      const decision = { hospitalId, id: params.id as AdjustmentId, note: body.note ?? null }
      const { outcome } = body
      return viewOf(
        await reconciliation.adjusting.decide({ ...decision, outcome }, requestActor(request)),
      )
    },
  )
}

const viewOf = ({ part: _part, proposedAt, decision, ...facts }: Adjustment) => ({
  ...facts,
  proposedAt: proposedAt.toISOString(),
  decision: decision && { ...decision, decidedAt: decision.decidedAt.toISOString() },
})
