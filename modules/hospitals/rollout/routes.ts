import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { HospitalParam, Instant, nullable } from '../../../platform/http/schemas.ts'
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

/** What of a hospital is switched on, and how it came to that. */
export const rolloutRoutes =
  (rollouts: Rollouts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(RolloutView)
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
          summary: 'Switch scenes and departments on or off, after the version that was seen',
          tags: ['hospitals'],
          params: OfHospital,
          body: Type.Object({ ...TERMS, after: Version }, { additionalProperties: false }),
          response: { 200: Shown, ...problems },
        },
      },
      async (request) => {
        const { after, ...terms } = request.body
        const hospitalId = request.params.hospitalId as HospitalId
        return viewOf(await rollouts.change(hospitalId, terms, after, requestActor(request)))
      },
    )
    app.post(
      '/hospitals/:hospitalId/rollouts/back',
      {
        config: { access: ['staff:it'] },
        schema: {
          operationId: 'rollBack',
          summary: 'Bring back what an earlier version said, as a new one',
          tags: ['hospitals'],
          params: OfHospital,
          body: Type.Object(
            { to: Version, after: Version, note: Note },
            { additionalProperties: false },
          ),
          response: { 200: Shown, ...problems },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        return viewOf(await rollouts.rollBack(hospitalId, request.body, requestActor(request)))
      },
    )
  }

const viewOf = ({ at, scenes, departments, ...rest }: Rollout) => ({
  ...rest,
  scenes: [...scenes],
  departments: departments && [...departments],
  at: at.toISOString(),
})
