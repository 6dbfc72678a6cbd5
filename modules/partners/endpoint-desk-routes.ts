import type { FastifyRequest } from 'fastify'
import Type from 'typebox'

import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { APPLICATIONS, idsOf, IT } from './application-routes.ts'
import type { EndpointId } from './endpoint.ts'
import type { EndpointOwner } from './endpoints.ts'
import { type App, EndpointRef, type RouteContext } from './route-parts.ts'
import {
  EndpointChangeBody,
  EndpointSecretView,
  NewEndpointBody,
  OfEndpoint,
  OfHospitalAndId,
} from './schemas.ts'
import { viewOfEndpoint } from './view.ts'

const ENDPOINTS = `${APPLICATIONS}/:id/endpoints`
const ONE = `${ENDPOINTS}/:endpointId`

/** What the hospital's IT does for an application that it lets in: says where it is told, and hands the secret over. */
export function endpointRoutesForStaff(app: App, context: RouteContext): void {
  addRoute(app, context)
  changeRoute(app, context)
  removeRoute(app, context)
  secretRoute(app, context)
}

function addRoute(app: App, { partners }: RouteContext): void {
  app.post(
    ENDPOINTS,
    {
      config: { access: IT },
      schema: {
        operationId: 'addWebhookEndpointForStaff',
        summary: 'Tell the application here; the secret that signs what is sent is shown this once',
        tags: ['partners'],
        params: OfHospitalAndId,
        body: NewEndpointBody,
        response: {
          201: Type.Object({ endpoint: EndpointRef, secret: Type.String() }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const owner = await ownerIn(request, { partners })
      const { extraSignature = null, ...wish } = request.body
      const actor = requestActor(request)
      const added = await partners.addEndpoint(owner, { ...wish, extraSignature }, actor)
      void reply.header('cache-control', 'no-store').code(201)
      return { endpoint: viewOfEndpoint(added.endpoint), secret: added.secret }
    },
  )
}

function changeRoute(app: App, { partners }: RouteContext): void {
  app.patch(
    ONE,
    {
      config: { access: IT },
      schema: {
        operationId: 'changeWebhookEndpointForStaff',
        summary: 'Change its address or types, switch it off, or on: what was held is then sent',
        tags: ['partners'],
        params: OfEndpoint,
        body: EndpointChangeBody,
        response: { 200: EndpointRef, ...problems },
      },
    },
    async (request) => {
      const owner = await ownerIn(request, { partners })
      const id = request.params.endpointId as EndpointId
      const actor = requestActor(request)
      return viewOfEndpoint(await partners.changeEndpoint(owner, id, request.body, actor))
    },
  )
}

function removeRoute(app: App, { partners }: RouteContext): void {
  app.delete(
    ONE,
    {
      config: { access: IT },
      schema: {
        operationId: 'removeWebhookEndpointForStaff',
        summary: 'Tell the application there no more; what was still to be sent is not',
        tags: ['partners'],
        params: OfEndpoint,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const owner = await ownerIn(request, { partners })
      const id = request.params.endpointId as EndpointId
      await partners.removeEndpoint(owner, id, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function secretRoute(app: App, { partners }: RouteContext): void {
  app.post(
    `${ONE}/secret`,
    {
      config: { access: IT },
      schema: {
        operationId: 'rotateWebhookSecretForStaff',
        summary: 'A new secret, shown this once; the one before signs too for a day',
        tags: ['partners'],
        params: OfEndpoint,
        response: { 201: EndpointSecretView, ...problems },
      },
    },
    async (request, reply) => {
      const owner = await ownerIn(request, { partners })
      const id = request.params.endpointId as EndpointId
      const actor = requestActor(request)
      const { secret, earlierUntil } = await partners.rotateEndpointSecret(owner, id, actor)
      void reply.header('cache-control', 'no-store').code(201)
      return { secret, earlierUntil: earlierUntil.toISOString() }
    },
  )
}

/** The application at this hospital, with what it may hear there. Errors: throws partners.application_not_found. */
async function ownerIn(
  { params }: FastifyRequest,
  { partners }: RouteContext,
): Promise<EndpointOwner> {
  const { hospitalId, id } = idsOf(params as { hospitalId: number; id: string })
  const { access } = await partners.applicationDetail(hospitalId, id)
  return { hospitalId, applicationId: id, scopes: access.scopes }
}
