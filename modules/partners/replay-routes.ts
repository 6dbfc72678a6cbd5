import type { Static } from 'typebox'

import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { APPLICATIONS, idsOf, IT } from './application-routes.ts'
import type { DeliveryId } from './delivery.ts'
import type { EndpointId } from './endpoint.ts'
import { applicationActor, callerOf, FOR_APPLICATIONS } from './guard.ts'
import { type App, DeliveryRef, ReplayedRef, type RouteContext } from './route-parts.ts'
import { OfDelivery, OfHospital, OfHospitalAndId, ReplayRangeBody } from './schemas.ts'
import { viewOfDelivery } from './view.ts'

/** For the hospital's IT, of any application it lets in. */
export function replayRoutesForStaff(app: App, { partners }: RouteContext): void {
  app.post(
    `${APPLICATIONS}/:id/deliveries/:deliveryId/replay`,
    {
      config: { access: IT },
      schema: {
        operationId: 'replayWebhookDelivery',
        summary: 'Send one delivery again, with all its tries before it',
        tags: ['partners'],
        params: OfDelivery,
        response: { 202: DeliveryRef, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id: applicationId } = idsOf(request.params)
      const deliveryId = request.params.deliveryId as DeliveryId
      const actor = requestActor(request)
      const owner = { hospitalId, applicationId }
      const replayed = await partners.replayDelivery(owner, deliveryId, actor)
      return reply.code(202).send(viewOfDelivery(replayed))
    },
  )

  app.post(
    `${APPLICATIONS}/:id/replays`,
    {
      config: { access: IT },
      schema: {
        operationId: 'replayWebhookRangeForStaff',
        summary: 'Send again what was to be told between two moments',
        tags: ['partners'],
        params: OfHospitalAndId,
        body: ReplayRangeBody,
        response: { 202: ReplayedRef, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id: applicationId } = idsOf(request.params)
      const owner = { hospitalId, applicationId }
      const actor = requestActor(request)
      return reply.code(202).send(await partners.replayRange(owner, rangeOf(request.body), actor))
    },
  )
}

/** For the application itself: after its receiver was down. */
export function replayRoute(app: App, { partners }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/partner/replays',
    {
      config: { access: FOR_APPLICATIONS, scope: 'events:read' },
      schema: {
        operationId: 'replayWebhookRange',
        summary: 'Have sent again what was to be told between two moments',
        tags: ['webhooks'],
        params: OfHospital,
        body: ReplayRangeBody,
        response: { 202: ReplayedRef, ...problems },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const actor = applicationActor(request, partners)
      return reply.code(202).send(await partners.replayRange(caller, rangeOf(request.body), actor))
    },
  )
}

const rangeOf = ({ since, until, endpointId, statuses }: Static<typeof ReplayRangeBody>) => ({
  statuses,
  since: new Date(since),
  until: new Date(until),
  endpointId: endpointId as EndpointId | undefined,
})
