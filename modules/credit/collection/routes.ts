import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { fen } from '../../../kernel/money.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { creditErrors } from '../errors.ts'
import { BY_LENDER, lenderAsking } from '../lender-staff.ts'
import { LenderParam, OfLender } from '../schemas.ts'
import type { LoanId } from '../terms.ts'
import type { Collections } from './collections.ts'
import type { Received } from './report.ts'
import {
  CollectionView,
  NewReceived,
  Number30,
  ReceivedView,
  Refusal,
  viewOfCollection,
  viewOfReceived,
} from './schemas.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

export type CollectionRouteContext = { collections: Collections }

const Collection = Type.Unsafe<Type.Static<typeof CollectionView>>(Type.Ref('CreditCollection'))
const Money = Type.Unsafe<Type.Static<typeof ReceivedView>>(Type.Ref('CreditReceived'))

/** For a lender's staff, and its own system: what it is to take of payers, and what it says it has received. */
export const collectionRoutes =
  (context: CollectionRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of [CollectionView, ReceivedView]) app.addSchema(view)
    listRoute(app, context)
    refuseRoute(app, context)
    receivedRoute(app, context)
  }

function listRoute(app: App, { collections }: CollectionRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/collections',
    {
      config: { access: [...BY_LENDER, 'staff:auditor'] },
      schema: {
        operationId: 'listCreditCollections',
        summary: 'Repayments that wait for the lender’s word, in order of their numbers',
        tags: ['credit'],
        params: OfLender,
        querystring: Type.Object({ after: Type.Optional(Number30) }),
        response: { 200: Type.Object({ items: Type.Array(Collection) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      const asking = await collections.asking(lenderId, request.query.after)
      return { items: asking.map(viewOfCollection) }
    },
  )
}

function refuseRoute(app: App, { collections }: CollectionRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/collections/:number/refusal',
    {
      config: { access: BY_LENDER },
      schema: {
        operationId: 'refuseCreditCollection',
        summary: 'The lender could not take a repayment that was announced to it, and why',
        tags: ['credit'],
        params: Type.Object({ lenderId: LenderParam, number: Number30 }),
        body: Refusal,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      const { number } = request.params
      const refusal = { lenderId, number, reason: request.body.reason }
      await collections.refuse(refusal, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function receivedRoute(app: App, { collections }: CollectionRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/received',
    {
      config: { access: BY_LENDER },
      schema: {
        operationId: 'reportCreditReceived',
        summary: 'The lender has received money: for what was announced, or for a loan by itself',
        description:
          'Once for its reference, however often it is told. Money that has moved is never refused: what nobody owes ' +
          'any more is owed to the payer, and of a loan that was given up it is income.',
        tags: ['credit'],
        params: OfLender,
        body: NewReceived,
        response: { 200: Money, ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      const { reference, amountFen, receivedAt, payer } = request.body
      const report: Received = {
        lenderId,
        reference,
        about: aboutOf(request.body),
        amountFen: fen(amountFen),
        receivedAt: new Date(receivedAt),
        payer,
      }
      return viewOfReceived(await collections.reportReceived(report, requestActor(request)))
    },
  )
}

/** Exactly one of the two. Errors: report_about_one. */
function aboutOf({ number, loanId }: Type.Static<typeof NewReceived>): Received['about'] {
  if (number !== undefined && loanId === undefined) return { number }
  if (loanId !== undefined && number === undefined) return { loanId: loanId as LoanId }
  throw creditErrors.report_about_one()
}
