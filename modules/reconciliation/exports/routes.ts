import { Readable } from 'node:stream'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { businessDate } from '../../../kernel/time.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { problems } from '../../../platform/http/problem.ts'
import { HospitalParam } from '../../../platform/http/schemas.ts'
import { findArrival } from '../day-store.ts'
import { reconciliationErrors } from '../errors.ts'
import { ownRows } from '../own-rows.ts'
import { listDifferences, listLines } from '../reads-store.ts'
import { DayText, DifferencesQuery, LinesQuery, OwnRowsQuery } from '../schemas.ts'
import { csvOf, type Pages, xlsxOf } from './files.ts'
import { DIFFERENCES, LINES, OWN_ROWS, type Table } from './tables.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Ending = 'csv' | 'xlsx'

const READERS = ['staff:finance', 'staff:auditor'] as const
const DAY = '/hospitals/:hospitalId/reconciliation/days/:date'
const PAGE_ROWS = 500
const TYPES: Record<Ending, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
const ENDINGS = ['csv', 'xlsx'] as const
const OfDay = Type.Object({ hospitalId: HospitalParam, date: DayText })
const OfList = Type.Object({
  ...OfDay.properties,
  source: Type.String({ minLength: 1, maxLength: 30 }),
})
const paging = ['after', 'limit'] as const

/** Whole lists of a day for a spreadsheet: the same filters as on the screen, and no page. */
export const exportRoutes =
  ({ db }: { db: Db }): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const ending of ENDINGS) {
      differencesRoute(app, db, ending)
      ownRowsRoute(app, db, ending)
      linesRoute(app, db, ending)
    }
  }

function differencesRoute(app: App, db: Db, ending: Ending): void {
  app.get(
    `${DAY}/differences.${ending}`,
    {
      config: { access: READERS },
      schema: {
        ...about('Differences', 'Differences of a day', ending),
        params: OfDay,
        querystring: Type.Omit(DifferencesQuery, paging),
      },
    },
    async ({ params, query }, reply) => {
      const { hospitalId, date } = keyOf(params)
      const pages = pagesOf((last: { id: Row['id'] } | undefined) =>
        inHospital(db, hospitalId, (tx) =>
          listDifferences(tx, hospitalId, {
            ...query,
            businessDate: date,
            after: last?.id,
            limit: PAGE_ROWS,
          }),
        ),
      )
      return send(reply, ending, { table: DIFFERENCES, pages, name: `differences-${date}` })
    },
  )
}

function ownRowsRoute(app: App, db: Db, ending: Ending): void {
  app.get(
    `${DAY}/own-rows.${ending}`,
    {
      config: { access: READERS },
      schema: {
        ...about('OwnRows', 'What of ours a party’s list of the day must show', ending),
        params: OfDay,
        querystring: Type.Omit(OwnRowsQuery, paging),
      },
    },
    async ({ params, query: { source, kind } }, reply) => {
      const { hospitalId, date } = keyOf(params)
      const rows = await inHospital(db, hospitalId, (tx) => ownRows(tx, hospitalId, date, source))
      const shown = rows
        .filter((row) => !kind || row.kind === kind)
        .toSorted((a, b) => (a.ourNo < b.ourNo ? -1 : 1))
      const name = `own-rows-${source}-${date}`
      return send(reply, ending, { table: OWN_ROWS, pages: onePage(shown), name })
    },
  )
}

function linesRoute(app: App, db: Db, ending: Ending): void {
  app.get(
    `${DAY}/statements/:source/lines.${ending}`,
    {
      config: { access: READERS },
      schema: {
        ...about('StatementLines', 'The lines of a party’s list', ending),
        params: OfList,
        querystring: Type.Omit(LinesQuery, paging),
      },
    },
    async ({ params, query }, reply) => {
      const { hospitalId, date } = keyOf(params)
      const { source } = params
      const arrival = await inHospital(db, hospitalId, (tx) =>
        findArrival(tx, hospitalId, date, source),
      )
      const newest = arrival?.newestVersion ?? 0
      const version = query.version ?? newest
      if (version < 1 || version > newest) {
        throw reconciliationErrors.statement_not_found({ date, source })
      }
      const filter = { ...query, businessDate: date, source, version, limit: PAGE_ROWS }
      const pages = pagesOf((last: { lineNo: number } | undefined) =>
        inHospital(db, hospitalId, (tx) =>
          listLines(tx, hospitalId, { ...filter, after: last?.lineNo }),
        ),
      )
      return send(reply, ending, { table: LINES, pages, name: `${source}-${date}-v${version}` })
    },
  )
}

type Row = Awaited<ReturnType<typeof listDifferences>>[number]

const about = (what: string, summary: string, ending: Ending) => ({
  operationId: `export${what}As${ending === 'csv' ? 'Csv' : 'Xlsx'}`,
  summary: `${summary}, as ${ending.toUpperCase()}`,
  tags: ['reconciliation'],
  response: {
    200: {
      content: {
        [TYPES[ending]]: { schema: Type.Unsafe<Readable>(Type.String({ format: 'binary' })) },
      },
    },
    ...problems,
  },
})

const keyOf = (params: { hospitalId: number; date: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  date: businessDate(params.date),
})

/** Page after page, each with the last row of the one before as its cursor. */
async function* pagesOf<Row>(
  read: (last: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let last: Row | undefined
  for (;;) {
    const rows = await read(last)
    yield rows
    if (rows.length < PAGE_ROWS) return
    last = rows.at(-1)
  }
}

async function* onePage<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows
}

type Export<Row> = { table: Table<Row>; pages: Pages<Row>; name: string }

async function send<Row>(reply: FastifyReply, ending: Ending, { table, pages, name }: Export<Row>) {
  const pieces = ending === 'csv' ? csvOf(table, pages) : await xlsxOf(table, pages)
  return reply
    .headers({
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}.${ending}"`,
      'x-content-type-options': 'nosniff',
    })
    .type(TYPES[ending])
    .send(Readable.from(pieces))
}
