import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { creditErrors } from './errors.ts'
import { knownLender } from './known-lender.ts'
import type { CreditRouteContext } from './route-context.ts'
import { type ApplicationView, OfLender, OfLenderAndId } from './schemas.ts'
import type { ApplicationId } from './terms.ts'
import { viewOfApplication } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Application = Type.Unsafe<Type.Static<typeof ApplicationView>>(Type.Ref('CreditApplication'))

/** How a person leaves: gives a line up, or takes an application back, and with each the consent to it. */
export function leavingRoutes(app: App, context: CreditRouteContext): void {
  endLineRoute(app, context)
  withdrawRoute(app, context)
}

function endLineRoute(app: App, { credit }: CreditRouteContext): void {
  app.delete(
    '/credit/lines/:lenderId',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'endMyCreditLine',
        summary: 'Give my line of credit up; refused while something of it is promised or owed',
        tags: ['credit'],
        params: OfLender,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = await knownLender(credit, request.params.lenderId)
      const { personId } = principalOf(request, 'person')
      await credit.endLine({ lenderId, personId }, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function withdrawRoute(app: App, { credit }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/applications/:id/withdrawal',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'withdrawCreditApplication',
        summary: 'Take back my application that the lender has not answered',
        tags: ['credit'],
        params: OfLenderAndId,
        response: { 200: Application, ...problems },
      },
    },
    async (request) => {
      const lenderId = await knownLender(credit, request.params.lenderId)
      const applicationId = request.params.id as ApplicationId
      const { personId } = principalOf(request, 'person')
      await credit.withdrawApplication({ lenderId, applicationId, personId }, requestActor(request))
      const all = await credit.applicationsOf(personId)
      const found = all.find(({ id }) => id === applicationId)
      if (!found) throw creditErrors.application_not_found({ id: applicationId })
      return viewOfApplication(found)
    },
  )
}
