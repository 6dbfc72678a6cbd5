import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'

import type { AppError } from '../../kernel/error.ts'
import { SECOND_MS } from '../../kernel/time.ts'
import { problems, sendProblem } from '../../platform/http/problem.ts'
import { OauthError } from './oauth-error.ts'
import type { App, RouteContext } from './route-parts.ts'
import type { Credentials } from './tokens.ts'

// Sources: RFC 6749 §2.3.1, §4.4 and §5; RFC 7009; RFC 7662.

const BODY_LIMIT_BYTES = 8_192
const MOST_CHARACTERS = 2_000

const Field = Type.Optional(Type.String({ maxLength: MOST_CHARACTERS }))
const client = { client_id: Field, client_secret: Field }
// What a client adds is not ours to refuse: RFC 6749 §3.2.
const TokenForm = Type.Object({ ...client, grant_type: Field, scope: Field })
const OwnTokenForm = Type.Object({ ...client, token: Field, token_type_hint: Field })

const OauthProblem = Type.Object(
  { error: Type.String(), error_description: Type.Optional(Type.String()) },
  { $id: 'OauthProblem', description: 'RFC 6749 §5.2' },
)
const refusal = Type.Ref('OauthProblem')
const refusals = { 400: refusal, 401: refusal, 429: refusal }
const consumes = ['application/x-www-form-urlencoded']

/** OAuth 2 client credentials: forms in, JSON out, errors as RFC 6749 has them. */
export async function oauthRoutes(app: App, context: RouteContext): Promise<void> {
  app.addSchema(OauthProblem)
  // A scope of its own: nowhere else are forms read, and here nothing else.
  await app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers()
    const read = { parseAs: 'string' as const, bodyLimit: BODY_LIMIT_BYTES }
    scope.addContentTypeParser(consumes, read, async (_request: unknown, body: unknown) =>
      formOf(String(body)),
    )
    scope.setErrorHandler(sendOauthError)
    scope.addHook('onSend', async (_request, reply) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    })
    tokenRoute(scope, context)
    revokeRoute(scope, context)
    introspectRoute(scope, context)
  })
}

function tokenRoute(app: App, { partners }: RouteContext): void {
  app.post(
    '/oauth/token',
    {
      config: { access: ['public'] },
      schema: {
        operationId: 'issueToken',
        summary: 'An access token for an application, good for an hour',
        tags: ['oauth'],
        consumes,
        body: TokenForm,
        response: {
          200: Type.Object({
            access_token: Type.String(),
            token_type: Type.Literal('Bearer'),
            expires_in: Type.Integer(),
            scope: Type.String(),
          }),
          ...refusals,
          ...problems,
        },
      },
    },
    async (request) => {
      const { grant_type: grantType = '', scope = null } = request.body
      if (grantType === '') throw new OauthError('invalid_request', 'grant_type is missing')
      if (grantType !== 'client_credentials') {
        throw new OauthError('unsupported_grant_type', 'only client_credentials')
      }
      const issued = await partners.issueToken(credentialsOf(request), scope)
      partners.attribute(request, issued.application.id)
      return {
        access_token: issued.accessToken,
        token_type: 'Bearer' as const,
        expires_in: issued.expiresInS,
        scope: issued.scopes.join(' '),
      }
    },
  )
}

function revokeRoute(app: App, { partners }: RouteContext): void {
  app.post(
    '/oauth/revoke',
    {
      config: { access: ['public'] },
      schema: {
        operationId: 'revokeToken',
        summary: 'End one of the application’s own tokens',
        tags: ['oauth'],
        consumes,
        body: OwnTokenForm,
        response: { 200: Type.Object({}), ...refusals, ...problems },
      },
    },
    async (request) => {
      const { token = '' } = request.body
      if (token === '') throw new OauthError('invalid_request', 'token is missing')
      const application = await partners.revokeOwnToken(credentialsOf(request), token)
      partners.attribute(request, application.id)
      return {}
    },
  )
}

function introspectRoute(app: App, { partners }: RouteContext): void {
  app.post(
    '/oauth/introspect',
    {
      config: { access: ['public'] },
      schema: {
        operationId: 'introspectToken',
        summary: 'Whether one of the application’s own tokens is in force',
        tags: ['oauth'],
        consumes,
        body: OwnTokenForm,
        response: {
          200: Type.Object({
            active: Type.Boolean(),
            scope: Type.Optional(Type.String()),
            client_id: Type.Optional(Type.String()),
            token_type: Type.Optional(Type.String()),
            exp: Type.Optional(Type.Integer()),
            iat: Type.Optional(Type.Integer()),
          }),
          ...refusals,
          ...problems,
        },
      },
    },
    async (request) => {
      const { token: asked = '' } = request.body
      if (asked === '') throw new OauthError('invalid_request', 'token is missing')
      const found = await partners.introspectOwnToken(credentialsOf(request), asked)
      const { application, token } = found
      partners.attribute(request, application.id)
      if (!token) return { active: false }
      return {
        active: true,
        scope: token.scopes.join(' '),
        client_id: application.clientId,
        token_type: 'Bearer',
        exp: secondsOf(token.expires_at),
        iat: secondsOf(token.issued_at),
      }
    },
  )
}

const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / SECOND_MS)

/** No field may be there twice: which of them counts would be anybody's guess. */
function formOf(text: string): Record<string, string> {
  const form: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in form) throw new OauthError('invalid_request', `${name.slice(0, 40)} is there twice`)
    form[name] = value
  }
  return form
}

/** In the header or in the form, and not in both. Errors: throws an OauthError. */
function credentialsOf(request: FastifyRequest): Credentials {
  const form = request.body as { client_id?: string; client_secret?: string }
  const basic = basicOf(request.headers.authorization)
  if (basic && form.client_secret !== undefined) {
    throw new OauthError('invalid_request', 'credentials in the header and in the form')
  }
  const clientId = basic?.clientId ?? form.client_id ?? ''
  const clientSecret = basic?.clientSecret ?? form.client_secret ?? ''
  if (clientId === '' || clientSecret === '') {
    throw new OauthError('invalid_client', 'no client credentials')
  }
  if (clientId.length > MOST_CHARACTERS || clientSecret.length > MOST_CHARACTERS) {
    throw new OauthError('invalid_client', 'no client credentials')
  }
  return { clientId, clientSecret, address: request.ip }
}

function basicOf(header: string | undefined) {
  const encoded = /^Basic ([A-Za-z0-9+/]{4,4000}={0,2})$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return null
  try {
    return {
      clientId: decodeURIComponent(text.slice(0, colon).replaceAll('+', ' ')),
      clientSecret: decodeURIComponent(text.slice(colon + 1).replaceAll('+', ' ')),
    }
  } catch {
    return null // a % that begins nothing
  }
}

function sendOauthError(
  error: FastifyError | AppError | OauthError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = error instanceof OauthError ? error : oauthErrorOf(error)
  if (!known) return sendProblem(error as FastifyError, request, reply)
  if (known.code === 'invalid_client') reply.header('www-authenticate', 'Basic realm="oauth"')
  if (known.retryAfterS !== null) reply.header('retry-after', String(known.retryAfterS))
  return reply.code(known.status).send({ error: known.code, error_description: known.message })
}

/** What the framework refuses before the route is reached. */
function oauthErrorOf(error: FastifyError | AppError): OauthError | null {
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  const isRefused = ('validation' in error && error.validation) || (status >= 400 && status < 500)
  return isRefused ? new OauthError('invalid_request', 'a form of known fields is wanted') : null
}
