import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { problems } from '../../platform/http/problem.ts'
import {
  BatchVersionView,
  OfReceipt,
  PayoutDayView,
  PayoutsQuery,
  PayoutSumView,
  PayoutView,
  ProviderStandingView,
  ReceiptDetail,
  ReceiptUseView,
} from './payout-schemas.ts'
import type { PayoutRow } from './payout-store.ts'
import type { SettlementRouteContext } from './route-context.ts'
import { OfBatch, OfHospital, RangeQuery } from './schemas.ts'
import { viewOfAllocation, viewOfBatch, viewOfReceipt } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Payout = Type.Unsafe<Type.Static<typeof PayoutView>>(Type.Ref('SettlementPayout'))
const Sum = Type.Unsafe<Type.Static<typeof PayoutSumView>>(Type.Ref('SettlementPayoutSum'))
const Standing = Type.Unsafe<Type.Static<typeof ProviderStandingView>>(
  Type.Ref('SettlementProviderStanding'),
)
const Day = Type.Unsafe<Type.Static<typeof PayoutDayView>>(Type.Ref('SettlementPayoutDay'))
const Version = Type.Unsafe<Type.Static<typeof BatchVersionView>>(
  Type.Ref('SettlementBatchVersion'),
)

const READERS = ['staff:finance', 'staff:auditor'] as const
const SETTLEMENT = '/hospitals/:hospitalId/settlement'
const TAGS = ['settlement']

/** What is to come, by provider, by day and one by one; and what a receipt was for. */
export function payoutRoutes(app: App, context: SettlementRouteContext): void {
  const views = [PayoutView, PayoutSumView, ProviderStandingView, PayoutDayView]
  for (const view of [...views, BatchVersionView, ReceiptUseView]) app.addSchema(view)
  payoutsRoute(app, context)
  standingRoutes(app, context)
  versionsRoute(app, context)
  receiptRoute(app, context)
}

function payoutsRoute(app: App, { settlement }: SettlementRouteContext): void {
  app.get(
    `${SETTLEMENT}/payouts`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listSettlementPayouts',
        summary: 'Batches by provider, state or day, page by page, with the sum over all pages',
        tags: TAGS,
        params: OfHospital,
        querystring: PayoutsQuery,
        response: { 200: Type.Object({ items: Type.Array(Payout), sum: Sum }), ...problems },
      },
    },
    async ({ params, query }) => {
      const { provider, status, from, to, expectedOn, order, after, limit } = query
      const day = (text: string | undefined) =>
        text === undefined ? undefined : businessDate(text)
      const filter = {
        provider,
        status,
        from: day(from),
        to: day(to),
        expectedOn: day(expectedOn),
      }
      const page = { order, after: after === undefined ? null : placeOf(after), limit }
      const hospitalId = params.hospitalId as HospitalId
      const { rows, sum } = await settlement.payouts(hospitalId, filter, page)
      return { items: rows.map(viewOfPayout), sum }
    },
  )
}

function placeOf(key: string) {
  const [provider = '', date = ''] = key.split('/')
  return { provider, date: businessDate(date) }
}

const viewOfPayout = (row: PayoutRow) => ({
  ...viewOfBatch(row),
  chargeFen: row.charge_fen,
  returnFen: row.return_fen,
})

function standingRoutes(app: App, { settlement }: SettlementRouteContext): void {
  app.get(
    `${SETTLEMENT}/standing/providers`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getSettlementStandingByProvider',
        summary: 'What each provider owes still, who is due first before the others',
        tags: TAGS,
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Standing) }), ...problems },
      },
    },
    async ({ params }) => ({
      items: await settlement.standingByProvider(params.hospitalId as HospitalId),
    }),
  )
  app.get(
    `${SETTLEMENT}/payout-days`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listSettlementPayoutDays',
        summary: 'What is expected on each of these days, by provider',
        tags: TAGS,
        params: OfHospital,
        querystring: RangeQuery,
        response: { 200: Type.Object({ items: Type.Array(Day) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const range = { from: businessDate(query.from), to: businessDate(query.to) }
      return { items: await settlement.payoutDays(params.hospitalId as HospitalId, range) }
    },
  )
}

function versionsRoute(app: App, { settlement }: SettlementRouteContext): void {
  app.get(
    `${SETTLEMENT}/batches/:provider/:date/versions`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listSettlementBatchVersions',
        summary: 'The lists a batch was made of, the newest first, and what each came to',
        tags: TAGS,
        params: OfBatch,
        response: { 200: Type.Object({ items: Type.Array(Version) }), ...problems },
      },
    },
    async ({ params: { hospitalId, provider, date } }) => {
      const key = { hospitalId: hospitalId as HospitalId, provider, date: businessDate(date) }
      const found = await settlement.batchVersions(key)
      return {
        items: found.map(({ version, at, digest, figures: { posted, ...sums } }) => ({
          version,
          at: at.toISOString(),
          digest,
          ...sums,
          moves: posted.map(({ name, amountFen }) => ({ name, amountFen })),
        })),
      }
    },
  )
}

function receiptRoute(app: App, { settlement }: SettlementRouteContext): void {
  app.get(
    `${SETTLEMENT}/receipts/:account/:bankRef/:variant`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getBankReceipt',
        summary: 'One receipt, and the batches it was for',
        tags: TAGS,
        params: OfReceipt,
        response: { 200: ReceiptDetail, ...problems },
      },
    },
    async ({ params: { hospitalId, ...rest } }) => {
      const key = { hospitalId: hospitalId as HospitalId, ...rest }
      const { receipt, uses } = await settlement.receipt(key)
      return {
        receipt: viewOfReceipt(receipt),
        uses: uses.map((row) => ({
          ...viewOfAllocation(row),
          provider: row.provider,
          date: row.business_date,
        })),
      }
    },
  )
}
