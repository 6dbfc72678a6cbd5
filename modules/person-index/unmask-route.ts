import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { Instant, strict } from '../../platform/http/schemas.ts'
import type { PersonId, RequireStepUp } from '../identity/index.ts'
import type { PersonIndex } from './person-index.ts'
import { OfHospitalAndId } from './schemas.ts'
import { UNMASKED_FIELDS } from './unmask.ts'

const Unmask = Type.Object(
  {
    field: Type.Enum([...UNMASKED_FIELDS]),
    reason: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  },
  strict,
)

/** One value in full, for who registers people, has just proved who they are, and says why. */
export const unmaskRoute =
  (index: PersonIndex, requireStepUp: RequireStepUp): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/hospitals/:hospitalId/person-index/persons/:id/unmask',
      {
        config: { access: ['staff:cashier', 'staff:it'] },
        schema: {
          operationId: 'unmaskPerson',
          summary: 'One value of a person in full, for a minute: with a reason, after a step-up',
          tags: ['persons'],
          params: OfHospitalAndId,
          body: Unmask,
          response: {
            200: Type.Object({
              value: Type.String(),
              hideAt: Type.Unsafe<string>({ ...Instant, description: 'No page shows it longer' }),
            }),
            ...problems,
          },
        },
      },
      async (request, reply) => {
        await requireStepUp(request)
        void reply.header('cache-control', 'no-store')
        const { hospitalId, id } = request.params
        const asked = { personId: id as PersonId, ...request.body }
        const seen = await index.unmask(hospitalId as HospitalId, asked, requestActor(request))
        return { value: seen.value, hideAt: seen.hideAt.toISOString() }
      },
    )
  }
