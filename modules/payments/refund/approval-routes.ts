import Type from 'typebox'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { principalOf, requestActor } from '../../../platform/http/access.ts'
import { idempotently } from '../../../platform/http/idempotency.ts'
import { problems } from '../../../platform/http/problem.ts'
import { paymentErrors } from '../errors.ts'
import type { PaymentId } from '../payment.ts'
import {
  type App,
  idsOf,
  OfHospital,
  OfHospitalAndId,
  Refund,
  refundViewOf,
  type RouteContext,
} from '../route-parts.ts'
import { NewRefund } from '../schemas.ts'
import {
  RefundRequestsQuery,
  RefundRequestView,
  Refusal,
  viewOfRefundRequest,
} from './approval-schemas.ts'
import { findRefundRequest, listRefundRequests, type RefundRequestRow } from './approval-store.ts'
import type { RefundId } from './refund.ts'

const RefundRequest = Type.Unsafe<Type.Static<typeof RefundRequestView>>(Type.Ref('RefundRequest'))

/** Refunds that one person may not give alone: asked for by one, decided by another. */
export function refundApprovalRoutes(app: App, context: RouteContext): void {
  app.addSchema(RefundRequestView)
  listRoute(app, context)
  askRoute(app, context)
  approveRoute(app, context)
  declineRoute(app, context)
}

function listRoute(app: App, { platform: { db } }: RouteContext): void {
  app.get(
    '/hospitals/:hospitalId/refund-requests',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listRefundRequests',
        summary: 'Refunds that a second person decides, newest first',
        tags: ['payments'],
        params: OfHospital,
        querystring: RefundRequestsQuery,
        response: { 200: Type.Object({ items: Type.Array(RefundRequest) }), ...problems },
      },
    },
    async ({ params, query: { status: statuses, paymentId, before, limit } }) => {
      const hospitalId = params.hospitalId as HospitalId
      const filter = {
        statuses,
        paymentId: paymentId as PaymentId | undefined,
        before: before as RefundId | undefined,
        limit,
      }
      const rows = await inHospital(db, hospitalId, (tx) =>
        listRefundRequests(tx, hospitalId, filter),
      )
      return { items: rows.map(viewOfRefundRequest) }
    },
  )
}

function askRoute(app: App, { payments, platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/payments/:id/refund-requests',
    {
      config: { access: ['staff:finance', 'staff:cashier'], idempotencyKey: true },
      schema: {
        operationId: 'askForRefundApproval',
        summary: 'Ask a second person for a refund; nothing is given back until they approve it',
        tags: ['payments'],
        params: OfHospitalAndId,
        body: NewRefund,
        response: { 202: RefundRequest, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id: paymentId } = idsOf(request.params)
      return idempotently(platform, request, reply, hospitalId, async (resourceId) => {
        const id: RefundId = resourceId
        const wish = { ...request.body, id, hospitalId, paymentId, requestNo: null }
        await payments.askForApproval(wish, requestActor(request))
        return { status: 202, body: await requestViewOf(platform.db, hospitalId, id) }
      })
    },
  )
}

function approveRoute(app: App, { payments, platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/refund-requests/:id/approve',
    {
      config: { access: ['staff:finance'], idempotencyKey: true },
      schema: {
        operationId: 'approveRefund',
        summary: 'Agree to a refund that somebody else asked for: it begins',
        tags: ['payments'],
        params: OfHospitalAndId,
        response: { 202: Refund, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = requestIdsOf(request.params)
      return idempotently(platform, request, reply, hospitalId, async () => {
        await payments.approveRefund(hospitalId, id, requestActor(request))
        return { status: 202, body: await refundViewOf(platform.db, hospitalId, id) }
      })
    },
  )
}

function declineRoute(app: App, { payments, platform: { db } }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/refund-requests/:id/decline',
    {
      config: { access: ['staff:finance', 'staff:cashier'] },
      schema: {
        operationId: 'declineRefund',
        summary: 'Refuse a refund that waits, or withdraw one’s own; a cashier only withdraws',
        tags: ['payments'],
        params: OfHospitalAndId,
        body: Refusal,
        response: { 200: RefundRequest, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = requestIdsOf(request.params)
      const actor = requestActor(request)
      const mayDecide = principalOf(request, 'staff').roles.includes('finance')
      const { requestedBy } = await requestViewOf(db, hospitalId, id)
      if (!mayDecide && requestedBy !== actor.name) throw paymentErrors.refund_not_yours()
      await payments.declineRefund(hospitalId, id, request.body.note, actor)
      return requestViewOf(db, hospitalId, id)
    },
  )
}

const requestIdsOf = ({ hospitalId, id }: { hospitalId: number; id: string }) => ({
  hospitalId: hospitalId as HospitalId,
  id: id as Id<'Refund'>,
})

async function requestViewOf(db: Db, hospitalId: HospitalId, id: RefundId) {
  const row: RefundRequestRow | null = await inHospital(db, hospitalId, (tx) =>
    findRefundRequest(tx, hospitalId, id),
  )
  if (!row) throw paymentErrors.refund_request_not_found({ id })
  return viewOfRefundRequest(row)
}
