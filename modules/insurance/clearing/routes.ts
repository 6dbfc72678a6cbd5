import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { problems } from '../../../platform/http/problem.ts'
import type { Insurance } from '../insurance.ts'
import type { ClearingRow, MonthRecord } from './store.ts'

const OfHospital = Type.Object({ hospitalId: Type.Integer({ minimum: 1 }) })
const OfMonth = Type.Object({
  hospitalId: Type.Integer({ minimum: 1 }),
  month: Type.String({ pattern: String.raw`^\d{4}-(0[1-9]|1[0-2])$` }),
})
const RESULTS = ['agrees', 'theirs_only', 'ours_only'] as const
const FenOut = Type.Integer({ description: 'Fen, 1/100 yuan' })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const MonthView = Type.Object({
  month: Type.String(),
  status: Type.Enum(['open', 'confirming', 'confirmed'], {
    description: 'confirming: the answer to the confirmation has not come yet',
  }),
  confirmationNo: Nullable(Type.String()),
  listed: Type.Integer({ description: 'Settlements that the national platform lists' }),
  confirmed: Type.Integer({ description: 'Of them, what agrees with ours' }),
  totalFen: FenOut,
  insurersFen: FenOut,
  note: Nullable(
    Type.String({ description: 'Why it is not confirmed yet, in the centre’s words' }),
  ),
  checkedAt: Type.String(),
  confirmedAt: Nullable(Type.String()),
})

const RowView = Type.Object({
  number: Type.String({
    description: 'Theirs (setl_sn); of what only we have, our message number',
  }),
  result: Type.Enum([...RESULTS]),
  msgid: Nullable(Type.String()),
  settledAt: Type.String(),
  totalFen: FenOut,
  insurersFen: FenOut,
  isConfirmed: Type.Boolean(),
})

const RowsQuery = Type.Object({
  result: Type.Optional(Type.Enum([...RESULTS])),
  after: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

/** 跨省异地清分, for a hospital's finance: the months and what of each agrees. Nothing in it says who was treated. */
export const clearingRoutes =
  ({ insurance }: { insurance: Insurance }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/hospitals/:hospitalId/insurance/clearing-months',
      {
        config: { access: ['staff:finance', 'staff:auditor'] },
        schema: {
          operationId: 'listClearingMonths',
          summary: 'The monthly clearing of patients from elsewhere, the latest month first',
          tags: ['insurance'],
          params: OfHospital,
          response: { 200: Type.Object({ items: Type.Array(MonthView) }), ...problems },
        },
      },
      async (request) => {
        const months = await insurance.clearingMonths(request.params.hospitalId as HospitalId)
        return { items: months.map(viewOfMonth) }
      },
    )

    app.get(
      '/hospitals/:hospitalId/insurance/clearing-months/:month/rows',
      {
        config: { access: ['staff:finance', 'staff:auditor'] },
        schema: {
          operationId: 'listClearingRows',
          summary:
            'The settlements of a month’s clearing, by number: what agrees, and what only one side has',
          tags: ['insurance'],
          params: OfMonth,
          querystring: RowsQuery,
          response: { 200: Type.Object({ items: Type.Array(RowView) }), ...problems },
        },
      },
      async (request) => {
        const { hospitalId, month } = request.params
        const rows = await insurance.clearingRows(hospitalId as HospitalId, month, request.query)
        return { items: rows.map(viewOfRow) }
      },
    )
  }

const viewOfMonth = (record: MonthRecord): Type.Static<typeof MonthView> => ({
  ...record,
  checkedAt: record.checkedAt.toISOString(),
  confirmedAt: record.confirmedAt?.toISOString() ?? null,
})

const viewOfRow = (row: ClearingRow): Type.Static<typeof RowView> => ({
  ...row,
  settledAt: row.settledAt.toISOString(),
})
