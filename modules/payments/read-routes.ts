import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { checkBegun } from './acting.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentId } from './payment.ts'
import { picturesOf } from './pictures.ts'
import { listPaymentIds, type PaymentFilter } from './reads-store.ts'
import {
  type App,
  idsOf,
  OfHospital,
  OfHospitalAndId,
  Payment,
  type RouteContext,
} from './route-parts.ts'
import { ListQuery } from './schemas.ts'
import { pictureOf, viewOfPicture } from './view.ts'

/** What payers and staff look at. */
export function readRoutes(app: App, context: RouteContext): void {
  getRoute(app, context)
  listRoute(app, context)
}

function getRoute(app: App, { platform: { db }, acting }: RouteContext): void {
  app.get(
    '/hospitals/:hospitalId/payments/:id',
    {
      config: {
        access: ['person', 'application', 'staff'],
        scope: 'payments:read',
        forMember: 'bills',
      },
      schema: {
        operationId: 'getPayment',
        summary: 'One payment with its plan, bills and refunds',
        tags: ['payments'],
        params: OfHospitalAndId,
        response: { 200: Payment, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = idsOf(request.params)
      const principal = principalOf(request, 'person', 'application', 'staff')
      await checkBegun(acting, request, hospitalId, id)
      const picture = await inHospital(db, hospitalId, (tx) => pictureOf(tx, hospitalId, id))
      const foreign =
        principal.kind === 'person' && picture?.payment.personId !== principal.personId
      if (!picture || foreign) throw paymentErrors.payment_not_found({ id })
      return viewOfPicture(picture)
    },
  )
}

function listRoute(app: App, { platform: { db } }: RouteContext): void {
  app.get(
    '/hospitals/:hospitalId/payments',
    {
      config: { access: ['person', 'staff'], forMember: 'bills' },
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
      const filter = filterOf(request.query, personId)
      const pictures = await inHospital(db, hospitalId, async (tx) =>
        picturesOf(tx, hospitalId, await listPaymentIds(tx, hospitalId, filter)),
      )
      return { items: pictures.map(viewOfPicture) }
    },
  )
}

function filterOf(
  { status, before, createdOn, paidOn, ...query }: Type.Static<typeof ListQuery>,
  personId: PaymentFilter['personId'],
): PaymentFilter {
  return {
    ...query,
    personId,
    statuses: status,
    before: before as PaymentId | undefined,
    createdOn: createdOn === undefined ? undefined : businessDate(createdOn),
    paidOn: paidOn === undefined ? undefined : businessDate(paidOn),
  }
}
