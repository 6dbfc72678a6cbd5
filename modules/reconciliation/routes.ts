import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { type BusinessDate, businessDate, type Clock } from '../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { HospitalParam } from '../../platform/http/schemas.ts'
import { caseRoutes } from './case-routes.ts'
import { crossCheckRoutes } from './cross-check/routes.ts'
import { findArrival } from './day-store.ts'
import type { DifferenceId } from './day.ts'
import { reconciliationErrors } from './errors.ts'
import { exportRoutes } from './exports/routes.ts'
import { ownRows } from './own-rows.ts'
import {
  arrivalsBetween,
  differenceCounts,
  listDays,
  listDifferences,
  listLines,
} from './reads-store.ts'
import type { Reconciliation } from './reconciliation.ts'
import {
  CaseView,
  DayDetailView,
  DaysQuery,
  DayText,
  DayView,
  DifferencesQuery,
  DifferenceView,
  LinesQuery,
  OwnRowsQuery,
  OwnRowView,
  StatementLineView,
} from './schemas.ts'
import { type Comparison, newestComparison, statementsOf } from './statement-store.ts'
import {
  bridgeOf,
  isShortRange,
  viewOfDay,
  viewOfDifference,
  viewOfLine,
  viewOfOwnRow,
  viewOfSource,
} from './view.ts'

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const OfDay = Type.Object({ hospitalId: HospitalParam, date: DayText })
const OfList = Type.Object({
  hospitalId: HospitalParam,
  date: DayText,
  source: Type.String({ minLength: 1, maxLength: 30 }),
})
const Day = Type.Unsafe<Type.Static<typeof DayView>>(Type.Ref('ReconciliationDay'))
const DayDetail = Type.Unsafe<Type.Static<typeof DayDetailView>>(
  Type.Ref('ReconciliationDayDetail'),
)
const Difference = Type.Unsafe<Type.Static<typeof DifferenceView>>(Type.Ref('Difference'))
const OwnRow = Type.Unsafe<Type.Static<typeof OwnRowView>>(Type.Ref('OwnRow'))
const StatementLine = Type.Unsafe<Type.Static<typeof StatementLineView>>(
  Type.Ref('StatementLineView'),
)

const READERS = ['staff:finance', 'staff:auditor'] as const
const DAYS = '/hospitals/:hospitalId/reconciliation/days'

/** What hospital finance sees of its days: what came, how it adds up, and every row behind a figure. */
export const reconciliationRoutes =
  (reconciliation: Reconciliation, platform: { db: Db; clock: Clock }): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [
      DayView,
      DayDetailView,
      DifferenceView,
      OwnRowView,
      StatementLineView,
      CaseView,
    ]) {
      app.addSchema(schema)
    }
    await app.register(dayRoutes(reconciliation, platform))
    await app.register(listRoutes(platform))
    await app.register(lineRoutes(platform))
    await app.register(exportRoutes(platform))
    await app.register(caseRoutes(reconciliation, platform))
    await app.register(crossCheckRoutes(reconciliation.crossChecks))
  }

const dayRoutes =
  (reconciliation: Reconciliation, { db }: { db: Db }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      DAYS,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listReconciliationDays',
          summary: 'A calendar: how far each day has come, what is not there, what differs',
          tags: ['reconciliation'],
          params: OfHospital,
          querystring: DaysQuery,
          response: { 200: Type.Object({ items: Type.Array(Day) }), ...problems },
        },
      },
      async ({ params, query }) => {
        const [from, to] = [businessDate(query.from), businessDate(query.to)]
        if (!isShortRange(from, to)) throw reconciliationErrors.range_too_long({ from, to })
        const hospitalId = params.hospitalId as HospitalId
        return inHospital(db, hospitalId, async (tx) => ({
          items: await daysBetween(tx, hospitalId, from, to),
        }))
      },
    )

    app.get(
      `${DAYS}/:date`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'getReconciliationDay',
          summary: 'One day: each party’s list, and why it is not ours, to the fen',
          tags: ['reconciliation'],
          params: OfDay,
          response: { 200: DayDetail, ...problems },
        },
      },
      async ({ params }) => {
        const hospitalId = params.hospitalId as HospitalId
        return inHospital(db, hospitalId, (tx) => dayDetail(tx, hospitalId, dateOf(params)))
      },
    )

    app.post(
      `${DAYS}/:date/rerun`,
      {
        config: { access: ['staff:finance'] },
        schema: {
          operationId: 'rerunReconciliationDay',
          summary: 'Have all lists of a finished day read again, and the day compared anew',
          tags: ['reconciliation'],
          params: OfDay,
          response: { 202: Type.Object({ date: DayText }), ...problems },
        },
      },
      async (request, reply) => {
        const date = dateOf(request.params)
        const hospitalId = request.params.hospitalId as HospitalId
        await reconciliation.rerun(hospitalId, date, requestActor(request))
        return reply.code(202).send({ date })
      },
    )
  }

const listRoutes =
  ({ db }: { db: Db }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${DAYS}/:date/differences`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listDifferences',
          summary: 'Differences of a day, in the order they were found',
          tags: ['reconciliation'],
          params: OfDay,
          querystring: DifferencesQuery,
          response: { 200: Type.Object({ items: Type.Array(Difference) }), ...problems },
        },
      },
      async ({ params, query: { after, ...query } }) => {
        const hospitalId = params.hospitalId as HospitalId
        const cursor = after as DifferenceId | undefined
        const filter = { ...query, after: cursor, businessDate: dateOf(params) }
        const rows = await inHospital(db, hospitalId, (tx) =>
          listDifferences(tx, hospitalId, filter),
        )
        return { items: rows.map(viewOfDifference) }
      },
    )

    app.get(
      `${DAYS}/:date/own-rows`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listOwnRows',
          summary:
            'What of ours a party’s list of the day must show, as it stands now, by our number',
          tags: ['reconciliation'],
          params: OfDay,
          querystring: OwnRowsQuery,
          response: { 200: Type.Object({ items: Type.Array(OwnRow) }), ...problems },
        },
      },
      async ({ params, query: { source, kind, after = '', limit } }) => {
        const hospitalId = params.hospitalId as HospitalId
        const rows = await inHospital(db, hospitalId, (tx) =>
          ownRows(tx, hospitalId, dateOf(params), source),
        )
        const page = rows
          .filter((row) => (!kind || row.kind === kind) && row.ourNo > after)
          .toSorted((a, b) => (a.ourNo < b.ourNo ? -1 : 1))
        return { items: page.slice(0, limit).map(viewOfOwnRow) }
      },
    )
  }

const lineRoutes =
  ({ db }: { db: Db }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${DAYS}/:date/statements/:source/lines`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listStatementLines',
          summary: 'The lines of a party’s list, the newest version unless another is named',
          tags: ['reconciliation'],
          params: OfList,
          querystring: LinesQuery,
          response: {
            200: Type.Object({ version: Type.Integer(), items: Type.Array(StatementLine) }),
            ...problems,
          },
        },
      },
      async ({ params, query }) => {
        const hospitalId = params.hospitalId as HospitalId
        const { source } = params
        const date = dateOf(params)
        return inHospital(db, hospitalId, async (tx) => {
          const arrival = await findArrival(tx, hospitalId, date, source)
          const newest = arrival?.newestVersion ?? 0
          const version = query.version ?? newest
          if (version < 1 || version > newest) {
            throw reconciliationErrors.statement_not_found({ date, source })
          }
          const filter = { ...query, businessDate: date, source, version }
          const rows = await listLines(tx, hospitalId, filter)
          return { version, items: rows.map(viewOfLine) }
        })
      },
    )
  }

const dateOf = (params: { date: string }): BusinessDate => businessDate(params.date)

async function daysBetween(tx: Tx, hospitalId: HospitalId, from: BusinessDate, to: BusinessDate) {
  const days = await listDays(tx, hospitalId, from, to)
  const arrivals = byDate(await arrivalsBetween(tx, hospitalId, from, to))
  const counts = byDate(await differenceCounts(tx, hospitalId, from, to))
  return days.map((day) => viewOfDay(day, arrivals(day.businessDate), counts(day.businessDate)))
}

function byDate<T extends { businessDate: BusinessDate }>(rows: readonly T[]) {
  const groups = new Map<BusinessDate, T[]>()
  for (const row of rows) {
    const group = groups.get(row.businessDate)
    if (group) group.push(row)
    else groups.set(row.businessDate, [row])
  }
  return (date: BusinessDate): readonly T[] => groups.get(date) ?? []
}

async function dayDetail(tx: Tx, hospitalId: HospitalId, date: BusinessDate) {
  const [day] = await daysBetween(tx, hospitalId, date, date)
  if (!day) throw reconciliationErrors.day_not_found({ date })
  const comparisons = new Map<string, Comparison | null>()
  const sources = []
  for (const arrival of await arrivalsBetween(tx, hospitalId, date, date)) {
    const { source } = arrival
    const comparison = await newestComparison(tx, hospitalId, date, source)
    comparisons.set(source, comparison)
    const statements = await statementsOf(tx, hospitalId, date, source)
    sources.push(viewOfSource(date, arrival, statements, comparison))
  }
  return { ...day, sources, bridge: bridgeOf(comparisons) }
}
