import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { admissionRoutes } from './admission-routes.ts'
import { alertRoutes } from './alert-routes.ts'
import { channelRoutes } from './channel-routes.ts'
import type { RouteContext } from './route-parts.ts'
import { ruleRoutes } from './rule-routes.ts'

/** What a hospital's IT and finance keep of its channels, and what a payer is offered. */
export const channelsRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(channelRoutes(context))
    await app.register(ruleRoutes(context))
    await app.register(admissionRoutes(context))
    await app.register(alertRoutes(context))
  }
