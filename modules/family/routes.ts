import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { Family } from './family.ts'
import { personRoutes } from './person-routes.ts'
import { LinkView } from './schemas.ts'
import { staffRoutes } from './staff-routes.ts'

/** Who may act for whom, for the people themselves and for a hospital's desk. */
export const familyRoutes =
  (family: Family): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(LinkView)
    personRoutes(app, family)
    staffRoutes(app, family)
  }
