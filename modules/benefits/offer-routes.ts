import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { BenefitRouteContext } from './route-parts.ts'
import { OfferedProgrammeView, OfHospital } from './schemas.ts'
import { viewOfOffered } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Offered = Type.Unsafe<Type.Static<typeof OfferedProgrammeView>>(
  Type.Ref('OfferedBenefitProgramme'),
)

/** What a hospital gives to whom, open to whoever asks for themselves. */
export function offerRoutes(app: App, { benefits }: BenefitRouteContext): void {
  app.addSchema(OfferedProgrammeView)
  app.get(
    '/hospitals/:hospitalId/my-benefit-programmes',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyBenefitProgrammes',
        summary: 'Programmes that run today: terms, rule, budget, and whether I meet the rule',
        tags: ['benefits'],
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Offered) }), ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId } = principalOf(request, 'person')
      return { items: (await benefits.offeredTo(hospitalId, personId)).map(viewOfOffered) }
    },
  )
}
