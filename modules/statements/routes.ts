import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { addDays, businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { statementErrors } from './errors.ts'
import { fetchingRoutes } from './fetch/routes.ts'
import { fileRoutes } from './file-routes.ts'
import { rowRoutes } from './row-routes.ts'
import {
  DaysQuery,
  HospitalParam,
  LayoutName,
  ScheduleBody,
  SourceName,
  StatementArrivalView,
  StatementFileView,
  StatementRowView,
  StatementScheduleView,
} from './schemas.ts'
import type { Arrival, Schedule } from './statement-file.ts'
import type { StatementFiles } from './statement-files.ts'

const READERS = ['staff:finance', 'staff:auditor'] as const
const MOST_DAYS = 92

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const ArrivalRef = Type.Unsafe<Type.Static<typeof StatementArrivalView>>(
  Type.Ref('StatementArrival'),
)
const ScheduleRef = Type.Unsafe<Type.Static<typeof StatementScheduleView>>(
  Type.Ref('StatementSchedule'),
)

/** Lists for hospital finance: hand one in, see what came and what did not, look at what was refused. */
export const statementFileRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [
      StatementFileView,
      StatementRowView,
      StatementArrivalView,
      StatementScheduleView,
    ]) {
      app.addSchema(schema)
    }
    await app.register(fileRoutes(files))
    await app.register(rowRoutes(files))
    await app.register(arrivalRoutes(files))
    await app.register(scheduleRoutes(files))
    await app.register(layoutRoutes(files))
    await app.register(fetchingRoutes(files))
  }

const arrivalRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/hospitals/:hospitalId/statement-arrivals',
      {
        config: { access: READERS },
        schema: {
          operationId: 'listStatementArrivals',
          summary: 'Which lists are there, and which are awaited, late or missing',
          tags: ['statements'],
          params: OfHospital,
          querystring: DaysQuery,
          response: { 200: Type.Object({ items: Type.Array(ArrivalRef) }), ...problems },
        },
      },
      async ({ params, query }) => {
        const [from, to] = [businessDate(query.from), businessDate(query.to)]
        if (to > addDays(from, MOST_DAYS)) throw statementErrors.range_too_long({ from, to })
        const hospitalId = params.hospitalId as HospitalId
        return { items: (await files.arrivalsBetween(hospitalId, from, to)).map(viewOfArrival) }
      },
    )
  }

const scheduleRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/hospitals/:hospitalId/statement-schedules',
      {
        config: { access: READERS },
        schema: {
          operationId: 'listStatementSchedules',
          summary: 'Which source gives which list, and when',
          tags: ['statements'],
          params: OfHospital,
          response: { 200: Type.Object({ items: Type.Array(ScheduleRef) }), ...problems },
        },
      },
      async ({ params }) => {
        const schedules = await files.schedulesOf(params.hospitalId as HospitalId)
        return { items: schedules.map(viewOfSchedule) }
      },
    )

    app.put(
      '/hospitals/:hospitalId/statement-schedules/:source',
      {
        config: { access: ['staff:finance'] },
        schema: {
          operationId: 'saveStatementSchedule',
          summary: 'Say when a source’s list is expected, late and missing',
          tags: ['statements'],
          params: Type.Object({ hospitalId: HospitalParam, source: SourceName }),
          body: ScheduleBody,
          response: { 200: ScheduleRef, ...problems },
        },
      },
      async (request) => {
        const { hospitalId, source } = request.params
        const { body } = request
        const schedule: Schedule = {
          ...body,
          source,
          firstDate: businessDate(body.firstDate),
          daysOff: body.daysOff.map(businessDate),
          daysOn: body.daysOn.map(businessDate),
        }
        await files.schedule(hospitalId as HospitalId, schedule, requestActor(request))
        return viewOfSchedule(schedule)
      },
    )
  }

const LayoutBody = Type.Record(Type.String(), Type.Unknown())
const LayoutView = Type.Object({
  name: Type.String(),
  version: Type.Integer(),
  titleZh: Type.String(),
  titleEn: Type.String(),
  isShipped: Type.Boolean(),
  layout: Type.Unknown({ description: 'As docs/interface/statement-layouts.md explains' }),
})

const layoutRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/hospitals/:hospitalId/statement-layouts',
      {
        config: { access: READERS },
        schema: {
          operationId: 'listStatementLayouts',
          summary:
            'How lists are written: the layouts that come with the hub, and the hospital’s own',
          tags: ['statements'],
          params: OfHospital,
          response: { 200: Type.Object({ items: Type.Array(LayoutView) }), ...problems },
        },
      },
      async ({ params }) => {
        const layouts = await files.layouts.list(params.hospitalId as HospitalId)
        return {
          items: layouts.map(({ layout, isShipped }) => ({
            name: layout.name,
            version: layout.version,
            titleZh: layout.title.zh,
            titleEn: layout.title.en,
            isShipped,
            layout,
          })),
        }
      },
    )

    app.put(
      '/hospitals/:hospitalId/statement-layouts/:name',
      {
        config: { access: ['staff:finance'] },
        schema: {
          operationId: 'saveStatementLayout',
          summary: 'Write a layout of one’s own; each time it becomes the next version',
          tags: ['statements'],
          params: Type.Object({ hospitalId: HospitalParam, name: LayoutName }),
          body: LayoutBody,
          response: {
            200: Type.Object({ name: Type.String(), version: Type.Integer() }),
            ...problems,
          },
        },
      },
      async (request) => {
        const { hospitalId, name } = request.params
        const actor = requestActor(request)
        const saved = await files.layouts.save(hospitalId as HospitalId, name, request.body, actor)
        return { name: saved.name, version: saved.version }
      },
    )
  }

const viewOfArrival = (arrival: Arrival) => ({
  source: arrival.source,
  businessDate: arrival.businessDate,
  state: arrival.state,
  expectedAt: arrival.expectedAt.toISOString(),
  lateAt: arrival.lateAt.toISOString(),
  missingAt: arrival.missingAt.toISOString(),
  tries: arrival.tries,
  lastError: arrival.lastError,
  fileId: arrival.fileId,
})

const viewOfSchedule = ({ daysOff, daysOn, ...schedule }: Schedule) => ({
  ...schedule,
  daysOff: [...daysOff],
  daysOn: [...daysOn],
})
