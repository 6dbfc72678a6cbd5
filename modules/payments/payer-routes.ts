import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { payerIn, standInOf, wishIn } from './acting.ts'
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

const BY_PAYER = {
  access: ['person', 'application'],
  scope: 'payments:write',
  forMember: 'pay',
} as const

const NewPaymentFor = Type.Object(
  {
    ...NewPayment.properties,
    patientId: Type.Optional(
      Type.String({
        format: 'uuid',
        description:
          'Whose bills they are: for an application, which names a person who has a bank card bound',
      }),
    ),
  },
  { additionalProperties: false },
)

/** What the payer does with a payment of theirs, or an application for a person with one that it began. */
export function payerRoutes(app: App, context: RouteContext): void {
  quoteRoute(app, context)
  confirmRoute(app, context)
  cancelRoute(app, context)
}

function quoteRoute(app: App, { payments, platform, acting }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments',
    {
      config: { ...BY_PAYER, idempotencyKey: true },
      schema: {
        operationId: 'quotePayment',
        summary: 'Make a plan for bills of one visit: who pays what, and why. Nothing moves',
        tags: ['payments'],
        params: OfHospital,
        body: NewPaymentFor,
        response: { 201: Payment, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      return idempotently(platform, request, reply, hospitalId, async (paymentId) => {
        const of = { hospitalId, paymentId }
        const wish = await wishIn(acting, platform, request, request.body, of)
        await payments.quote(wish, requestActor(request))
        return { status: 201, body: await viewOf(platform.db, hospitalId, paymentId) }
      })
    },
  )
}

function confirmRoute(app: App, { payments, platform, acting }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments/:id/confirmation',
    {
      config: { ...BY_PAYER, idempotencyKey: true },
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
      return idempotently(platform, request, reply, hospitalId, async () => {
        const personId = await payerIn(acting, request, hospitalId, id)
        const { payFen, token = null, returnUrl = null } = request.body
        const presence = { token, returnUrl, ip: request.ip }
        const stead = standInOf(request, payFen)
        const consent = { payFen: fen(payFen), presence, ...stead }
        await payments.confirm(hospitalId, personId, id, consent, requestActor(request))
        return { status: 200, body: await viewOf(platform.db, hospitalId, id) }
      })
    },
  )
}

function cancelRoute(app: App, { payments, platform, acting }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments/:id/cancellation',
    {
      config: { ...BY_PAYER, idempotencyKey: true },
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
      return idempotently(platform, request, reply, hospitalId, async () => {
        const personId = await payerIn(acting, request, hospitalId, id)
        await payments.cancel(hospitalId, personId, id, requestActor(request))
        return { status: 200, body: await viewOf(platform.db, hospitalId, id) }
      })
    },
  )
}
