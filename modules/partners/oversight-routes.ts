import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import { APPLICATIONS, idsOf } from './application-routes.ts'
import type { DeliveryId } from './delivery.ts'
import type { EndpointId } from './endpoint.ts'
import {
  AlertRef,
  type App,
  AttemptRef,
  DeliveryRef,
  EndpointRef,
  listOf,
  RequestRef,
  type RouteContext,
} from './route-parts.ts'
import {
  DeliveryQuery,
  HospitalRequestQuery,
  OfDelivery,
  OfHospital,
  OfHospitalAndId,
  PageQuery,
  RequestQuery,
} from './schemas.ts'
import type { ApplicationId } from './scope.ts'
import {
  requestFilterOf,
  viewOfAlert,
  viewOfAttempt,
  viewOfDelivery,
  viewOfEndpoint,
  viewOfRequest,
} from './view.ts'

const READERS = ['staff:it', 'staff:auditor'] as const

/** What a hospital sees of an application's traffic with it. */
export function oversightRoutes(app: App, context: RouteContext): void {
  hospitalLogRoutes(app, context)
  trafficRoutes(app, context)
  webhookRoutes(app, context)
}

const REQUESTS = '/hospitals/:hospitalId/partner-requests'

function hospitalLogRoutes(app: App, { partners }: RouteContext): void {
  app.get(
    REQUESTS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listRequestsOfPartners',
        summary:
          'What all applications asked at this hospital in the last 30 days, newest first; of its own also calls that name no hospital',
        tags: ['partners'],
        params: OfHospital,
        querystring: HospitalRequestQuery,
        response: { 200: listOf(RequestRef), ...problems },
      },
    },
    async ({ params, query: { applicationId, ...query } }) => {
      const filter = {
        ...requestFilterOf(query),
        applicationId: applicationId as ApplicationId | undefined,
      }
      const rows = await partners.requestsAt(params.hospitalId as HospitalId, filter)
      return { items: rows.map(viewOfRequest) }
    },
  )

  app.get(
    `${REQUESTS}/:id`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getRequestOfPartner',
        summary: 'One request of an application',
        tags: ['partners'],
        params: OfHospitalAndId,
        response: { 200: RequestRef, ...problems },
      },
    },
    async ({ params: { hospitalId, id } }) =>
      viewOfRequest(await partners.requestAt(hospitalId as HospitalId, id)),
  )
}

function trafficRoutes(app: App, { partners }: RouteContext): void {
  app.get(
    `${APPLICATIONS}/:id/requests`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPartnerRequestsForStaff',
        summary: 'What the application asked at this hospital in the last 30 days, newest first',
        tags: ['partners'],
        params: OfHospitalAndId,
        querystring: RequestQuery,
        response: { 200: listOf(RequestRef), ...problems },
      },
    },
    async ({ params, query }) => {
      const { hospitalId, id } = idsOf(params)
      await partners.applicationDetail(hospitalId, id)
      const rows = await partners.requestLog(id, { ...requestFilterOf(query), hospitalId })
      return { items: rows.map(viewOfRequest) }
    },
  )

  app.get(
    `${APPLICATIONS}/:id/alerts`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPartnerAlertsForStaff',
        summary: 'Endpoints that were switched off because they failed, newest first',
        tags: ['partners'],
        params: OfHospitalAndId,
        querystring: PageQuery,
        response: { 200: listOf(AlertRef), ...problems },
      },
    },
    async ({ params, query: { before, limit } }) => {
      const { hospitalId, id } = idsOf(params)
      const rows = await partners.alertLog(hospitalId, id, { before, limit })
      return { items: rows.map(viewOfAlert) }
    },
  )
}

function webhookRoutes(app: App, { partners }: RouteContext): void {
  app.get(
    `${APPLICATIONS}/:id/endpoints`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listWebhookEndpointsForStaff',
        summary: 'Where the application is told of this hospital’s events',
        tags: ['partners'],
        params: OfHospitalAndId,
        response: { 200: listOf(EndpointRef), ...problems },
      },
    },
    async ({ params }) => {
      const { hospitalId, id } = idsOf(params)
      return { items: (await partners.listEndpoints(hospitalId, id)).map(viewOfEndpoint) }
    },
  )

  app.get(
    `${APPLICATIONS}/:id/deliveries`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listWebhookDeliveriesForStaff',
        summary: 'Deliveries to the application’s endpoints, newest first',
        tags: ['partners'],
        params: OfHospitalAndId,
        querystring: DeliveryQuery,
        response: { 200: listOf(DeliveryRef), ...problems },
      },
    },
    async ({ params, query: { endpointId, before, ...query } }) => {
      const { hospitalId, id } = idsOf(params)
      const found = await partners.deliveryLog(hospitalId, id, {
        ...query,
        endpointId: endpointId as EndpointId | undefined,
        before: before as DeliveryId | undefined,
      })
      return { items: found.map(viewOfDelivery) }
    },
  )

  app.get(
    `${APPLICATIONS}/:id/deliveries/:deliveryId`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getWebhookDeliveryForStaff',
        summary: 'One delivery with every try of it and what the receiver answered',
        tags: ['partners'],
        params: OfDelivery,
        response: {
          200: Type.Object({ delivery: DeliveryRef, attempts: Type.Array(AttemptRef) }),
          ...problems,
        },
      },
    },
    async ({ params }) => {
      const { hospitalId, id } = idsOf(params)
      const deliveryId = params.deliveryId as DeliveryId
      const { delivery, attempts } = await partners.deliveryDetail(hospitalId, id, deliveryId)
      return { delivery: viewOfDelivery(delivery), attempts: attempts.map(viewOfAttempt) }
    },
  )
}
