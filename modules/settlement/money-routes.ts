import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { SettlementRouteContext } from './route-context.ts'
import {
  type CustodyView,
  NewAssignment,
  NewCustody,
  NewReceipts,
  OfHospital,
  RangeQuery,
  ReceiptsQuery,
  type ReceiptView,
  RecordedView,
  type StandingView,
} from './schemas.ts'
import { viewOfReceipt } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Receipt = Type.Unsafe<Type.Static<typeof ReceiptView>>(Type.Ref('SettlementReceipt'))
const Standing = Type.Unsafe<Type.Static<typeof StandingView>>(Type.Ref('SettlementStanding'))
const CustodyDay = Type.Unsafe<Type.Static<typeof CustodyView>>(Type.Ref('SettlementCustodyDay'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const SETTLEMENT = '/hospitals/:hospitalId/settlement'
const TAGS = ['settlement']

/** What the bank says that came, and what it keeps. */
export function moneyRoutes(app: App, context: SettlementRouteContext): void {
  receiptsRoutes(app, context)
  assignRoute(app, context)
  standingRoute(app, context)
  custodyRoutes(app, context)
}

function receiptsRoutes(app: App, { settlement }: SettlementRouteContext): void {
  app.post(
    `${SETTLEMENT}/receipts`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'recordBankReceipts',
        summary: 'Rows of a bank’s statement: each is kept once, and explained if it can be',
        description:
          'A row told again changes nothing. One with the number of another is kept beside it.',
        tags: TAGS,
        params: OfHospital,
        body: NewReceipts,
        response: { 200: Type.Object({ items: Type.Array(RecordedView) }), ...problems },
      },
    },
    async (request) => {
      const { account, rows } = request.body
      const told = rows.map(({ amountFen, bookedOn, ...row }) => ({
        ...row,
        amountFen: fen(amountFen),
        bookedOn: businessDate(bookedOn),
      }))
      const hospitalId = request.params.hospitalId as HospitalId
      const statement = { account, rows: told }
      const items = await settlement.takeInReceipts(hospitalId, statement, requestActor(request))
      return { items }
    },
  )
  app.get(
    `${SETTLEMENT}/receipts`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listBankReceipts',
        summary: 'Receipts booked on these days; or of them, those that nothing explains',
        tags: TAGS,
        params: OfHospital,
        querystring: ReceiptsQuery,
        response: { 200: Type.Object({ items: Type.Array(Receipt) }), ...problems },
      },
    },
    async ({ params, query: { from, to, onlyUnexplained } }) => {
      const wish = { from: businessDate(from), to: businessDate(to), onlyUnexplained }
      const found = await settlement.receipts(params.hospitalId as HospitalId, wish)
      return { items: found.map(viewOfReceipt) }
    },
  )
}

function assignRoute(app: App, { settlement, platform }: SettlementRouteContext): void {
  app.post(
    `${SETTLEMENT}/assignments`,
    {
      config: { access: ACTORS, idempotencyKey: true },
      schema: {
        operationId: 'assignBankReceipt',
        summary: 'Say for which date of a provider an unexplained receipt, or a part of it, came',
        tags: TAGS,
        params: OfHospital,
        body: NewAssignment,
        response: { 201: NewAssignment, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      return idempotently(platform, request, reply, hospitalId, async () => {
        const { account, bankRef, variant, provider, date, amountFen } = request.body
        const to = { provider, date: businessDate(date), amountFen: fen(amountFen) }
        const key = { hospitalId, account, bankRef, variant }
        await settlement.assign(key, to, requestActor(request))
        return { status: 201, body: request.body }
      })
    },
  )
}

function standingRoute(app: App, { settlement }: SettlementRouteContext): void {
  app.get(
    `${SETTLEMENT}/standing`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getSettlementStanding',
        summary: 'All that was expected and came, added up',
        tags: TAGS,
        params: OfHospital,
        response: { 200: Standing, ...problems },
      },
    },
    ({ params }) => settlement.standing(params.hospitalId as HospitalId),
  )
}

function custodyRoutes(app: App, { settlement }: SettlementRouteContext): void {
  app.post(
    `${SETTLEMENT}/custody`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'tellCustodyBalance',
        summary: 'What a bank says is in a custody account at the end of a day',
        tags: TAGS,
        params: OfHospital,
        body: NewCustody,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { account, date, balanceFen } = request.body
      const told = { account, date: businessDate(date), balanceFen: fen(balanceFen) }
      const hospitalId = request.params.hospitalId as HospitalId
      await settlement.tellCustody(hospitalId, told, requestActor(request))
      return reply.code(204).send(null)
    },
  )
  app.get(
    `${SETTLEMENT}/custody`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listCustodyDays',
        summary: 'What banks keep in custody against what is owed to depositors, day by day',
        tags: TAGS,
        params: OfHospital,
        querystring: RangeQuery,
        response: { 200: Type.Object({ items: Type.Array(CustodyDay) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const range = { from: businessDate(query.from), to: businessDate(query.to) }
      const days = await settlement.custodyDays(params.hospitalId as HospitalId, range)
      const viewOfAccount = ({
        toldAt,
        ...account
      }: (typeof days)[number]['accounts'][number]) => ({
        ...account,
        toldAt: toldAt.toISOString(),
      })
      return {
        items: days.map((day) => ({ ...day, accounts: day.accounts.map(viewOfAccount) })),
      }
    },
  )
}
