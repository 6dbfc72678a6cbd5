import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { problems } from '../../platform/http/problem.ts'
import { registerTermsRoutes } from '../../platform/terms/routes.ts'
import { CHINA_HOLIDAYS } from './china-holidays.ts'
import { CalendarTerms } from './contract.ts'
import { moneyRoutes } from './money-routes.ts'
import { payoutRoutes } from './payout-routes.ts'
import type { SettlementRouteContext } from './route-context.ts'
import {
  AllocationView,
  BatchQuery,
  BatchView,
  CustodyView,
  FeeDifferenceView,
  NewTerms,
  OfBatch,
  OfHospital,
  RangeQuery,
  ReceiptView,
  StandingView,
  TermsQuery,
  TermsView,
} from './schemas.ts'
import { viewOfAllocation, viewOfBatch, viewOfFeeDifference } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Batch = Type.Unsafe<Type.Static<typeof BatchView>>(Type.Ref('SettlementBatch'))
const Difference = Type.Unsafe<Type.Static<typeof FeeDifferenceView>>(
  Type.Ref('SettlementFeeDifference'),
)
const Allocation = Type.Unsafe<Type.Static<typeof AllocationView>>(Type.Ref('SettlementAllocation'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const SETTLEMENT = '/hospitals/:hospitalId/settlement'
const TAGS = ['settlement']

/** Contracts, what providers are to pay, what came, and what is kept in custody: for a hospital's finance. */
export const settlementRoutes =
  (context: SettlementRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    const views = [TermsView, BatchView, FeeDifferenceView, AllocationView, ReceiptView]
    for (const view of [...views, StandingView, CustodyView]) app.addSchema(view)
    termsRoutes(app, context)
    holidaysRoute(app)
    batchesRoute(app, context)
    batchRoute(app, context)
    moneyRoutes(app, context)
    payoutRoutes(app, context)
  }

function termsRoutes(app: App, { settlement }: SettlementRouteContext): void {
  registerTermsRoutes(app, {
    path: `${SETTLEMENT}/terms`,
    tags: TAGS,
    view: Type.Ref('SettlementTerms'),
    list: {
      operationId: 'listSettlementTerms',
      summary: 'Contracts with providers, or calendars, with who proposed and agreed; newest first',
      query: TermsQuery,
      handle: (hospitalId, { kind }) => settlement.termsOf(hospitalId, kind),
    },
    propose: {
      operationId: 'proposeSettlementTerms',
      summary:
        'Propose a contract with a provider, or the calendar of a year; another person agrees',
      body: NewTerms,
      handle: settlement.proposeTerms,
    },
    decide: {
      operationId: 'decideSettlementTerms',
      summary: 'Agree to terms that another person proposed, or refuse them',
      handle: settlement.decideTerms,
    },
  })
}

function holidaysRoute(app: App): void {
  app.get(
    `${SETTLEMENT}/holidays`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listKnownHolidays',
        summary:
          'Statutory holidays as this release knows them, to be checked and proposed as calendars',
        tags: TAGS,
        params: OfHospital,
        response: {
          200: Type.Object({
            items: Type.Array(Type.Object({ year: Type.String(), content: CalendarTerms })),
          }),
          ...problems,
        },
      },
    },
    async () => ({
      items: Object.entries(CHINA_HOLIDAYS).map(([year, content]) => ({ year, content })),
    }),
  )
}

function batchesRoute(app: App, { settlement }: SettlementRouteContext): void {
  app.get(
    `${SETTLEMENT}/batches`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listSettlementBatches',
        summary: 'What each provider is to pay for each date, and what of it has come',
        tags: TAGS,
        params: OfHospital,
        querystring: RangeQuery,
        response: { 200: Type.Object({ items: Type.Array(Batch) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const range = { from: businessDate(query.from), to: businessDate(query.to) }
      const found = await settlement.batches(params.hospitalId as HospitalId, range)
      return { items: found.map(viewOfBatch) }
    },
  )
}

function batchRoute(app: App, { settlement }: SettlementRouteContext): void {
  app.get(
    `${SETTLEMENT}/batches/:provider/:date`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getSettlementBatch',
        summary: 'One batch, where its fees differ from the contract, and the receipts it came by',
        tags: TAGS,
        params: OfBatch,
        querystring: BatchQuery,
        response: {
          200: Type.Object({
            batch: Batch,
            feeDifferences: Type.Array(Difference, { description: 'The first thousand' }),
            allocations: Type.Array(Allocation),
          }),
          ...problems,
        },
      },
    },
    async ({ params, query }) => {
      const { hospitalId, provider, date } = params
      const key = { hospitalId: hospitalId as HospitalId, provider, date: businessDate(date) }
      const { batch, differences, allocations } = await settlement.batch(key, query.afterLine)
      return {
        batch: viewOfBatch(batch),
        feeDifferences: differences.map(viewOfFeeDifference),
        allocations: allocations.map(viewOfAllocation),
      }
    },
  )
}
