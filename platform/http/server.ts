import AjvCompiler from '@fastify/ajv-compiler'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import swagger, { type SwaggerTransform } from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import underPressure from '@fastify/under-pressure'
import Fastify, { type FastifyReply, type FastifySchema, type FastifyServerOptions } from 'fastify'

import type { NewId } from '../../kernel/id.ts'
import { type Authenticate, guardRoutes } from './access.ts'
import { httpErrors } from './errors.ts'
import { IdempotencyKeyHeader } from './idempotency.ts'
import { keepRawBody } from './json-body.ts'
import { ProblemSchema, sendProblem } from './problem.ts'

const BODY_LIMIT_BYTES = 1_048_576
const REQUEST_TIMEOUT_MS = 30_000
const MAX_EVENT_LOOP_DELAY_MS = 2_000

/** The HTTP server every app starts from: validation, who may call, OpenAPI and one shape for errors. */
export async function createHttp({ newId, authenticate, ...options }: HttpOptions) {
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => newId<'Request'>(),
    schemaController: { compilersFactory: { buildValidator } },
    routerOptions: { maxParamLength: 200 },
    ...options,
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) => sendProblem(httpErrors.not_found(), request, reply))
  app.addHook('onRequest', async (request) => {
    if (request.url.includes('%00')) throw httpErrors.invalid_request({ field: 'url', rule: 'nul' })
  })
  keepRawBody(app)
  guardRoutes(app, authenticate)
  await app.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY })
  await app.register(cookie)
  const pressureHandler = refuseUnderPressure(app)
  await app.register(underPressure, { maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS, pressureHandler })
  await app.register(swagger, {
    openapi: OPENAPI,
    refResolver: { buildLocalReference },
    transform: showConfig,
  })
  app.addSchema(ProblemSchema)
  return app
}

type HttpOptions = FastifyServerOptions & { newId: NewId; authenticate: Authenticate }

const RETRY_AFTER_S = 10

/** What was measured before anybody could ask is how long the start took, and no pressure. */
const MEASURED_ANEW_WITHIN_MS = 2_000

function refuseUnderPressure(app: {
  addHook(name: 'onReady', hook: () => Promise<void>): unknown
}) {
  let meansPressureFrom = Number.POSITIVE_INFINITY
  app.addHook('onReady', async () => {
    meansPressureFrom = performance.now() + MEASURED_ANEW_WITHIN_MS
  })
  return async (_: unknown, reply: FastifyReply, _what: unknown, delayMs: unknown) => {
    // A delay without end says that nothing was measured in the last second, and so nothing of how busy we are.
    if (delayMs === Number.POSITIVE_INFINITY || performance.now() < meansPressureFrom) return
    reply.header('retry-after', RETRY_AFTER_S)
    throw Object.assign(new Error('overloaded'), { code: 'FST_UNDER_PRESSURE', statusCode: 503 })
  }
}

const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Yiqiao hub',
    version: '1',
    description: 'Amounts are whole fen. Instants are RFC 3339. Errors are RFC 9457 problems.',
  },
}

/**
 * The key and what a carer needs, as the contract shows them: a schema of the route's own would be checked, too, and the
 * one answer for a missing key be told in two ways.
 */
const showConfig: SwaggerTransform<FastifySchema> = ({ schema, url, route }) => ({
  schema: {
    ...schema,
    ...(route.config?.idempotencyKey ? { headers: IdempotencyKeyHeader } : {}),
    ...(route.config?.forMember ? { 'x-for-member': route.config.forMember } : {}),
  },
  url,
})

const CONTENT_SECURITY_POLICY = {
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    // Component libraries write style elements as they render.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    // A provider's page is opened by a form that is posted there; a sandbox's is on this machine.
    formAction: ["'self'", 'https:', 'http://127.0.0.1:*', 'http://localhost:*'],
    frameAncestors: ["'none'"],
    upgradeInsecureRequests: null,
  },
}

const buildLocalReference = (json: { $id?: unknown }, _base: unknown, _part: string, i: number) =>
  typeof json.$id === 'string' ? json.$id : `def-${i}`

/** A query string is all text, so it is converted. A body is taken at its word: "12" is no amount. */
const buildValidator: AjvCompiler.BuildCompilerFromPool = (schemas) => {
  const ajv = (coerceTypes: 'array' | false) =>
    AjvCompiler()(schemas, {
      // Every plugin with schemas of its own has its own compiler, and each would compile the schema of schemas first:
      // two thirds of a start. TypeBox writes ours, and a keyword or a type that is none still fails their compilation.
      customOptions: { coerceTypes, removeAdditional: false, validateSchema: false },
    })
  const forText = ajv('array')
  const forBody = ajv(false)
  return (route) => {
    const { httpPart } = route as { httpPart?: string } // the published type leaves this out
    return (httpPart === 'body' ? forBody : forText)(route)
  }
}
