import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { ProgrammeId, Terms } from './programme.ts'
import type { BenefitRouteContext } from './route-parts.ts'
import {
  BenefitDecision,
  NewProgramme,
  OfHospital,
  OfHospitalAndId,
  ProgrammesQuery,
  ProgrammeView,
  Reason,
} from './schemas.ts'
import { viewOfProgramme } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Programme = Type.Unsafe<Type.Static<typeof ProgrammeView>>(Type.Ref('BenefitProgramme'))

/** A cashier sells packages, and sees what they are. */
const READERS = ['staff:finance', 'staff:cashier', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const PROGRAMMES = '/hospitals/:hospitalId/benefit-programmes'

/** Programmes and their budgets. */
export function programmeRoutes(app: App, context: BenefitRouteContext): void {
  app.addSchema(ProgrammeView)
  listRoute(app, context)
  oneRoute(app, context)
  createRoute(app, context)
  decideRoute(app, context)
  endRoute(app, context)
}

const keyOf = ({ hospitalId, id }: { hospitalId: number; id: string }) => ({
  hospitalId: hospitalId as HospitalId,
  programmeId: id as ProgrammeId,
})

function listRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    PROGRAMMES,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listBenefitProgrammes',
        summary: 'Programmes with their budgets, newest first',
        tags: ['benefits'],
        params: OfHospital,
        querystring: ProgrammesQuery,
        response: { 200: Type.Object({ items: Type.Array(Programme) }), ...problems },
      },
    },
    async ({ params, query: { kind, status, before, limit } }) => {
      const filter = { kind, status, limit, before: before as ProgrammeId | undefined }
      const found = await benefits.programmes.list(params.hospitalId as HospitalId, filter)
      return { items: found.map(viewOfProgramme) }
    },
  )
}

function oneRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    `${PROGRAMMES}/:id`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getBenefitProgramme',
        summary: 'A programme with its budget, who proposed it and who decided',
        tags: ['benefits'],
        params: OfHospitalAndId,
        response: { 200: Programme, ...problems },
      },
    },
    async ({ params }) => viewOfProgramme(await benefits.programmes.get(keyOf(params))),
  )
}

function createRoute(app: App, { benefits, platform }: BenefitRouteContext): void {
  app.post(
    PROGRAMMES,
    {
      config: { access: ACTORS, idempotencyKey: true },
      schema: {
        operationId: 'createBenefitProgramme',
        summary: 'Propose a programme; another person decides, and its terms never change',
        tags: ['benefits'],
        params: OfHospital,
        body: NewProgramme,
        response: { 201: Programme, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const { startsOn, endsOn, terms, ...body } = request.body
        const programme = {
          ...body,
          hospitalId,
          id: id as ProgrammeId,
          terms: terms as Terms,
          startsOn: businessDate(startsOn),
          endsOn: businessDate(endsOn),
        }
        await benefits.programmes.create(programme, requestActor(request))
        const made = await benefits.programmes.get({ hospitalId, programmeId: id })
        return { status: 201, body: viewOfProgramme(made) }
      })
    },
  )
}

function decideRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.post(
    `${PROGRAMMES}/:id/decision`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'decideBenefitProgramme',
        summary: 'Agree to a programme that another person proposed, or refuse it',
        tags: ['benefits'],
        params: OfHospitalAndId,
        body: BenefitDecision,
        response: { 200: Programme, ...problems },
      },
    },
    async (request) => {
      const key = keyOf(request.params)
      await benefits.programmes.decide(key, request.body, requestActor(request))
      return viewOfProgramme(await benefits.programmes.get(key))
    },
  )
}

function endRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.post(
    `${PROGRAMMES}/:id/end`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'endBenefitProgramme',
        summary: 'End a programme: nothing new is promised, what is promised stays so',
        tags: ['benefits'],
        params: OfHospitalAndId,
        body: Reason,
        response: { 200: Programme, ...problems },
      },
    },
    async (request) => {
      const key = keyOf(request.params)
      await benefits.programmes.end(key, request.body.reason, requestActor(request))
      return viewOfProgramme(await benefits.programmes.get(key))
    },
  )
}
