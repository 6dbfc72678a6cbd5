import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { checkBegun } from './acting.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentId } from './payment.ts'
import { listRefunds } from './reads-store.ts'
import type { RefundId } from './refund/refund.ts'
import { withWays } from './refund/ways.ts'
import {
  type App,
  idsOf,
  OfHospital,
  OfHospitalAndId,
  Refund,
  refundViewOf,
  type RouteContext,
} from './route-parts.ts'
import { HisRefundRequest, NewRefund, RefundsQuery } from './schemas.ts'
import { viewOfRefund } from './view.ts'

/** What staff, the hospital's system and the applications of institutions do with refunds. */
export function refundRoutes(app: App, context: RouteContext): void {
  listRoute(app, context)
  requestRoute(app, context)
  retryRoute(app, context)
  hisRequestRoute(app, context)
}

function listRoute(app: App, { platform: { db } }: RouteContext): void {
  app.get(
    '/hospitals/:hospitalId/refunds',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listRefunds',
        summary: 'Refunds of the hospital, newest first, whatever made them',
        tags: ['payments'],
        params: OfHospital,
        querystring: RefundsQuery,
        response: { 200: Type.Object({ items: Type.Array(Refund) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const hospitalId = params.hospitalId as HospitalId
      const { status: statuses, cause: causes, before, createdOn, returnedOn, ...rest } = query
      const filter = {
        ...rest,
        statuses,
        causes,
        createdOn: createdOn === undefined ? undefined : businessDate(createdOn),
        returnedOn: returnedOn === undefined ? undefined : businessDate(returnedOn),
        before: before as RefundId | undefined,
      }
      const refunds = await inHospital(db, hospitalId, async (tx) =>
        withWays(tx, hospitalId, await listRefunds(tx, hospitalId, filter)),
      )
      return { items: refunds.map(viewOfRefund) }
    },
  )
}

function requestRoute(app: App, { payments, platform, acting }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments/:id/refunds',
    {
      config: {
        access: ['application', 'staff:finance', 'staff:cashier'],
        scope: 'refunds:write',
        idempotencyKey: true,
      },
      schema: {
        operationId: 'requestRefund',
        summary:
          'Give back lines of a paid bill by the original route; the hospital must agree, and a second person where its rule says so',
        tags: ['payments'],
        params: OfHospitalAndId,
        body: NewRefund,
        response: { 202: Refund, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id: paymentId } = idsOf(request.params)
      return idempotently(platform, request, reply, hospitalId, async (resourceId) => {
        await checkBegun(acting, request, hospitalId, paymentId)
        const wish = { ...request.body, id: resourceId as RefundId, hospitalId, paymentId }
        const actor = requestActor(request)
        const id = await payments.requestRefundAlone({ ...wish, requestNo: null }, actor)
        return { status: 202, body: await refundViewOf(platform.db, hospitalId, id) }
      })
    },
  )
}

function retryRoute(app: App, { payments, platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/refunds/:id/retry',
    {
      config: { access: ['staff:finance'], idempotencyKey: true },
      schema: {
        operationId: 'retryRefund',
        summary: 'Ask again for what a provider declined to give back, under the same number',
        tags: ['payments'],
        params: OfHospitalAndId,
        response: { 202: Refund, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const id = request.params.id as RefundId
      return idempotently(platform, request, reply, hospitalId, async () => {
        await payments.retryRefund(hospitalId, id, requestActor(request))
        return { status: 202, body: await refundViewOf(platform.db, hospitalId, id) }
      })
    },
  )
}

function hisRequestRoute(app: App, { payments, platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/his/refund-requests',
    {
      config: { access: ['his'] },
      schema: {
        operationId: 'hisRequestRefund',
        summary: "The hospital's system asks for a refund; its request number makes it once",
        tags: ['hospital system'],
        params: OfHospital,
        body: HisRefundRequest,
        response: {
          202: Type.Object({ refundId: Type.String(), status: Type.String() }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { paymentNo, lines, ...rest } = request.body
      const known = readTradeNo(paymentNo)
      if (known?.hospitalId !== hospitalId) throw paymentErrors.payment_not_found({ id: paymentNo })
      const wish = {
        ...rest,
        id: platform.newId<'Refund'>(),
        hospitalId,
        paymentId: known.id as Id<never> as PaymentId,
        lineNos: lines.map((line) => line.lineNo),
      }
      const id = await payments.requestRefundOfHis(wish, requestActor(request))
      const { status } = await refundViewOf(platform.db, hospitalId, id)
      return reply.code(202).send({ refundId: id, status })
    },
  )
}
