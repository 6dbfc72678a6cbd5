import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { claimRoutes } from './claim-routes.ts'
import { coverRoutes } from './cover-routes.ts'
import type { RouteContext } from './route-parts.ts'
import { ClaimView, ConsentView, PolicyView } from './schemas.ts'

/** A payer's policies, consents and claims; and the claims that a hospital's staff follows. */
export const coverageRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [PolicyView, ConsentView, ClaimView]) app.addSchema(schema)
    await app.register(coverRoutes(context))
    await app.register(claimRoutes(context))
  }
