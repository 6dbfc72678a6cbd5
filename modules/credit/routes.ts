import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Credit } from './credit.ts'
import { creditErrors } from './errors.ts'
import { knownLender } from './known-lender.ts'
import { leavingRoutes } from './leaving-routes.ts'
import { lineChangeRoute } from './line-staff-routes.ts'
import { payoutRoutes } from './payout-routes.ts'
import type { CreditRouteContext } from './route-context.ts'
import {
  ApplicationView,
  HospitalLimitView,
  LineView,
  NewApplication,
  NewReview,
  NewVisit,
  OfferView,
  OfLender,
  OfLenderAndId,
  VisitView,
} from './schemas.ts'
import { staffRoutes } from './staff-routes.ts'
import type { ApplicationId, CreditVisitId, LenderId, PersonId } from './terms.ts'
import { viewOfApplication, viewOfLine, viewOfOffer, viewOfVisit } from './views.ts'
import { visitEndRoute } from './visit-end-routes.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Line = Type.Unsafe<Type.Static<typeof LineView>>(Type.Ref('CreditLine'))
const Offer = Type.Unsafe<Type.Static<typeof OfferView>>(Type.Ref('CreditOffer'))
const Application = Type.Unsafe<Type.Static<typeof ApplicationView>>(Type.Ref('CreditApplication'))
const Visit = Type.Unsafe<Type.Static<typeof VisitView>>(Type.Ref('CreditVisit'))

/** What people do with their lines and visits, and what lenders' and hospitals' staff see and decide. */
export const creditRoutes =
  (context: CreditRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    const views = [LineView, OfferView, ApplicationView, VisitView, HospitalLimitView]
    for (const view of views) app.addSchema(view)
    linesRoute(app, context)
    offersRoute(app, context)
    applicationsRoute(app, context)
    applyRoute(app, context)
    reviewRoute(app, context)
    leavingRoutes(app, context)
    visitsRoute(app, context)
    agreeRoute(app, context)
    earlyPaymentRoute(app, context)
    visitEndRoute(app, context)
    staffRoutes(app, context)
    payoutRoutes(app, context)
    lineChangeRoute(app, context)
  }

/** The lender's name by its number. */
async function namesOf(credit: Credit) {
  const lenders = await credit.lenders()
  const names = new Map(lenders.map(({ lenderId, name }) => [lenderId, name]))
  return (lenderId: LenderId) => names.get(lenderId) ?? { zh: '', en: '' }
}

function linesRoute(app: App, { credit }: CreditRouteContext): void {
  app.get(
    '/credit/lines',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyCreditLines',
        summary: 'My lines of credit: limit, what is promised, what is drawn, what is free',
        tags: ['credit'],
        response: { 200: Type.Object({ items: Type.Array(Line) }), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const nameOf = await namesOf(credit)
      const lines = await credit.linesOf(personId)
      return { items: lines.map((line) => viewOfLine(line, nameOf(line.lenderId))) }
    },
  )
}

function offersRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.get(
    '/credit/offers',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listCreditOffers',
        summary: 'What I can apply for, each with its yearly rate and the text to agree to',
        tags: ['credit'],
        response: { 200: Type.Object({ items: Type.Array(Offer) }), ...problems },
      },
    },
    async () => {
      const nameOf = await namesOf(credit)
      const active = new Set(
        (await credit.lenders())
          .filter(({ status }) => status === 'active')
          .map(({ lenderId }) => lenderId),
      )
      const products = (await credit.offered()).filter(({ lenderId }) => active.has(lenderId))
      const items = products.map(async (product) => {
        const text = await credit.consentText(product.lenderId, product.consentVersion)
        return text && viewOfOffer(product, nameOf(product.lenderId), text, platform.clock.now())
      })
      return { items: (await Promise.all(items)).filter((item) => item !== null) }
    },
  )
}

function applicationsRoute(app: App, { credit }: CreditRouteContext): void {
  app.get(
    '/credit/applications',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyCreditApplications',
        summary: 'My applications, each with the decision, its reasons, and reviews of it',
        tags: ['credit'],
        response: { 200: Type.Object({ items: Type.Array(Application) }), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const all = await credit.applicationsOf(personId)
      return { items: all.map(viewOfApplication) }
    },
  )
}

function applyRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/applications',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'applyForCredit',
        summary: 'Apply for a line of credit, agreeing to the text of this version',
        tags: ['credit'],
        params: OfLender,
        body: NewApplication,
        response: { 201: Application, ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = await knownLender(credit, request.params.lenderId)
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, lenderId, async (id) => {
        const wish = { ...request.body, lenderId, personId, applicationId: id as ApplicationId }
        await credit.apply(wish, requestActor(request))
        return { status: 201, body: await applicationView(credit, personId, id) }
      })
    },
  )
}

function reviewRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/applications/:id/reviews',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'askForCreditReview',
        summary: 'Have a person look at the decision on my application',
        tags: ['credit'],
        params: OfLenderAndId,
        body: NewReview,
        response: { 201: Application, ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = await knownLender(credit, request.params.lenderId)
      const applicationId = request.params.id as ApplicationId
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, lenderId, async (reviewId) => {
        const { statement } = request.body
        const wish = { lenderId, applicationId, reviewId, personId, statement }
        await credit.askForReview(wish, requestActor(request))
        return { status: 201, body: await applicationView(credit, personId, applicationId) }
      })
    },
  )
}

async function applicationView(credit: Credit, personId: PersonId, id: string) {
  const all = await credit.applicationsOf(personId)
  const found = all.find((application) => application.id === id)
  if (!found) throw creditErrors.application_not_found({ id })
  return viewOfApplication(found)
}

function visitsRoute(app: App, { credit }: CreditRouteContext): void {
  app.get(
    '/credit/visits',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyCreditVisits',
        summary: 'My visits paid by credit, with what was drawn in each',
        tags: ['credit'],
        response: { 200: Type.Object({ items: Type.Array(Visit) }), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const visits = await credit.visitsOf(personId)
      return { items: await Promise.all(visits.map((visit) => viewOfVisit(credit, visit))) }
    },
  )
}

function agreeRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/visits',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'agreeToCreditVisit',
        summary: 'Agree that what a visit costs is drawn without a further tap, and settled once',
        tags: ['credit'],
        params: OfLender,
        body: NewVisit,
        response: { 201: Visit, ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = await knownLender(credit, request.params.lenderId)
      const { personId } = principalOf(request, 'person')
      if (request.body.isStay === true) throw creditErrors.stay_not_known()
      return idempotently(platform, request, reply, lenderId, async (visitId) => {
        const { hospitalId, visitNo = null, reserveFen, ...body } = request.body
        const wish = {
          lenderId,
          visitId: visitId as CreditVisitId,
          personId,
          careHospitalId: hospitalId as HospitalId,
          visitNo,
          isStay: false,
          reserveFen: fen(reserveFen),
          way: body.way ?? null,
          consentVersion: body.consentVersion,
        }
        const visit = await credit.agreeToVisit(wish, requestActor(request))
        return { status: 201, body: await viewOfVisit(credit, visit) }
      })
    },
  )
}

function earlyPaymentRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/visits/:id/payment',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'payCreditVisitEarly',
        summary: 'Pay what was drawn in a visit before it is settled',
        tags: ['credit'],
        params: OfLenderAndId,
        response: { 200: Visit, ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = await knownLender(credit, request.params.lenderId)
      const visitId = request.params.id as CreditVisitId
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, lenderId, async (repaymentId) => {
        const visit = await credit.payVisitEarly({ lenderId, visitId, personId, repaymentId })
        return { status: 200, body: await viewOfVisit(credit, visit) }
      })
    },
  )
}
