import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { lineRoutes } from './line-routes.ts'
import { publicRoutes } from './public-routes.ts'
import type { RouteContext } from './route-parts.ts'
import { EntryView, ExplanationView, ItemView } from './schemas.ts'
import { settingRoutes } from './setting-routes.ts'
import { staffRoutes } from './staff-routes.ts'

/** The catalogue and the work on it for staff; what a bill's lines are in it for payers and doctors. */
export const catalogueRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [EntryView, ItemView, ExplanationView]) app.addSchema(schema)
    await app.register(staffRoutes(context))
    await app.register(settingRoutes(context))
    await app.register(lineRoutes(context))
    await app.register(publicRoutes(context))
  }
