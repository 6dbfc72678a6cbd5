import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { personRoutes } from './person-routes.ts'
import { type RecordSharingRouteContext, VIEWS } from './route-parts.ts'
import { staffRoutes } from './staff-routes.ts'

/** Records between hospitals, for the people they are about and for the staff of hospitals. */
export const recordSharingRoutes =
  (context: RecordSharingRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of VIEWS) app.addSchema(view)
    personRoutes(app, context)
    staffRoutes(app, context)
  }
