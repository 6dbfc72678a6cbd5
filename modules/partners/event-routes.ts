import type { FastifyRequest } from 'fastify'
import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'
import type { PartnerEventId } from './delivery.ts'
import type { EndpointId } from './endpoint.ts'
import { viewOfEvent } from './events.ts'
import { callerOf, FOR_APPLICATIONS } from './guard.ts'
import type { Partners } from './partners.ts'
import { type App, DeliveryRef, EventRef, listOf, type RouteContext } from './route-parts.ts'
import { FeedQuery, OfHospital, OfHospitalAndId, ResendBody } from './schemas.ts'
import { viewOfDelivery } from './view.ts'

const EVENTS = '/hospitals/:hospitalId/partner/events'
const config = { access: FOR_APPLICATIONS, scope: 'events:read' } as const

/** Events, to be read by number instead of being told, and to be told again. */
export function eventRoutes(app: App, context: RouteContext): void {
  feedRoute(app, context)
  detailRoute(app, context)
  resendRoute(app, context)
}

// A wait is a connection and a question a second; more of them than this are answered at once.
const MOST_WAITING = 100
const LOOK_EVERY_MS = 1_000

function feedRoute(app: App, { partners }: RouteContext): void {
  let waiting = 0
  app.get(
    EVENTS,
    {
      config,
      schema: {
        operationId: 'listPartnerEvents',
        summary:
          'Events after a number, in order; waits for one when there is none and it is asked to',
        tags: ['webhooks'],
        params: OfHospital,
        querystring: FeedQuery,
        response: {
          200: Type.Object({
            items: Type.Array(EventRef),
            newest: Type.Integer({ description: 'The newest number of the hospital’s events' }),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { hospitalId, scopes } = callerOf(request, partners, request.params.hospitalId)
      const { waitSeconds, ...query } = request.query
      const mayWait = waiting < MOST_WAITING
      if (mayWait) waiting++
      try {
        const looks = mayWait ? (waitSeconds * 1_000) / LOOK_EVERY_MS : 0
        const read = () => partners.eventFeed(hospitalId, scopes, query)
        const { events, newest } = await untilSome(request, partners.pause, looks, read)
        return { items: events.map(viewOfEvent), newest }
      } finally {
        if (mayWait) waiting--
      }
    },
  )
}

/** Looks once and then so often again while there is nothing and the reader is there. */
async function untilSome<T extends { events: readonly unknown[] }>(
  request: FastifyRequest,
  pause: Partners['pause'],
  looks: number,
  read: () => Promise<T>,
): Promise<T> {
  let found = await read()
  for (let look = 0; look < looks && found.events.length === 0; look++) {
    await pause(LOOK_EVERY_MS)
    if (request.raw.destroyed) return found
    found = await read()
  }
  return found
}

function detailRoute(app: App, { partners }: RouteContext): void {
  app.get(
    `${EVENTS}/:id`,
    {
      config,
      schema: {
        operationId: 'getPartnerEvent',
        summary: 'One event, with its deliveries to the application’s endpoints',
        tags: ['webhooks'],
        params: OfHospitalAndId,
        response: {
          200: Type.Object({ event: EventRef, deliveries: Type.Array(DeliveryRef) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const id = request.params.id as PartnerEventId
      const { event, deliveries } = await partners.eventDetail(caller, id)
      return { event: viewOfEvent(event), deliveries: deliveries.map(viewOfDelivery) }
    },
  )
}

function resendRoute(app: App, { partners }: RouteContext): void {
  app.post(
    `${EVENTS}/:id/resend`,
    {
      config,
      schema: {
        operationId: 'resendPartnerEvent',
        summary: 'Have an event sent again, to all endpoints that asked for its type or to one',
        tags: ['webhooks'],
        params: OfHospitalAndId,
        body: ResendBody,
        response: { 202: listOf(DeliveryRef), ...problems },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const id = request.params.id as PartnerEventId
      const endpointId = (request.body.endpointId ?? null) as EndpointId | null
      const deliveries = await partners.resendEvent(caller, id, endpointId)
      return reply.code(202).send({ items: deliveries.map(viewOfDelivery) })
    },
  )
}
