import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { type BusinessDate, businessDate } from '../../../kernel/time.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import type { Hospital } from '../../hospitals/index.ts'
import type { Reconciliation } from '../reconciliation.ts'
import type { ClosingStanding } from './close-day.ts'
import type { Closing } from './closing-store.ts'
import type { FigureChange } from './day-facts.ts'
import { dayReportPdf } from './report-pdf.ts'
import { dayReportXlsx } from './report-xlsx.ts'
import type { DayReport } from './report.ts'
import {
  ClosingStandingView,
  ClosingView,
  NewClosing,
  NewReopening,
  OfDay,
  OfVersion,
} from './schemas.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

export type ClosingRouteOptions = {
  reconciliation: Pick<Reconciliation, 'closeDay' | 'reopenDay' | 'closingStanding' | 'closingOf'>
  hospitalOf: (id: HospitalId) => Promise<Pick<Hospital, 'id' | 'name'>>
  /** What somebody who acts is called on paper. */
  nameOf: (actor: string) => Promise<string>
}

const READERS = ['staff:finance', 'staff:auditor'] as const
const DAY = '/hospitals/:hospitalId/reconciliation/days/:date'
const Standing = Type.Unsafe<Type.Static<typeof ClosingStandingView>>(
  Type.Ref('ReconciliationClosingStanding'),
)
const One = Type.Unsafe<Type.Static<typeof ClosingView>>(Type.Ref('ReconciliationClosing'))
const Document = Type.Unsafe<Buffer>(Type.String({ format: 'binary' }))

/** Finance closes a day, locks it, files its report, and opens it again with a reason. */
export const closingRoutes =
  (options: ClosingRouteOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(ClosingStandingView)
    app.addSchema(ClosingView)
    readRoutes(app, options)
    actRoutes(app, options)
    reportRoutes(app, options)
  }

function readRoutes(app: App, { reconciliation }: ClosingRouteOptions): void {
  app.get(
    `${DAY}/closing`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getDayClosing',
        summary: 'What stands between a day and its closing, and every version of it',
        tags: ['reconciliation'],
        params: OfDay,
        response: { 200: Standing, ...problems },
      },
    },
    async ({ params }) => {
      const key = keyOf(params)
      return viewOfStanding(key.date, await reconciliation.closingStanding(key))
    },
  )

  app.get(
    `${DAY}/closings/:version`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getDayClosingVersion',
        summary: 'One version as it was closed, and what changed from the one before',
        tags: ['reconciliation'],
        params: OfVersion,
        response: { 200: One, ...problems },
      },
    },
    async ({ params }) => {
      const { closing, changes } = await reconciliation.closingOf(keyOf(params), params.version)
      return {
        ...viewOfClosing(closing),
        changes: changes.map(viewOfChange),
        sources: closing.facts.figures.sources,
      }
    },
  )
}

function actRoutes(app: App, { reconciliation }: ClosingRouteOptions): void {
  app.post(
    `${DAY}/closing`,
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'closeDay',
        summary: 'Close a day: its figures are kept as they stand and its books take nothing more',
        tags: ['reconciliation'],
        params: OfDay,
        body: NewClosing,
        response: { 201: Standing, ...problems },
      },
    },
    async (request, reply) => {
      const key = keyOf(request.params)
      await reconciliation.closeDay(key, request.body.note ?? null, requestActor(request))
      const standing = await reconciliation.closingStanding(key)
      return reply.code(201).send(viewOfStanding(key.date, standing))
    },
  )

  app.post(
    `${DAY}/closing/reopening`,
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'reopenDay',
        summary: 'Open a closed day again, with a reason; closed anew it is another version',
        tags: ['reconciliation'],
        params: OfDay,
        body: NewReopening,
        response: { 201: Standing, ...problems },
      },
    },
    async (request, reply) => {
      const key = keyOf(request.params)
      await reconciliation.reopenDay(key, request.body.reason, requestActor(request))
      const standing = await reconciliation.closingStanding(key)
      return reply.code(201).send(viewOfStanding(key.date, standing))
    },
  )
}

const FORMS = [
  { ending: 'pdf', type: 'application/pdf', write: dayReportPdf },
  {
    ending: 'xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: dayReportXlsx,
  },
] as const

function reportRoutes(app: App, options: ClosingRouteOptions): void {
  for (const { ending, type, write } of FORMS) {
    app.get(
      `${DAY}/closings/:version/report.${ending}`,
      {
        config: { access: READERS },
        schema: {
          operationId: `getDayReport${ending === 'pdf' ? 'Pdf' : 'Xlsx'}`,
          summary: `The report of a closed day, as ${ending.toUpperCase()}`,
          tags: ['reconciliation'],
          params: OfVersion,
          response: { 200: { content: { [type]: { schema: Document } } }, ...problems },
        },
      },
      async ({ params }, reply) => {
        const report = await reportOf(options, params)
        const name = `reconciliation-${report.date}-v${report.closing.version}.${ending}`
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="${name}"`)
          .type(type)
          .send(await write(report))
      },
    )
  }
}

async function reportOf(
  { reconciliation, hospitalOf, nameOf }: ClosingRouteOptions,
  params: Type.Static<typeof OfVersion>,
): Promise<DayReport> {
  const key = keyOf(params)
  const found = await reconciliation.closingOf(key, params.version)
  const closing = { ...found.closing, closedBy: await nameOf(found.closing.closedBy) }
  return { hospital: await hospitalOf(key.hospitalId), date: key.date, ...found, closing }
}

const keyOf = (params: { hospitalId: number; date: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  date: businessDate(params.date),
})

const viewOfStanding = (
  date: BusinessDate,
  { checklist, isLocked, closings, changedSince }: ClosingStanding,
) => ({
  date,
  checklist,
  isLocked,
  closings: closings.map(viewOfClosing),
  changedSince: changedSince.map(viewOfChange),
})

const viewOfClosing = ({ version, digest, note, closedBy, closedAt, reopened }: Closing) => ({
  version,
  digest,
  note,
  closedBy,
  closedAt: closedAt.toISOString(),
  reopened: reopened && { ...reopened, at: reopened.at.toISOString() },
})

const viewOfChange = (change: FigureChange) => change
