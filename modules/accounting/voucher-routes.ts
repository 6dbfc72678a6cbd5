import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { problems } from '../../platform/http/problem.ts'
import type { EntryId } from '../ledger/index.ts'
import type { Accounting } from './accounting.ts'
import {
  type DayView,
  LinesQuery,
  type LineView,
  OfDate,
  OfHospital,
  OfHospitalAndId,
  OfLine,
  RangeQuery,
  SourcesQuery,
  type SourceView,
  type VoucherView,
} from './schemas.ts'
import type { VoucherId } from './tables.ts'
import { viewOfDay, viewOfLine, viewOfSource, viewOfVoucher } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Day = Type.Unsafe<Type.Static<typeof DayView>>(Type.Ref('AccountingDay'))
const Voucher = Type.Unsafe<Type.Static<typeof VoucherView>>(Type.Ref('Voucher'))
const Line = Type.Unsafe<Type.Static<typeof LineView>>(Type.Ref('VoucherLine'))
const Source = Type.Unsafe<Type.Static<typeof SourceView>>(Type.Ref('VoucherSource'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const ACCOUNTING = '/hospitals/:hospitalId/accounting'
const TAGS = ['accounting']

/** Days, their vouchers, and what each line of one is the sum of. */
export function voucherRoutes(app: App, accounting: Accounting): void {
  daysRoutes(app, accounting)
  vouchersRoute(app, accounting)
  linesRoute(app, accounting)
  sourcesRoute(app, accounting)
}

function daysRoutes(app: App, accounting: Accounting): void {
  app.get(
    `${ACCOUNTING}/days`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listAccountingDays',
        summary: 'How far each date has come, and what of it no template covers',
        tags: TAGS,
        params: OfHospital,
        querystring: RangeQuery,
        response: { 200: Type.Object({ items: Type.Array(Day) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const range = { from: businessDate(query.from), to: businessDate(query.to) }
      const found = await accounting.days(params.hospitalId as HospitalId, range)
      return { items: found.map(viewOfDay) }
    },
  )
  app.post(
    `${ACCOUNTING}/days/:date/vouchers`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'makeVouchers',
        summary: 'Make vouchers of what of a date has none yet; the same again changes nothing',
        tags: TAGS,
        params: OfDate,
        response: { 200: Day, ...problems },
      },
    },
    async ({ params }) => {
      const hospitalId = params.hospitalId as HospitalId
      const date = businessDate(params.date)
      await accounting.buildDate(hospitalId, date)
      const [day] = await accounting.days(hospitalId, { from: date, to: date })
      if (!day) throw new Error('a date that was looked at has its row')
      return viewOfDay(day)
    },
  )
}

function vouchersRoute(app: App, accounting: Accounting): void {
  app.get(
    `${ACCOUNTING}/vouchers`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listVouchers',
        summary: 'Vouchers of these dates, by month, type and number',
        tags: TAGS,
        params: OfHospital,
        querystring: RangeQuery,
        response: { 200: Type.Object({ items: Type.Array(Voucher) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const range = { from: businessDate(query.from), to: businessDate(query.to) }
      const hospitalId = params.hospitalId as HospitalId
      const { vouchers, acknowledgements } = await accounting.vouchers(hospitalId, range)
      const erpNos = new Map(acknowledgements.map((row) => [row.voucher_id, row.erp_no]))
      return { items: vouchers.map((row) => viewOfVoucher(row, erpNos.get(row.id) ?? null)) }
    },
  )
}

function linesRoute(app: App, accounting: Accounting): void {
  app.get(
    `${ACCOUNTING}/vouchers/:id/lines`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listVoucherLines',
        summary: 'The lines of one book of a voucher',
        tags: TAGS,
        params: OfHospitalAndId,
        querystring: LinesQuery,
        response: { 200: Type.Object({ items: Type.Array(Line) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const key = { hospitalId: params.hospitalId as HospitalId, id: params.id as VoucherId }
      const { lines } = await accounting.voucherLines(key, query)
      return { items: lines.map(viewOfLine) }
    },
  )
}

function sourcesRoute(app: App, accounting: Accounting): void {
  app.get(
    `${ACCOUNTING}/vouchers/:id/:book/:lineNo/sources`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listVoucherSources',
        summary: 'The transfers that a line of a voucher is the sum of, and what they are about',
        tags: TAGS,
        params: OfLine,
        querystring: SourcesQuery,
        response: { 200: Type.Object({ items: Type.Array(Source) }), ...problems },
      },
    },
    async ({ params, query: { after, limit } }) => {
      const { book, lineNo } = params
      const key = { hospitalId: params.hospitalId as HospitalId, id: params.id as VoucherId }
      const page = { book, lineNo, after: after === undefined ? null : placeOf(after), limit }
      return { items: (await accounting.lineSources(key, page)).map(viewOfSource) }
    },
  )
}

function placeOf(key: string) {
  const [entryId = '', transferNo, partNo] = key.split('/')
  return { entryId: entryId as EntryId, transferNo: Number(transferNo), partNo: Number(partNo) }
}
