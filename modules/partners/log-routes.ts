import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'
import type { DeliveryId } from './delivery.ts'
import type { EndpointId } from './endpoint.ts'
import { callerOf, FOR_APPLICATIONS } from './guard.ts'
import {
  AlertRef,
  type App,
  AttemptRef,
  DeliveryRef,
  listOf,
  RequestRef,
  type RouteContext,
} from './route-parts.ts'
import { DeliveryQuery, OfHospital, OfHospitalAndId, PageQuery, RequestQuery } from './schemas.ts'
import {
  requestFilterOf,
  viewOfAlert,
  viewOfAttempt,
  viewOfDelivery,
  viewOfRequest,
} from './view.ts'

const PARTNER = '/hospitals/:hospitalId/partner'
const config = { access: FOR_APPLICATIONS, scope: 'events:read' } as const

/** What an application sees of its own traffic with a hospital. */
export function logRoutes(app: App, context: RouteContext): void {
  deliveryRoutes(app, context)
  otherRoutes(app, context)
}

function deliveryRoutes(app: App, { partners }: RouteContext): void {
  app.get(
    `${PARTNER}/deliveries`,
    {
      config,
      schema: {
        operationId: 'listWebhookDeliveries',
        summary: 'Deliveries to the application’s endpoints, newest first',
        tags: ['webhooks'],
        params: OfHospital,
        querystring: DeliveryQuery,
        response: { 200: listOf(DeliveryRef), ...problems },
      },
    },
    async (request) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const { endpointId, before, ...query } = request.query
      const found = await partners.deliveryLog(caller.hospitalId, caller.applicationId, {
        ...query,
        endpointId: endpointId as EndpointId | undefined,
        before: before as DeliveryId | undefined,
      })
      return { items: found.map(viewOfDelivery) }
    },
  )

  app.get(
    `${PARTNER}/deliveries/:id`,
    {
      config,
      schema: {
        operationId: 'getWebhookDelivery',
        summary: 'One delivery with every try of it and what the receiver answered',
        tags: ['webhooks'],
        params: OfHospitalAndId,
        response: {
          200: Type.Object({ delivery: DeliveryRef, attempts: Type.Array(AttemptRef) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { hospitalId, applicationId } = callerOf(request, partners, request.params.hospitalId)
      const id = request.params.id as DeliveryId
      const { delivery, attempts } = await partners.deliveryDetail(hospitalId, applicationId, id)
      return { delivery: viewOfDelivery(delivery), attempts: attempts.map(viewOfAttempt) }
    },
  )
}

function otherRoutes(app: App, { partners }: RouteContext): void {
  app.get(
    `${PARTNER}/alerts`,
    {
      config,
      schema: {
        operationId: 'listPartnerAlerts',
        summary: 'Endpoints that were switched off because they failed, newest first',
        tags: ['webhooks'],
        params: OfHospital,
        querystring: PageQuery,
        response: { 200: listOf(AlertRef), ...problems },
      },
    },
    async (request) => {
      const { hospitalId, applicationId } = callerOf(request, partners, request.params.hospitalId)
      const rows = await partners.alertLog(hospitalId, applicationId, {
        before: request.query.before,
        limit: request.query.limit,
      })
      return { items: rows.map(viewOfAlert) }
    },
  )

  app.get(
    `${PARTNER}/requests`,
    {
      config,
      schema: {
        operationId: 'listPartnerRequests',
        summary: 'What the application asked at this hospital in the last 30 days, newest first',
        tags: ['webhooks'],
        params: OfHospital,
        querystring: RequestQuery,
        response: { 200: listOf(RequestRef), ...problems },
      },
    },
    async (request) => {
      const { hospitalId, applicationId } = callerOf(request, partners, request.params.hospitalId)
      const filter = { ...requestFilterOf(request.query), hospitalId }
      const rows = await partners.requestLog(applicationId, filter)
      return { items: rows.map(viewOfRequest) }
    },
  )
}
