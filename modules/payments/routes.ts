import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { type Acting, nobodyActs } from './acting.ts'
import { agreementRoutes } from './agreement/routes.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { payerRoutes } from './payer-routes.ts'
import type { Payments } from './payments.ts'
import { readRoutes } from './read-routes.ts'
import { refundRoutes } from './refund-routes.ts'
import { refundApprovalRoutes } from './refund/approval-routes.ts'
import { refundRuleRoutes } from './refund/rule-routes.ts'
import { PaymentView, RefundView } from './schemas.ts'

/** What payers, the applications of institutions, staff and the hospital's system do with payments. */
export const paymentRoutes =
  (
    payments: Payments,
    platform: PaymentsDependencies,
    acting: Acting = nobodyActs,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(PaymentView)
    app.addSchema(RefundView)
    const context = { payments, platform, acting }
    payerRoutes(app, context)
    readRoutes(app, context)
    refundRoutes(app, context)
    refundApprovalRoutes(app, context)
    refundRuleRoutes(app, context)
    agreementRoutes(app, context)
  }
