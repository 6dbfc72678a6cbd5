import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { creditErrors } from './errors.ts'
import type { CreditRouteContext } from './route-context.ts'
import {
  type HospitalLimitView,
  HospitalParam,
  LenderParam,
  NewHospitalLimit,
  OfLender,
  OfLenderAndId,
  ReviewVerdict,
  type ReviewView,
} from './schemas.ts'
import type { LenderId } from './terms.ts'
import { viewOfReview } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Limit = Type.Unsafe<Type.Static<typeof HospitalLimitView>>(Type.Ref('CreditHospitalLimit'))
const Review = Type.Unsafe<Type.Static<typeof ReviewView>>(Type.Ref('CreditReview'))

/** What a hospital's finance sees of its limits, and what a lender's own staff decides. */
export function staffRoutes(app: App, context: CreditRouteContext): void {
  hospitalLimitsRoute(app, context)
  setHospitalLimitRoute(app, context)
  reviewsRoute(app, context)
  decideReviewRoute(app, context)
}

/** A lender's staff are signed in for its book. Errors: not_of_this_lender for everybody else. */
function lenderOfStaff(request: FastifyRequest, lenderId: number): LenderId {
  const { hospitalId } = principalOf(request, 'staff')
  if (hospitalId !== lenderId) throw creditErrors.not_of_this_lender({ lenderId })
  return hospitalId
}

function hospitalLimitsRoute(app: App, { credit }: CreditRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/credit-limits',
    {
      config: { access: ['staff:finance', 'staff:auditor'] },
      schema: {
        operationId: 'listCreditLimitsOfHospital',
        summary: 'How much each lender lets all patients of the hospital have in use together',
        tags: ['credit'],
        params: Type.Object({ hospitalId: HospitalParam }),
        response: { 200: Type.Object({ items: Type.Array(Limit) }), ...problems },
      },
    },
    async (request) => {
      const limits = await credit.hospitalLimits(request.params.hospitalId as HospitalId)
      const items = limits.map(({ lenderId, careHospitalId, limitFen, usedFen }) => ({
        lenderId,
        hospitalId: careHospitalId,
        limitFen,
        usedFen,
      }))
      return { items }
    },
  )
}

function setHospitalLimitRoute(app: App, { credit }: CreditRouteContext): void {
  app.put(
    '/credit/lenders/:lenderId/hospital-limits/:careHospitalId',
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'setCreditLimitOfHospital',
        summary: 'Set how much may be in use at a hospital; what is in use above it is kept',
        tags: ['credit'],
        params: Type.Object({ lenderId: LenderParam, careHospitalId: HospitalParam }),
        body: NewHospitalLimit,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const limit = {
        lenderId,
        careHospitalId: request.params.careHospitalId as HospitalId,
        limitFen: fen(request.body.limitFen),
      }
      await credit.changeHospitalLimit(limit, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function reviewsRoute(app: App, { credit }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/reviews',
    {
      config: { access: ['staff:finance', 'staff:auditor'] },
      schema: {
        operationId: 'listCreditReviews',
        summary: 'Decisions that people want looked at, the oldest first',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Type.Object({ items: Type.Array(Review) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const open = await credit.openReviews(lenderId)
      return { items: open.map(({ review, application }) => viewOfReview(review, application)) }
    },
  )
}

function decideReviewRoute(app: App, { credit }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/reviews/:id/decision',
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'decideCreditReview',
        summary: 'Decide on a review: the decision stands, or another limit is granted, and why',
        tags: ['credit'],
        params: OfLenderAndId,
        body: ReviewVerdict,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const { reason, limitFen } = request.body
      const verdict = {
        lenderId,
        reviewId: request.params.id as Id<'CreditReview'>,
        reason,
        limitFen: limitFen === null ? null : fen(limitFen),
      }
      await credit.decideReview(verdict, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
