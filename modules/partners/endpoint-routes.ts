import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'
import type { EndpointId } from './endpoint.ts'
import { applicationActor, callerOf, FOR_APPLICATIONS } from './guard.ts'
import { type App, EndpointRef, listOf, type RouteContext } from './route-parts.ts'
import {
  EndpointChangeBody,
  EndpointSecretView,
  NewEndpointBody,
  OfHospital,
  OfHospitalAndId,
} from './schemas.ts'
import { viewOfEndpoint } from './view.ts'

const ENDPOINTS = '/hospitals/:hospitalId/partner/endpoints'
const config = { access: FOR_APPLICATIONS, scope: 'events:read' } as const

/** Where an application wants to be told of a hospital's events. */
export function endpointRoutes(app: App, context: RouteContext): void {
  newRoutes(app, context)
  changeRoutes(app, context)
}

function newRoutes(app: App, { partners }: RouteContext): void {
  app.get(
    ENDPOINTS,
    {
      config,
      schema: {
        operationId: 'listWebhookEndpoints',
        summary: 'The application’s own endpoints at this hospital',
        tags: ['webhooks'],
        params: OfHospital,
        response: { 200: listOf(EndpointRef), ...problems },
      },
    },
    async (request) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const found = await partners.listEndpoints(caller.hospitalId, caller.applicationId)
      return { items: found.map(viewOfEndpoint) }
    },
  )

  app.post(
    ENDPOINTS,
    {
      config,
      schema: {
        operationId: 'addWebhookEndpoint',
        summary: 'Be told of events here; the secret that signs them is shown this once',
        tags: ['webhooks'],
        params: OfHospital,
        body: NewEndpointBody,
        response: {
          201: Type.Object({ endpoint: EndpointRef, secret: Type.String() }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const { extraSignature = null, ...wish } = request.body
      const actor = applicationActor(request, partners)
      const added = await partners.addEndpoint(caller, { ...wish, extraSignature }, actor)
      void reply.header('cache-control', 'no-store').code(201)
      return { endpoint: viewOfEndpoint(added.endpoint), secret: added.secret }
    },
  )
}

function changeRoutes(app: App, { partners }: RouteContext): void {
  app.patch(
    `${ENDPOINTS}/:id`,
    {
      config,
      schema: {
        operationId: 'changeWebhookEndpoint',
        summary: 'Change its address or types, switch it off, or on: what was held is then sent',
        tags: ['webhooks'],
        params: OfHospitalAndId,
        body: EndpointChangeBody,
        response: { 200: EndpointRef, ...problems },
      },
    },
    async (request) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const id = request.params.id as EndpointId
      const actor = applicationActor(request, partners)
      return viewOfEndpoint(await partners.changeEndpoint(caller, id, request.body, actor))
    },
  )

  app.delete(
    `${ENDPOINTS}/:id`,
    {
      config,
      schema: {
        operationId: 'removeWebhookEndpoint',
        summary: 'Be told no more; what was still to be sent is not',
        tags: ['webhooks'],
        params: OfHospitalAndId,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const id = request.params.id as EndpointId
      await partners.removeEndpoint(caller, id, applicationActor(request, partners))
      return reply.code(204).send(null)
    },
  )

  app.post(
    `${ENDPOINTS}/:id/secret`,
    {
      config,
      schema: {
        operationId: 'rotateWebhookSecret',
        summary: 'A new secret, shown this once; the one before signs too for a day',
        tags: ['webhooks'],
        params: OfHospitalAndId,
        response: {
          201: EndpointSecretView,
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, partners, request.params.hospitalId)
      const id = request.params.id as EndpointId
      const actor = applicationActor(request, partners)
      const { secret, earlierUntil } = await partners.rotateEndpointSecret(caller, id, actor)
      void reply.header('cache-control', 'no-store').code(201)
      return { secret, earlierUntil: earlierUntil.toISOString() }
    },
  )
}
