import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import type { CreditRouteContext } from './route-context.ts'
import { HospitalParam, LenderParam } from './schemas.ts'
import type { PersonId } from './terms.ts'
import { VISIT_STATUSES } from './visit.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const VisitEnd = Type.Object(
  {
    cause: Type.Enum(['left', 'discharged'], {
      description:
        'A stay ends by discharge alone: who leaves for the night has not been discharged',
    }),
    visitNo: Type.Optional(Type.String({ minLength: 1, maxLength: 30 })),
    personId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'All visits of the person at the hospital, those agreed for the whole day too',
      }),
    ),
  },
  { additionalProperties: false },
)

const EndedVisit = Type.Object({
  lenderId: LenderParam,
  id: Uuid,
  status: Type.Enum([...VISIT_STATUSES]),
})

/** The hospital tells that somebody has left, or was discharged: what was drawn is settled then, once. */
export function visitEndRoute(app: App, { credit }: CreditRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/credit-visit-ends',
    {
      config: { access: ['his', 'staff:finance', 'staff:cashier'] },
      schema: {
        operationId: 'endCreditVisits',
        summary: 'A person has left or was discharged: end and settle their visits paid by credit',
        description: 'Told again, nothing is left to end and the list is empty.',
        tags: ['credit'],
        params: Type.Object({ hospitalId: HospitalParam }),
        body: VisitEnd,
        response: { 200: Type.Object({ items: Type.Array(EndedVisit) }), ...problems },
      },
    },
    async (request) => {
      const { cause, visitNo = null, personId } = request.body
      const left = {
        personId: (personId as PersonId | undefined) ?? null,
        careHospitalId: request.params.hospitalId as HospitalId,
        visitNo,
      }
      const ended = await credit.endVisits(left, cause)
      return { items: ended.map(({ lenderId, id, status }) => ({ lenderId, id, status })) }
    },
  )
}
