import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { bookStaffRoutes, lenderOfStaff } from './book-staff-routes.ts'
import { reviewsOfLender } from './desk-store.ts'
import type { CreditRouteContext } from './route-context.ts'
import {
  type HospitalLimitView,
  HospitalParam,
  LenderParam,
  NewHospitalLimit,
  OfLender,
  OfLenderAndId,
  ReviewVerdict,
} from './schemas.ts'
import { DeskReviewView, ReviewsQuery } from './staff-schemas.ts'
import { viewOfDeskReview } from './staff-views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const ROWS = 50

const Limit = Type.Unsafe<Type.Static<typeof HospitalLimitView>>(Type.Ref('CreditHospitalLimit'))
const Review = Type.Unsafe<Type.Static<typeof DeskReviewView>>(Type.Ref('CreditReview'))

/** What a hospital's finance sees of its limits, and what a lender's own staff decides. */
export function staffRoutes(app: App, context: CreditRouteContext): void {
  app.addSchema(DeskReviewView)
  bookStaffRoutes(app, context)
  hospitalLimitsRoute(app, context)
  setHospitalLimitRoute(app, context)
  reviewsRoute(app, context)
  decideReviewRoute(app, context)
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
        summary:
          'Set how much may be in use at a hospital, and why; what is in use above it is kept',
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
        reason: request.body.reason,
      }
      await credit.changeHospitalLimit(limit, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function reviewsRoute(app: App, { platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/reviews',
    {
      config: { access: ['staff:finance', 'staff:auditor'] },
      schema: {
        operationId: 'listCreditReviews',
        summary: 'Decisions that people want looked at, the oldest first, or those that were',
        tags: ['credit'],
        params: OfLender,
        querystring: ReviewsQuery,
        response: { 200: Type.Object({ items: Type.Array(Review) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const { state = 'open', after, limit = ROWS } = request.query
      const wanted = { state, ...(after ? { after: after as Id<'CreditReview'> } : {}), limit }
      const found = await inHospital(platform.db, lenderId, (tx) =>
        reviewsOfLender(tx, lenderId, wanted),
      )
      const { name } = requestActor(request)
      return { items: found.map((review) => viewOfDeskReview(review, name)) }
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
