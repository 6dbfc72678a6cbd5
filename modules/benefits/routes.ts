import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { allotmentRoutes } from './allotment-routes.ts'
import { entitlementRoutes } from './entitlement-routes.ts'
import { needRoutes } from './need-routes.ts'
import { offerRoutes } from './offer-routes.ts'
import { patientRoutes } from './patient-routes.ts'
import { payerRoutes } from './payer-routes.ts'
import { programmeRoutes } from './programme-routes.ts'
import type { BenefitRouteContext } from './route-parts.ts'

/** What people see of their benefits, and what a hospital's finance sets up, grants and takes back. */
export const benefitRoutes =
  (context: BenefitRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    payerRoutes(app, context)
    offerRoutes(app, context)
    programmeRoutes(app, context)
    allotmentRoutes(app, context)
    entitlementRoutes(app, context)
    needRoutes(app, context)
    patientRoutes(app, context)
  }
