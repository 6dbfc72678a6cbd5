import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { ProgrammeId } from './programme.ts'
import type { BenefitRouteContext } from './route-parts.ts'
import {
  AllotmentProposalView,
  AllotmentView,
  BenefitDecision,
  NewAllotment,
  OfHospital,
  OfHospitalAndId,
  PageQuery,
  type ProgrammeView,
} from './schemas.ts'
import { viewOfAllotment, viewOfProgramme, viewOfProposal } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Programme = Type.Unsafe<Type.Static<typeof ProgrammeView>>(Type.Ref('BenefitProgramme'))
const Allotment = Type.Unsafe<Type.Static<typeof AllotmentView>>(Type.Ref('BenefitAllotment'))
const Proposal = Type.Unsafe<Type.Static<typeof AllotmentProposalView>>(
  Type.Ref('BenefitAllotmentProposal'),
)
const Allotted = Type.Object({
  programme: Programme,
  proposalId: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], {
    description: 'What a second person has to decide on; null when it is in the budget',
  }),
})

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const PROGRAMMES = '/hospitals/:hospitalId/benefit-programmes'
const PROPOSALS = '/hospitals/:hospitalId/benefit-allotment-proposals'

/** What funders put into budgets. */
export function allotmentRoutes(app: App, context: BenefitRouteContext): void {
  for (const view of [AllotmentView, AllotmentProposalView]) app.addSchema(view)
  allotRoute(app, context)
  allotmentsRoute(app, context)
  proposalsRoute(app, context)
  decideRoute(app, context)
}

const keyOf = ({ hospitalId, id }: { hospitalId: number; id: string }) => ({
  hospitalId: hospitalId as HospitalId,
  programmeId: id as ProgrammeId,
})

function allotRoute(app: App, { benefits, platform }: BenefitRouteContext): void {
  app.post(
    `${PROGRAMMES}/:id/allotments`,
    {
      config: { access: ACTORS, idempotencyKey: true },
      schema: {
        operationId: 'allotBenefitBudget',
        summary:
          'Put money of the funder into the budget, or take back what is free; above a limit a second person agrees first',
        tags: ['benefits'],
        params: OfHospitalAndId,
        body: NewAllotment,
        response: { 201: Allotted, ...problems },
      },
    },
    async (request, reply) => {
      const key = keyOf(request.params)
      return idempotently(platform, request, reply, key.hospitalId, async () => {
        const { amountFen, document } = request.body
        const allotment = { amountFen: fen(amountFen), document }
        const asked = await benefits.programmes.allotTo(key, allotment, requestActor(request))
        const programme = viewOfProgramme(await benefits.programmes.get(key))
        return { status: 201, body: { programme, ...asked } }
      })
    },
  )
}

function allotmentsRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    `${PROGRAMMES}/:id/allotments`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listBenefitAllotments',
        summary: 'What was put into a budget and taken back, with its documents, newest first',
        tags: ['benefits'],
        params: OfHospitalAndId,
        querystring: PageQuery,
        response: { 200: Type.Object({ items: Type.Array(Allotment) }), ...problems },
      },
    },
    async ({ params, query: { before, limit } }) => {
      const page = { limit, before: before as Id<'Allotment'> | undefined }
      const found = await benefits.programmes.allotments(keyOf(params), page)
      return { items: found.map(viewOfAllotment) }
    },
  )
}

function proposalsRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    PROPOSALS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listBenefitAllotmentProposals',
        summary: 'Large allotments that wait for a second person, the first proposed first',
        tags: ['benefits'],
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Proposal) }), ...problems },
      },
    },
    async ({ params }) => {
      const found = await benefits.programmes.allotmentProposals(params.hospitalId as HospitalId)
      return { items: found.map(viewOfProposal) }
    },
  )
}

function decideRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.post(
    `${PROPOSALS}/:id/decision`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'decideBenefitAllotment',
        summary: 'Agree to an allotment that another person proposed, or refuse it',
        tags: ['benefits'],
        params: OfHospitalAndId,
        body: BenefitDecision,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = request.params
      const key = { hospitalId: hospitalId as HospitalId, id: id as Id<'Allotment'> }
      await benefits.programmes.decideAllotment(key, request.body, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
