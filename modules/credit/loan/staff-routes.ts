import Type from 'typebox'

import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { lenderOfStaff } from '../book-staff-routes.ts'
import { OfLender, OfLenderAndId } from '../schemas.ts'
import type { LoanId } from '../terms.ts'
import { loanBookStaffRoutes } from './book-staff-routes.ts'
import type { LoanRouteContext, LoanRoutesApp } from './route-parts.ts'
import { type PortfolioView, viewOfPortfolio, WriteOffBody } from './schemas.ts'

const Portfolio = Type.Unsafe<Type.Static<typeof PortfolioView>>(Type.Ref('LoanPortfolio'))

/** A lender's own staff: figures of all loans together, nothing medical, and loans given up by two of them. */
export function loanStaffRoutes(app: LoanRoutesApp, context: LoanRouteContext): void {
  portfolioRoute(app, context)
  proposeRoute(app, context)
  approveRoute(app, context)
  loanBookStaffRoutes(app, context)
}

function portfolioRoute(app: LoanRoutesApp, { loans }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/portfolio',
    {
      config: { access: ['staff:finance', 'staff:auditor'] },
      schema: {
        operationId: 'getLoanPortfolio',
        summary: 'Open loans by age, bad-debt ratio, new and repaid: now, and each evening',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Portfolio, ...problems },
      },
    },
    async (request) => {
      const { now, days } = await loans.portfolio(lenderOfStaff(request, request.params.lenderId))
      return viewOfPortfolio(now, days)
    },
  )
}

function proposeRoute(app: LoanRoutesApp, { loans }: LoanRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/loans/:id/write-off',
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'proposeWriteOff',
        summary: 'Propose that an overdue loan be given up',
        tags: ['credit'],
        params: OfLenderAndId,
        body: WriteOffBody,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const proposal = { lenderId, loanId: request.params.id as LoanId, ...request.body }
      await loans.proposeWriteOff(proposal, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function approveRoute(app: LoanRoutesApp, { loans }: LoanRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/loans/:id/write-off/approval',
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'approveWriteOff',
        summary: 'Agree to a write-off that somebody else proposed',
        tags: ['credit'],
        params: OfLenderAndId,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const loanId = request.params.id as LoanId
      await loans.approveWriteOff({ lenderId, loanId }, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
