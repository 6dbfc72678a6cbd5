import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import type { PlacedRow } from './normal/statement-rows.ts'
import { HospitalParam, RowsQuery, type StatementRowView } from './schemas.ts'
import type { StatementFileId } from './statement-file.ts'
import type { StatementFiles } from './statement-files.ts'

const READERS = ['staff:finance', 'staff:auditor'] as const
const FILE = '/hospitals/:hospitalId/statement-files/:id'
const OfFile = Type.Object({ hospitalId: HospitalParam, id: Type.String({ format: 'uuid' }) })
const RowRef = Type.Unsafe<Type.Static<typeof StatementRowView>>(Type.Ref('StatementRow'))
const Rows = Type.Object({ items: Type.Array(RowRef) })

/** What stands in a list, and what a version of it changed, page by page. */
export const rowRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${FILE}/rows`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listStatementRows',
          summary: 'The rows of a list as they were understood, in its own order',
          tags: ['statements'],
          params: OfFile,
          querystring: RowsQuery,
          response: { 200: Rows, ...problems },
        },
      },
      async ({ params, query }) => {
        const { hospitalId, id } = keyOf(params)
        return { items: (await files.rowsPage(hospitalId, id, query)).map(viewOfRow) }
      },
    )

    app.get(
      `${FILE}/changes`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listStatementChanges',
          summary: 'What a version of a list says otherwise than the one before',
          tags: ['statements'],
          params: OfFile,
          querystring: RowsQuery,
          response: { 200: Rows, ...problems },
        },
      },
      async ({ params, query }) => {
        const { hospitalId, id } = keyOf(params)
        return { items: (await files.changesPage(hospitalId, id, query)).map(viewOfRow) }
      },
    )
  }

const keyOf = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as StatementFileId,
})

const viewOfRow = ({ occurredAt, ...row }: PlacedRow) => ({
  ...row,
  occurredAt: occurredAt?.toISOString() ?? null,
})
