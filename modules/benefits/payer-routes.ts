import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Benefits } from './benefits.ts'
import { isRunning, type ProgrammeId } from './programme.ts'
import type { BenefitRouteContext } from './route-parts.ts'
import {
  MyEntitlementView,
  NewExchange,
  OfferView,
  OfHospital,
  PageQuery,
  PointsView,
} from './schemas.ts'
import { viewOfMine, viewOfPoints } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Mine = Type.Unsafe<Type.Static<typeof MyEntitlementView>>(Type.Ref('MyBenefit'))
const Points = Type.Unsafe<Type.Static<typeof PointsView>>(Type.Ref('BenefitPoints'))
const Offer = Type.Unsafe<Type.Static<typeof OfferView>>(Type.Ref('VoucherOffer'))

/** What people have, their points, and what they can exchange them for. */
export function payerRoutes(app: App, context: BenefitRouteContext): void {
  for (const view of [MyEntitlementView, PointsView, OfferView]) app.addSchema(view)
  mineRoute(app, context)
  pointsRoute(app, context)
  offersRoute(app, context)
  exchangeRoute(app, context)
}

const MOST_PROGRAMMES = 200

const nameIn = async (benefits: Benefits, hospitalId: HospitalId, programmeId: ProgrammeId) =>
  (await benefits.programmes.get({ hospitalId, programmeId })).programme.name

function mineRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/my-benefits',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyBenefits',
        summary: 'My packages, vouchers and subsidies at a hospital, newest first',
        tags: ['benefits'],
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Mine) }), ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId } = principalOf(request, 'person')
      const mine = await benefits.entitlements.ofPerson(hospitalId, personId)
      const ids = [...new Set(mine.map(({ programmeId }) => programmeId))]
      const names = new Map(
        await Promise.all(
          ids.map(async (id) => [id, await nameIn(benefits, hospitalId, id)] as const),
        ),
      )
      const nameOf = (id: ProgrammeId) => names.get(id) ?? { zh: '', en: '' }
      return { items: mine.map((one) => viewOfMine(one, nameOf(one.programmeId))) }
    },
  )
}

function pointsRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/my-points',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getMyPoints',
        summary: 'My points by year, and what happened to them, newest first',
        tags: ['benefits'],
        params: OfHospital,
        querystring: PageQuery,
        response: { 200: Points, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId } = principalOf(request, 'person')
      const { limit, before } = request.query
      const page = { limit, before: before as Id<'PointsEntry'> | undefined }
      return viewOfPoints(await benefits.pointsOf(hospitalId, personId, page))
    },
  )
}

function offersRoute(app: App, { benefits, platform }: BenefitRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/voucher-offers',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listVoucherOffers',
        summary: 'What points can be exchanged for',
        tags: ['benefits'],
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Offer) }), ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const filter = { kind: 'voucher' as const, before: undefined, limit: MOST_PROGRAMMES }
      const today = businessDateOf(platform.clock.now())
      const all = await benefits.programmes.list(hospitalId, filter)
      const items = all.flatMap(({ programme }) => {
        const { id, name, terms } = programme
        if (terms.kind !== 'voucher' || !isRunning(programme, today)) return []
        const { validDays } = terms
        return terms.offers.map((offer) => ({ programmeId: id, name, ...offer, validDays }))
      })
      return { items }
    },
  )
}

function exchangeRoute(app: App, { benefits, platform }: BenefitRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/point-exchanges',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'exchangePoints',
        summary: 'Exchange points for a voucher of the price list',
        tags: ['benefits'],
        params: OfHospital,
        body: NewExchange,
        response: { 201: Mine, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const programmeId = request.body.programmeId as ProgrammeId
        const { offerCode } = request.body
        const wish = { hospitalId, personId, programmeId, offerCode, id }
        const voucher = await benefits.exchange(wish, requestActor(request))
        const name = await nameIn(benefits, hospitalId, programmeId)
        return { status: 201, body: viewOfMine(voucher, name) }
      })
    },
  )
}
