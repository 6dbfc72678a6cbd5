import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'

import { type OperationName, OPERATIONS, routeAccess, TYPES, type TypeName } from './access.ts'
import { capabilityStatement, smartConfiguration } from './capability.ts'
import { fhirErrors } from './errors.ts'
import type { Fhir } from './fhir.ts'
import {
  checkFormat,
  hospitalOf,
  isStrict,
  pairsOf,
  sendJson,
  speakFhir,
  viewerOf,
} from './http.ts'
import { type Given, readParameters } from './operations/parameters.ts'

/** `publicUrl` is where clients reach the hub: links of answers begin with it. */
export type FhirRouteOptions = { publicUrl: string }

/**
 * FHIR R4 of one hospital each, to be registered under /v1. Its routes are described by their own
 * CapabilityStatement, and not by the hub's contract.
 */
export const fhirRoutes =
  (fhir: Fhir, options: FhirRouteOptions): FastifyPluginAsync =>
  async (app) => {
    await app.register(
      async (scope) => {
        speakFhir(scope)
        scope.addHook('preHandler', async (request) => {
          if (!request.is404) await fhir.mustExist(hospitalOf(request))
        })
        describingRoutes(scope, options)
        for (const type of TYPES) typeRoutes(scope, fhir, type, options)
        operationRoutes(scope, fhir, options)
      },
      { prefix: PATH },
    )
  }

const PATH = '/fhir/:hospitalId'
const schema = { hide: true }

function describingRoutes(app: FastifyInstance, { publicUrl }: FhirRouteOptions): void {
  const config = { access: ['public' as const] }
  app.get('/metadata', { config, schema }, async (request, reply) => {
    checkFormat(request)
    return sendJson(reply, capabilityStatement(baseOf(publicUrl, hospitalOf(request))))
  })
  app.get('/.well-known/smart-configuration', { config, schema }, async (_request, reply) =>
    reply.type('application/json').send(smartConfiguration(publicUrl)),
  )
}

function typeRoutes(
  app: FastifyInstance,
  fhir: Fhir,
  type: TypeName,
  options: FhirRouteOptions,
): void {
  app.get(`/${type}/:id`, { config: routeAccess(type, 'r'), schema }, async (request, reply) => {
    checkFormat(request)
    const { id } = request.params as { id: string }
    return sendJson(reply, await fhir.read(viewerOf(request), type, id))
  })
  const config = routeAccess(type, 's')
  app.get(`/${type}`, { config, schema }, async (request, reply) => {
    const asked = askedOf(request, options, { isPost: false })
    return sendJson(reply, await fhir.search(viewerOf(request), type, pairsOf(request), asked))
  })
  app.post(`/${type}/_search`, { config, schema }, async (request, reply) => {
    const asked = askedOf(request, options, { isPost: true })
    return sendJson(reply, await fhir.search(viewerOf(request), type, pairsOf(request), asked))
  })
}

function operationRoutes(app: FastifyInstance, fhir: Fhir, options: FhirRouteOptions): void {
  const post = (name: OperationName, work: Work) => {
    const { type, config } = routeOf(name)
    app.post(`/${type}/${name}`, { config, schema }, async (request, reply) => {
      const asked = askedOf(request, options, { isPost: true })
      const given = readParameters(request.body)
      return sendJson(reply, await work(viewerOf(request), given, asked))
    })
  }
  post('$match', fhir.match)
  post('$ihe-pix', (viewer, given) => fhir.pix(viewer, given))
  post('$find', (viewer, { pairs }, asked) => fhir.find(viewer, pairs, asked))
  post('$hold', fhir.hold)
  post('$book', fhir.book)
  findByUrl(app, fhir, options)
  const { type, config } = routeOf('$ihe-pix')
  app.get(`/${type}/$ihe-pix`, { config, schema }, async () => {
    throw fhirErrors.parameter_secret({ parameter: 'sourceIdentifier' })
  })
}

function findByUrl(app: FastifyInstance, fhir: Fhir, options: FhirRouteOptions): void {
  const { type, config } = routeOf('$find')
  app.get(`/${type}/$find`, { config, schema }, async (request, reply) => {
    const asked = askedOf(request, options, { isPost: false })
    return sendJson(reply, await fhir.find(viewerOf(request), pairsOf(request), asked))
  })
}

function routeOf(name: OperationName) {
  const { type, letter, onlyStaff } = OPERATIONS[name]
  return { type, config: routeAccess(type, letter, { onlyStaff }) }
}

function askedOf(
  request: FastifyRequest,
  { publicUrl }: FhirRouteOptions,
  { isPost }: { isPost: boolean },
) {
  checkFormat(request)
  return {
    isPost,
    isStrict: isStrict(request),
    base: baseOf(publicUrl, hospitalOf(request)),
  }
}

const baseOf = (publicUrl: string, hospitalId: number): string =>
  `${publicUrl}/v1/fhir/${hospitalId}`

type Viewer = ReturnType<typeof viewerOf>
type Asked = ReturnType<typeof askedOf>
type Work = (viewer: Viewer, given: Given, asked: Asked) => Promise<Parameters<typeof sendJson>[1]>
