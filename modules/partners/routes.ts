import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'
import { applicationRoutes } from './application-routes.ts'
import { credentialRoutes } from './credential-routes.ts'
import { endpointRoutesForStaff } from './endpoint-desk-routes.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { EXTRA_SIGNATURES } from './endpoint.ts'
import { eventRoutes } from './event-routes.ts'
import { broughtGrantRoute, grantRoutes } from './grant-routes.ts'
import { guardApplications } from './guard.ts'
import { logRoutes } from './log-routes.ts'
import { oauthRoutes } from './oauth-routes.ts'
import { oversightRoutes } from './oversight-routes.ts'
import type { Partners } from './partners.ts'
import { replayRoute, replayRoutesForStaff } from './replay-routes.ts'
import { type App, type RouteContext, SHARED_SCHEMAS } from './route-parts.ts'

/** Everything of partners but /verify_payment, which has a path of its own. */
export const partnerRoutes =
  (partners: Partners): FastifyPluginAsyncTypebox =>
  async (app) => {
    const context = { partners }
    for (const schema of SHARED_SCHEMAS) app.addSchema(schema)
    applicationRoutes(app, context)
    credentialRoutes(app, context)
    oversightRoutes(app, context)
    endpointRoutesForStaff(app, context)
    replayRoutesForStaff(app, context)
    keysRoute(app, context)
    grantRoutes(app, context)
    await oauthRoutes(app, context)
    await app.register(async (scope: App) => {
      guardApplications(scope, partners)
      endpointRoutes(scope, context)
      eventRoutes(scope, context)
      logRoutes(scope, context)
      replayRoute(scope, context)
      broughtGrantRoute(scope, context)
    })
  }

function keysRoute(app: App, { partners }: RouteContext): void {
  app.get(
    '/partner-keys',
    {
      config: { access: ['public'] },
      schema: {
        operationId: 'listPlatformKeys',
        summary: 'The public keys by which what the platform signs can be checked',
        tags: ['partners'],
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                keyId: Type.String(),
                algorithm: Type.Enum([...EXTRA_SIGNATURES]),
                publicKey: Type.String({
                  description: 'Ed25519: PEM. SM2: the point in hex, 04 and both coordinates',
                }),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async () => ({
      items: EXTRA_SIGNATURES.map((algorithm) => {
        const { keyId, publicKey } = partners.platformKey[algorithm]
        return { keyId, algorithm, publicKey }
      }),
    }),
  )
}
