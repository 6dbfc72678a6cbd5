import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import {
  type App,
  idsOf,
  OfHospital,
  OfHospitalAndId,
  Payment,
  type RouteContext,
  viewOf,
} from './route-parts.ts'
import { Confirmation, NewPayment } from './schemas.ts'

/** What the payer does with a payment of theirs. */
export function payerRoutes(app: App, context: RouteContext): void {
  quoteRoute(app, context)
  confirmRoute(app, context)
  cancelRoute(app, context)
}

function quoteRoute(app: App, { payments, platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'quotePayment',
        summary: 'Make a plan for bills of one visit: who pays what, and why. Nothing moves',
        tags: ['payments'],
        params: OfHospital,
        body: NewPayment,
        response: { 201: Payment, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, hospitalId, async (paymentId) => {
        const wish = { ...request.body, hospitalId, personId, paymentId }
        await payments.quote(wish, requestActor(request))
        return { status: 201, body: await viewOf(platform.db, hospitalId, paymentId) }
      })
    },
  )
}

function confirmRoute(app: App, { payments, platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments/:id/confirmation',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'confirmPayment',
        summary: 'Agree to the plan: the payment begins',
        tags: ['payments'],
        params: OfHospitalAndId,
        body: Confirmation,
        response: { 200: Payment, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = idsOf(request.params)
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, hospitalId, async () => {
        const { payFen, token = null, returnUrl = null } = request.body
        const presence = { token, returnUrl, ip: request.ip }
        const consent = { payFen: fen(payFen), presence }
        await payments.confirm(hospitalId, personId, id, consent, requestActor(request))
        return { status: 200, body: await viewOf(platform.db, hospitalId, id) }
      })
    },
  )
}

function cancelRoute(app: App, { payments, platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments/:id/cancellation',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'cancelPayment',
        summary: 'Stop a payment before the payer has paid',
        tags: ['payments'],
        params: OfHospitalAndId,
        response: { 200: Payment, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = idsOf(request.params)
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, hospitalId, async () => {
        await payments.cancel(hospitalId, personId, id, requestActor(request))
        return { status: 200, body: await viewOf(platform.db, hospitalId, id) }
      })
    },
  )
}
