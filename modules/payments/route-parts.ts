import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Acting } from './acting.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentId } from './payment.ts'
import type { Payments } from './payments.ts'
import type { RefundId } from './refund/refund.ts'
import { findRefund } from './refund/store.ts'
import { withWays } from './refund/ways.ts'
import { HospitalParam, type PaymentView, type RefundView } from './schemas.ts'
import { pictureOf, viewOfPicture, viewOfRefund } from './view.ts'

// What the routes of payments share.

export type App = Parameters<FastifyPluginAsyncTypebox>[0]

export type RouteContext = { payments: Payments; platform: PaymentsDependencies; acting: Acting }

export const OfHospital = Type.Object({ hospitalId: HospitalParam })

/** A payment or refund of a hospital. */
export const OfHospitalAndId = Type.Object({
  hospitalId: HospitalParam,
  id: Type.String({ format: 'uuid' }),
})

export const Payment = Type.Unsafe<Type.Static<typeof PaymentView>>(Type.Ref('Payment'))
export const Refund = Type.Unsafe<Type.Static<typeof RefundView>>(Type.Ref('Refund'))

export const idsOf = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as PaymentId,
})

export async function viewOf(db: Db, hospitalId: HospitalId, id: PaymentId) {
  const picture = await inHospital(db, hospitalId, (tx) => pictureOf(tx, hospitalId, id))
  if (!picture) throw paymentErrors.payment_not_found({ id })
  return viewOfPicture(picture)
}

export async function refundViewOf(db: Db, hospitalId: HospitalId, id: RefundId) {
  const [refund] = await inHospital(db, hospitalId, async (tx) => {
    const found = await findRefund(tx, hospitalId, id)
    return withWays(tx, hospitalId, found ? [found] : [])
  })
  if (!refund) throw paymentErrors.refund_not_found({ id })
  return viewOfRefund(refund)
}
