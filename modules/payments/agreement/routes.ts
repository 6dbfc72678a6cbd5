import type Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { principalOf, requestActor } from '../../../platform/http/access.ts'
import { idempotently } from '../../../platform/http/idempotency.ts'
import { problems } from '../../../platform/http/problem.ts'
import { type App, OfHospital, OfHospitalAndId, type RouteContext } from '../route-parts.ts'
import type { AgreementId } from './agreement.ts'
import { changeLimits, offersOf, revokeAgreement, signAgreement } from './agreements.ts'
import {
  Agreement,
  AgreementList,
  AgreementView,
  Limits,
  NewAgreement,
  SignedAgreement,
} from './schemas.ts'
import { agreementView, listAgreements } from './view.ts'

/** What a payer does with agreements of theirs: 小额免密支付. */
export function agreementRoutes(app: App, context: RouteContext): void {
  app.addSchema(AgreementView)
  listRoute(app, context)
  getRoute(app, context)
  signRoute(app, context)
  limitsRoute(app, context)
  revokeRoute(app, context)
}

const tags = ['payments']

function listRoute(app: App, { platform }: RouteContext): void {
  app.get(
    '/hospitals/:hospitalId/agreements',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listAgreements',
        summary:
          'Agreements of the payer for small payments without a password, and who offers them',
        tags,
        params: OfHospital,
        response: { 200: AgreementList, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId } = principalOf(request, 'person')
      const offers = await offersOf(platform, hospitalId)
      return {
        items: await listAgreements(platform, hospitalId, personId),
        offers: offers.map(({ channel, most }) => ({
          channel,
          mostPerPaymentFen: most.perPaymentFen,
          mostPerDayFen: most.perDayFen,
        })),
      }
    },
  )
}

function getRoute(app: App, { platform }: RouteContext): void {
  app.get(
    '/hospitals/:hospitalId/agreements/:id',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getAgreement',
        summary: 'One agreement of the payer, with what was used of it today',
        tags,
        params: OfHospitalAndId,
        response: { 200: Agreement, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = idsOf(request.params)
      const { personId } = principalOf(request, 'person')
      return agreementView(platform, hospitalId, personId, id)
    },
  )
}

function signRoute(app: App, { platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/agreements',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'signAgreement',
        summary: "Begin an agreement: the payer's device is told where to sign it",
        tags,
        params: OfHospital,
        body: NewAgreement,
        response: { 201: SignedAgreement, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, hospitalId, async (newId) => {
        const { channel, returnUrl = null } = request.body
        const limits = limitsOf(request.body)
        const wish = { hospitalId, personId, id: newId, channel, limits, returnUrl }
        const { id, payerAction } = await signAgreement(platform, wish, requestActor(request))
        const agreement = await agreementView(platform, hospitalId, personId, id)
        return { status: 201, body: { agreement, payerAction } }
      })
    },
  )
}

function limitsRoute(app: App, { platform }: RouteContext): void {
  app.put(
    '/hospitals/:hospitalId/agreements/:id/limits',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'changeAgreementLimits',
        summary: 'Choose other limits, from the next payment on',
        tags,
        params: OfHospitalAndId,
        body: Limits,
        response: { 200: Agreement, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = idsOf(request.params)
      const { personId } = principalOf(request, 'person')
      const limits = limitsOf(request.body)
      await changeLimits(platform, hospitalId, personId, id, limits, requestActor(request))
      return agreementView(platform, hospitalId, personId, id)
    },
  )
}

function revokeRoute(app: App, { platform }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/agreements/:id/revocation',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'revokeAgreement',
        summary: 'End an agreement: nothing is charged by it from now on',
        tags,
        params: OfHospitalAndId,
        response: { 200: Agreement, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = idsOf(request.params)
      const { personId } = principalOf(request, 'person')
      return idempotently(platform, request, reply, hospitalId, async () => {
        await revokeAgreement(platform, hospitalId, personId, id, requestActor(request))
        return { status: 200, body: await agreementView(platform, hospitalId, personId, id) }
      })
    },
  )
}

const limitsOf = ({ limitPerPaymentFen, limitPerDayFen }: Type.Static<typeof Limits>) => ({
  perPaymentFen: fen(limitPerPaymentFen),
  perDayFen: fen(limitPerDayFen),
})

const idsOf = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as AgreementId,
})
