import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { EntitlementId, PersonId, ProgrammeId } from './programme.ts'
import type { BenefitRouteContext } from './route-parts.ts'
import {
  BenefitDecision,
  EntitlementsQuery,
  EntitlementView,
  NewEntitlement,
  NewSale,
  OfHospital,
  OfHospitalAndId,
  Reason,
} from './schemas.ts'
import { viewOfEntitlement } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Entitlement = Type.Unsafe<Type.Static<typeof EntitlementView>>(Type.Ref('BenefitEntitlement'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const ENTITLEMENTS = '/hospitals/:hospitalId/benefit-entitlements'

/** What persons are granted. */
export function entitlementRoutes(app: App, context: BenefitRouteContext): void {
  app.addSchema(EntitlementView)
  listRoute(app, context)
  proposeRoute(app, context)
  decideRoute(app, context)
  revokeRoute(app, context)
  saleRoute(app, context)
}

const keyOf = ({ hospitalId, id }: { hospitalId: number; id: string }) => ({
  hospitalId: hospitalId as HospitalId,
  id: id as EntitlementId,
})

function listRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    ENTITLEMENTS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listBenefitEntitlements',
        summary: 'What persons are granted, with the evidence and who decided, newest first',
        tags: ['benefits'],
        params: OfHospital,
        querystring: EntitlementsQuery,
        response: { 200: Type.Object({ items: Type.Array(Entitlement) }), ...problems },
      },
    },
    async ({ params, query: { status, programmeId, before, limit } }) => {
      const filter = {
        status,
        limit,
        programmeId: programmeId as ProgrammeId | undefined,
        before: before as EntitlementId | undefined,
      }
      const found = await benefits.entitlements.list(params.hospitalId as HospitalId, filter)
      return { items: found.map(viewOfEntitlement) }
    },
  )
}

function proposeRoute(app: App, { benefits, platform }: BenefitRouteContext): void {
  app.post(
    ENTITLEMENTS,
    {
      config: { access: ACTORS, idempotencyKey: true },
      schema: {
        operationId: 'proposeBenefitEntitlement',
        summary: 'Grant something to a person; above a limit a second person must agree',
        tags: ['benefits'],
        params: OfHospital,
        body: NewEntitlement,
        response: { 201: Entitlement, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const { programmeId, personId, amountFen, validUntil, document, grounds } = request.body
        const wish = {
          hospitalId,
          id: id as EntitlementId,
          programmeId: programmeId as ProgrammeId,
          personId: personId as PersonId,
          amountFen: amountFen === null ? null : fen(amountFen),
          validUntil: businessDate(validUntil),
          document,
          grounds,
        }
        const entitlement = await benefits.entitlements.propose(wish, requestActor(request))
        return { status: 201, body: viewOfEntitlement(entitlement) }
      })
    },
  )
}

function decideRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.post(
    `${ENTITLEMENTS}/:id/decision`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'decideBenefitEntitlement',
        summary: 'Agree to what another person of the staff proposed, or refuse it',
        tags: ['benefits'],
        params: OfHospitalAndId,
        body: BenefitDecision,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const key = keyOf(request.params)
      await benefits.entitlements.decide(key, request.body, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function revokeRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.post(
    `${ENTITLEMENTS}/:id/revocation`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'revokeBenefitEntitlement',
        summary: 'Take back what is not used of an entitlement, and say why',
        tags: ['benefits'],
        params: OfHospitalAndId,
        body: Reason,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const key = keyOf(request.params)
      await benefits.entitlements.revoke(key, request.body.reason, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function saleRoute(app: App, { benefits, platform }: BenefitRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/benefit-package-sales',
    {
      config: { access: ['staff:finance', 'staff:cashier'], idempotencyKey: true },
      schema: {
        operationId: 'sellBenefitPackage',
        summary:
          'A person has paid for a package: the receipt is the evidence, and another person checks it',
        tags: ['benefits'],
        params: OfHospital,
        body: NewSale,
        response: { 201: Entitlement, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const sale = {
          hospitalId,
          id: id as EntitlementId,
          programmeId: request.body.programmeId as ProgrammeId,
          personId: request.body.personId as PersonId,
          receiptNo: request.body.receiptNo,
        }
        const sold = await benefits.entitlements.sellPackage(sale, requestActor(request))
        return { status: 201, body: viewOfEntitlement(sold) }
      })
    },
  )
}
