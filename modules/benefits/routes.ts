import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Benefits } from './benefits.ts'
import { entitlementRoutes } from './entitlement-routes.ts'
import { payerRoutes } from './payer-routes.ts'
import { programmeRoutes } from './programme-routes.ts'

/** What the routes of benefits share. */
export type BenefitRouteContext = {
  benefits: Benefits
  platform: { db: Db; clock: Clock; newId: NewId }
}

/** What people see of their benefits, and what a hospital's finance sets up, grants and takes back. */
export const benefitRoutes =
  (context: BenefitRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    payerRoutes(app, context)
    programmeRoutes(app, context)
    entitlementRoutes(app, context)
  }
