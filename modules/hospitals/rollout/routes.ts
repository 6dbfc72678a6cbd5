import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { HospitalParam, Instant, nullable, strict, Uuid } from '../../../platform/http/schemas.ts'
import type { Proposal, ProposalId } from './proposal-store.ts'
import type { Outcome, RolloutProposals } from './proposals.ts'
import type { Rollouts } from './rollout.ts'
import { type Rollout, SCENES, STAGES } from './terms.ts'

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const Version = Type.Integer({ minimum: 0, maximum: 1_000_000 })
const Note = Type.String({ minLength: 1, maxLength: 500 })

const TERMS = {
  stage: Type.Enum([...STAGES]),
  scenes: Type.Array(Type.Enum([...SCENES]), { maxItems: SCENES.length, uniqueItems: true }),
  departments: nullable(
    Type.Array(Type.String({ minLength: 1, maxLength: 30 }), {
      maxItems: 2_000,
      uniqueItems: true,
    }),
  ),
  note: Note,
}

const RolloutView = Type.Object(
  { ...TERMS, version: Version, actor: Type.String(), at: Instant },
  { $id: 'Rollout' },
)
const Shown = Type.Unsafe<Type.Static<typeof RolloutView>>(Type.Ref('Rollout'))

const ProposalView = Type.Object(
  {
    ...TERMS,
    id: Uuid,
    after: Version,
    status: Type.Enum(['waiting', 'agreed', 'refused']),
    proposedBy: Type.String(),
    proposedAt: Instant,
    decidedBy: nullable(Type.String()),
    decidedAt: nullable(Instant),
  },
  { $id: 'RolloutProposal' },
)
const Proposed = Type.Unsafe<Type.Static<typeof ProposalView>>(Type.Ref('RolloutProposal'))

const OutcomeView = Type.Object({
  rollout: nullable(Shown),
  proposal: nullable(Proposed),
})

/** What of a hospital is switched on, and how it came to that. */
export const rolloutRoutes =
  (rollouts: Rollouts, proposals: RolloutProposals): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(RolloutView)
    app.addSchema(ProposalView)
    proposalRoutes(app, proposals)
    app.get(
      '/hospitals/:hospitalId/rollouts',
      {
        config: { access: ['staff'] },
        schema: {
          operationId: 'listRollouts',
          summary:
            'What of the hospital was switched on, newest first; nothing where everything is',
          tags: ['hospitals'],
          params: OfHospital,
          response: { 200: Type.Object({ items: Type.Array(Shown) }), ...problems },
        },
      },
      async ({ params }) => ({
        items: (await rollouts.list(params.hospitalId as HospitalId)).map(viewOf),
      }),
    )
    app.post(
      '/hospitals/:hospitalId/rollouts',
      {
        config: { access: ['staff:it'] },
        schema: {
          operationId: 'changeRollout',
          summary:
            'Switch scenes and departments off, at once; or on, when a second person has agreed',
          tags: ['hospitals'],
          params: OfHospital,
          body: Type.Object({ ...TERMS, after: Version }, strict),
          response: { 200: OutcomeView, ...problems },
        },
      },
      async (request) => {
        const { after, ...terms } = request.body
        const hospitalId = request.params.hospitalId as HospitalId
        return outcomeOf(await proposals.wish(hospitalId, terms, after, requestActor(request)))
      },
    )
    app.post(
      '/hospitals/:hospitalId/rollouts/back',
      {
        config: { access: ['staff:it'] },
        schema: {
          operationId: 'rollBack',
          summary: 'Bring back what an earlier version said, as a new one; on takes two persons',
          tags: ['hospitals'],
          params: OfHospital,
          body: Type.Object(
            { to: Version, after: Version, note: Note },
            { additionalProperties: false },
          ),
          response: { 200: OutcomeView, ...problems },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const { body } = request
        return outcomeOf(await proposals.wishBack(hospitalId, body, requestActor(request)))
      },
    )
  }

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** What waits for a second person, and what that person says. */
function proposalRoutes(app: App, proposals: RolloutProposals): void {
  app.get(
    '/hospitals/:hospitalId/rollout-proposals',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listRolloutProposals',
        summary: 'What was to be switched on, the newest first, twenty at most; one at most waits',
        tags: ['hospitals'],
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Proposed) }), ...problems },
      },
    },
    async ({ params }) => ({
      items: (await proposals.waiting(params.hospitalId as HospitalId)).map(viewOfProposal),
    }),
  )
  app.post(
    '/hospitals/:hospitalId/rollout-proposals/:id/decision',
    {
      config: { access: ['staff:it'] },
      schema: {
        operationId: 'decideRolloutProposal',
        summary: 'Agree as the second person, or refuse; who proposed it may take it back',
        tags: ['hospitals'],
        params: Type.Object({ ...OfHospital.properties, id: Uuid }),
        body: Type.Object({ agrees: Type.Boolean() }, strict),
        response: { 200: Type.Object({ rollout: nullable(Shown) }), ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const id = request.params.id as ProposalId
      const { agrees } = request.body
      const rollout = await proposals.decide(hospitalId, { id, agrees }, requestActor(request))
      return { rollout: rollout && viewOf(rollout) }
    },
  )
}

const outcomeOf = ({ rollout, proposal }: Outcome) => ({
  rollout: rollout && viewOf(rollout),
  proposal: proposal && viewOfProposal(proposal),
})

const viewOfProposal = ({ scenes, departments, proposedAt, decidedAt, ...rest }: Proposal) => ({
  ...rest,
  scenes: [...scenes],
  departments: departments && [...departments],
  proposedAt: proposedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
})

const viewOf = ({ at, scenes, departments, ...rest }: Rollout) => ({
  ...rest,
  scenes: [...scenes],
  departments: departments && [...departments],
  at: at.toISOString(),
})
