import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'

import { fen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { principalOf } from '../../../platform/http/access.ts'
import { idempotently } from '../../../platform/http/idempotency.ts'
import { problems } from '../../../platform/http/problem.ts'
import { OfLenderAndId } from '../schemas.ts'
import type { LenderId, LoanId } from '../terms.ts'
import { loanErrors } from './errors.ts'
import type { LoanRouteContext, LoanRoutesApp } from './route-parts.ts'
import {
  LoanView,
  PortfolioView,
  RepaymentBody,
  RepaymentView,
  viewOfLoan,
  viewOfRepayment,
  viewOfWay,
  WayBody,
  WayOfferView,
} from './schemas.ts'
import { loanStaffRoutes } from './staff-routes.ts'

const Loan = Type.Unsafe<Type.Static<typeof LoanView>>(Type.Ref('Loan'))
const WayOffer = Type.Unsafe<Type.Static<typeof WayOfferView>>(Type.Ref('LoanWayOffer'))
const Repayment = Type.Unsafe<Type.Static<typeof RepaymentView>>(Type.Ref('LoanRepayment'))

/** What people do with their loans, and what a lender's staff sees of all of them together. */
export const loanRoutes =
  (context: LoanRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of [LoanView, WayOfferView, RepaymentView, PortfolioView]) app.addSchema(view)
    listRoute(app, context)
    readRoute(app, context)
    waysRoute(app, context)
    changeWayRoute(app, context)
    repayRoute(app, context)
    loanStaffRoutes(app, context)
  }

const refOf = (request: FastifyRequest, params: { lenderId: number; id: string }) => ({
  lenderId: params.lenderId as LenderId,
  loanId: params.id as LoanId,
  personId: principalOf(request, 'person').personId,
})

function listRoute(app: LoanRoutesApp, { loans, lenders, platform }: LoanRouteContext): void {
  app.get(
    '/credit/loans',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyLoans',
        summary: 'My loans with all lenders: what is due and when, what was paid',
        tags: ['credit'],
        response: { 200: Type.Object({ items: Type.Array(Loan) }), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const today = businessDateOf(platform.clock.now())
      const all = (await lenders()).map(({ lenderId }) => loans.loansOf(lenderId, personId))
      const items = (await Promise.all(all)).flat()
      return { items: items.map((loan) => viewOfLoan(loan, today)) }
    },
  )
}

function readRoute(app: LoanRoutesApp, { loans, platform }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/loans/:id',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getMyLoan',
        summary: 'One loan with its schedule',
        tags: ['credit'],
        params: OfLenderAndId,
        response: { 200: Loan, ...problems },
      },
    },
    async (request) => {
      const found = await loans.loanOf(refOf(request, request.params))
      return viewOfLoan(found, businessDateOf(platform.clock.now()))
    },
  )
}

function waysRoute(app: LoanRoutesApp, { loans }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/loans/:id/ways',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listLoanWays',
        summary: 'Instalments offered for a loan that is not due yet, each with its yearly rate',
        tags: ['credit'],
        params: OfLenderAndId,
        response: { 200: Type.Object({ items: Type.Array(WayOffer) }), ...problems },
      },
    },
    async (request) => {
      const ways = await loans.waysOf(refOf(request, request.params))
      return { items: ways.map(viewOfWay) }
    },
  )
}

function changeWayRoute(app: LoanRoutesApp, { loans, platform }: LoanRouteContext): void {
  app.put(
    '/credit/lenders/:lenderId/loans/:id/way',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'changeLoanWay',
        summary: 'Agree to instalments at the yearly rate and total that were shown',
        tags: ['credit'],
        params: OfLenderAndId,
        body: WayBody,
        response: { 200: Loan, ...problems },
      },
    },
    async (request) => {
      const ref = refOf(request, request.params)
      const { way, periods, aprPpm, totalFen } = request.body
      const consent = { aprPpm, totalFen: fen(totalFen) }
      await loans.changeWay({ ...ref, way, periods, consent })
      return viewOfLoan(await loans.loanOf(ref), businessDateOf(platform.clock.now()))
    },
  )
}

function repayRoute(app: LoanRoutesApp, { loans, platform }: LoanRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/loans/:id/repayments',
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'repayLoan',
        summary: 'Repay in part, what is due, or in whole; somebody else’s loan in part only',
        tags: ['credit'],
        params: OfLenderAndId,
        body: RepaymentBody,
        response: { 200: Repayment, ...problems },
      },
    },
    async (request, reply) => {
      const { personId, ...ref } = refOf(request, request.params)
      const { scope, amountFen } = request.body
      // Before a key is kept: in the book of a lender that is not there it would stay for ever.
      const isOwn = await loans.isOf(ref.lenderId, ref.loanId, personId)
      return idempotently(platform, request, reply, ref.lenderId, async (id) => {
        // What somebody owes is theirs to know: whoever helps says how much.
        if (!isOwn && scope !== 'partial') throw loanErrors.loan_not_found({ loanId: ref.loanId })
        const row = await loans.repay({
          ...ref,
          repaymentNo: id,
          payerId: personId,
          source: isOwn ? 'payer' : 'family',
          scope,
          ...(amountFen === undefined ? {} : { amountFen: fen(amountFen) }),
        })
        return { status: 200, body: viewOfRepayment(row) }
      })
    },
  )
}
