import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { type BusinessDate, businessDate } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { problems } from '../../platform/http/problem.ts'
import { balancesOf } from '../ledger/index.ts'
import { IN_TRANSIT } from './books.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import { dayFigures, listMoves, moveTotals } from './reads-store.ts'
import { type App, idsOf, OfHospital, OfHospitalAndId } from './route-parts.ts'
import { Day, DayView, HospitalParam, MoveQuery, MoveView, TimelineView } from './schemas.ts'
import { findPayment } from './store.ts'
import { timelineOf } from './timeline.ts'

const Move = Type.Unsafe<Type.Static<typeof MoveView>>(Type.Ref('Move'))
const FinanceDay = Type.Unsafe<Type.Static<typeof DayView>>(Type.Ref('FinanceDay'))
const Timeline = Type.Unsafe<Type.Static<typeof TimelineView>>(Type.Ref('Timeline'))

/** What hospital finance looks at: figures, the rows that add up to them, and one payment from all sides. */
export const financeRoutes =
  (platform: PaymentsDependencies): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(MoveView)
    app.addSchema(DayView)
    app.addSchema(TimelineView)
    dayRoute(app, platform)
    movesRoute(app, platform)
    timelineRoute(app, platform)
  }

function dayRoute(app: App, { db }: PaymentsDependencies): void {
  app.get(
    '/hospitals/:hospitalId/finance/days/:date',
    {
      config: { access: ['staff:finance', 'staff:cashier', 'staff:auditor'] },
      schema: {
        operationId: 'getFinanceDay',
        summary: 'The figures of a business date; each is the sum of rows that other routes list',
        tags: ['finance'],
        params: Type.Object({ hospitalId: HospitalParam, date: Day }),
        response: { 200: FinanceDay, ...problems },
      },
    },
    async ({ params }) => {
      const hospitalId = params.hospitalId as HospitalId
      const date = businessDate(params.date)
      return inHospital(db, hospitalId, (tx) => dayOf(tx, hospitalId, date))
    },
  )
}

async function dayOf(tx: Tx, hospitalId: HospitalId, date: BusinessDate) {
  const figures = await dayFigures(tx, hospitalId, date)
  const transit = (await balancesOf(tx, hospitalId)).find((a) => a.code === IN_TRANSIT.code)
  const amountFen = fen((transit?.creditFen ?? 0) - (transit?.debitFen ?? 0))
  const inTransit = { ...figures.inTransit, amountFen }
  return { date, ...figures, inTransit, moves: await moveTotals(tx, hospitalId, date) }
}

function movesRoute(app: App, { db }: PaymentsDependencies): void {
  app.get(
    '/hospitals/:hospitalId/moves',
    {
      config: { access: ['staff:finance', 'staff:cashier', 'staff:auditor'] },
      schema: {
        operationId: 'listMoves',
        summary: 'Movements of money of a business date, by our number',
        tags: ['finance'],
        params: OfHospital,
        querystring: MoveQuery,
        response: { 200: Type.Object({ items: Type.Array(Move) }), ...problems },
      },
    },
    async ({ params, query: { date, ...filter } }) => {
      const hospitalId = params.hospitalId as HospitalId
      const businessDay = businessDate(date)
      const rows = await inHospital(db, hospitalId, (tx) =>
        listMoves(tx, hospitalId, { ...filter, businessDate: businessDay }),
      )
      return { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) }
    },
  )
}

function timelineRoute(app: App, { db }: PaymentsDependencies): void {
  app.get(
    '/hospitals/:hospitalId/payments/:id/timeline',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'getPaymentTimeline',
        summary: 'What happened around one payment, from all sides, in order',
        tags: ['finance'],
        params: OfHospitalAndId,
        response: { 200: Timeline, ...problems },
      },
    },
    async ({ params }) => {
      const { hospitalId, id } = idsOf(params)
      return inHospital(db, hospitalId, async (tx) => {
        if (!(await findPayment(tx, hospitalId, id))) throw paymentErrors.payment_not_found({ id })
        return { events: await timelineOf(tx, hospitalId, id) }
      })
    },
  )
}
