import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentId } from './payment.ts'
import type { Payments, PaymentsDependencies } from './payments.ts'
import { listPaymentIds } from './reads-store.ts'
import type { RefundId } from './refund/refund.ts'
import { findRefund } from './refund/store.ts'
import {
  Confirmation,
  HisRefundRequest,
  HospitalParam,
  ListQuery,
  NewPayment,
  NewRefund,
  PaymentView,
  RefundView,
} from './schemas.ts'
import { pictureOf, viewOfPicture, viewOfRefund } from './view.ts'

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const OfPayment = Type.Object({ hospitalId: HospitalParam, id: Type.String({ format: 'uuid' }) })
const Payment = Type.Unsafe<Type.Static<typeof PaymentView>>(Type.Ref('Payment'))
const Refund = Type.Unsafe<Type.Static<typeof RefundView>>(Type.Ref('Refund'))

/** What payers, staff and the hospital's system do with payments. */
export const paymentRoutes =
  (payments: Payments, platform: PaymentsDependencies): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(PaymentView)
    app.addSchema(RefundView)
    const { db } = platform

    app.post(
      '/hospitals/:hospitalId/payments',
      {
        config: { access: ['person'] },
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
          return { status: 201, body: await viewOf(db, hospitalId, paymentId) }
        })
      },
    )

    app.post(
      '/hospitals/:hospitalId/payments/:id/confirmation',
      {
        config: { access: ['person'] },
        schema: {
          operationId: 'confirmPayment',
          summary: 'Agree to the plan: the payment begins',
          tags: ['payments'],
          params: OfPayment,
          body: Confirmation,
          response: { 200: Payment, ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, id } = idsOf(request.params)
        const { personId } = principalOf(request, 'person')
        return idempotently(platform, request, reply, hospitalId, async () => {
          const payFen = fen(request.body.payFen)
          await payments.confirm(hospitalId, personId, id, payFen, requestActor(request))
          return { status: 200, body: await viewOf(db, hospitalId, id) }
        })
      },
    )

    app.post(
      '/hospitals/:hospitalId/payments/:id/cancellation',
      {
        config: { access: ['person'] },
        schema: {
          operationId: 'cancelPayment',
          summary: 'Stop a payment before the payer has paid',
          tags: ['payments'],
          params: OfPayment,
          response: { 200: Payment, ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, id } = idsOf(request.params)
        const { personId } = principalOf(request, 'person')
        return idempotently(platform, request, reply, hospitalId, async () => {
          await payments.cancel(hospitalId, personId, id, requestActor(request))
          return { status: 200, body: await viewOf(db, hospitalId, id) }
        })
      },
    )

    app.get(
      '/hospitals/:hospitalId/payments/:id',
      {
        config: { access: ['person', 'staff'] },
        schema: {
          operationId: 'getPayment',
          summary: 'One payment with its plan, bills and refunds',
          tags: ['payments'],
          params: OfPayment,
          response: { 200: Payment, ...problems },
        },
      },
      async (request) => {
        const { hospitalId, id } = idsOf(request.params)
        const principal = principalOf(request, 'person', 'staff')
        const picture = await inHospital(db, hospitalId, (tx) => pictureOf(tx, hospitalId, id))
        const foreign =
          principal.kind === 'person' && picture?.payment.personId !== principal.personId
        if (!picture || foreign) throw paymentErrors.payment_not_found({ id })
        return viewOfPicture(picture)
      },
    )

    app.get(
      '/hospitals/:hospitalId/payments',
      {
        config: { access: ['person', 'staff'] },
        schema: {
          operationId: 'listPayments',
          summary: "Payments, newest first: a person's own, or the hospital's for its staff",
          tags: ['payments'],
          params: OfHospital,
          querystring: ListQuery,
          response: { 200: Type.Object({ items: Type.Array(Payment) }), ...problems },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const principal = principalOf(request, 'person', 'staff')
        const personId = principal.kind === 'person' ? principal.personId : undefined
        const { status, before, ...query } = request.query
        const filter = {
          ...query,
          statuses: status,
          personId,
          before: before as PaymentId | undefined,
        }
        const items = await inHospital(db, hospitalId, async (tx) => {
          const found = []
          for (const id of await listPaymentIds(tx, hospitalId, filter as never)) {
            const picture = await pictureOf(tx, hospitalId, id)
            if (picture) found.push(viewOfPicture(picture))
          }
          return found
        })
        return { items }
      },
    )

    app.post(
      '/hospitals/:hospitalId/payments/:id/refunds',
      {
        config: { access: ['staff:finance', 'staff:cashier'] },
        schema: {
          operationId: 'requestRefund',
          summary: 'Give back lines of a paid bill by the original route; the hospital must agree',
          tags: ['payments'],
          params: OfPayment,
          body: NewRefund,
          response: { 202: Refund, ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, id: paymentId } = idsOf(request.params)
        return idempotently(platform, request, reply, hospitalId, async (resourceId) => {
          const wish = { ...request.body, id: resourceId as RefundId, hospitalId, paymentId }
          const id = await payments.requestRefund(
            { ...wish, requestNo: null },
            requestActor(request),
          )
          return { status: 202, body: await refundViewOf(db, hospitalId, id) }
        })
      },
    )

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
        if (known?.hospitalId !== hospitalId) {
          throw paymentErrors.payment_not_found({ id: paymentNo })
        }
        const id = await payments.requestRefund(
          {
            ...rest,
            id: platform.newId<'Refund'>(),
            hospitalId,
            paymentId: known.id as Id<never> as PaymentId,
            lineNos: lines.map((line) => line.lineNo),
          },
          requestActor(request),
        )
        const { status } = await refundViewOf(db, hospitalId, id)
        return reply.code(202).send({ refundId: id, status })
      },
    )
  }

const idsOf = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as PaymentId,
})

async function viewOf(db: Db, hospitalId: HospitalId, id: PaymentId) {
  const picture = await inHospital(db, hospitalId, (tx) => pictureOf(tx, hospitalId, id))
  if (!picture) throw paymentErrors.payment_not_found({ id })
  return viewOfPicture(picture)
}

async function refundViewOf(db: Db, hospitalId: HospitalId, id: RefundId) {
  const refund = await inHospital(db, hospitalId, (tx) => findRefund(tx, hospitalId, id))
  if (!refund) throw paymentErrors.refund_not_found({ id })
  return viewOfRefund(refund)
}
