import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { agreementRoutes } from './agreement/routes.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { payerRoutes } from './payer-routes.ts'
import type { Payments } from './payments.ts'
import { readRoutes } from './read-routes.ts'
import { refundRoutes } from './refund-routes.ts'
import { PaymentView, RefundView } from './schemas.ts'

/** What payers, staff and the hospital's system do with payments. */
export const paymentRoutes =
  (payments: Payments, platform: PaymentsDependencies): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(PaymentView)
    app.addSchema(RefundView)
    const context = { payments, platform }
    payerRoutes(app, context)
    readRoutes(app, context)
    refundRoutes(app, context)
    agreementRoutes(app, context)
  }
