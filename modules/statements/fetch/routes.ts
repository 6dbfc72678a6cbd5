import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { statementErrors } from '../errors.ts'
import { FetchingBody, HospitalParam, SourceName, StatementFetchingView } from '../schemas.ts'
import type { StatementFiles } from '../statement-files.ts'
import type { Fetching } from './fetcher.ts'

const OfSource = Type.Object({ hospitalId: HospitalParam, source: SourceName })
const FetchingRef = Type.Unsafe<Type.Static<typeof StatementFetchingView>>(
  Type.Ref('StatementFetching'),
)
const PATH = '/hospitals/:hospitalId/statement-schedules/:source/fetching'

/** Where a source's lists are fetched, for a hospital's IT. */
export const fetchingRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(StatementFetchingView)
    app.get(
      PATH,
      {
        config: { access: ['staff:it', 'staff:auditor'] },
        schema: {
          operationId: 'getStatementFetching',
          summary: 'How the lists of a source are fetched; its secrets by their names alone',
          tags: ['statements'],
          params: OfSource,
          response: { 200: FetchingRef, ...problems },
        },
      },
      async ({ params: { hospitalId, source } }) => {
        const found = await files.fetchingOf(hospitalId as HospitalId, source)
        if (!found) throw statementErrors.fetching_not_found({ source })
        return viewOf(found)
      },
    )

    app.put(
      PATH,
      {
        config: { access: ['staff:it'] },
        schema: {
          operationId: 'saveStatementFetching',
          summary: 'Say where the lists of a source are fetched, and with which secrets',
          tags: ['statements'],
          params: OfSource,
          body: FetchingBody,
          response: { 200: FetchingRef, ...problems },
        },
      },
      async (request) => {
        const { hospitalId, source } = request.params
        const of = hospitalId as HospitalId
        return viewOf(await files.fetchBy(of, source, request.body, requestActor(request)))
      },
    )
  }

const viewOf = ({ source, adapter, plan, secretNames, isActive }: Fetching) => ({
  source,
  adapter: adapter as 'https',
  plan: plan as Record<string, unknown>,
  secretNames: [...secretNames],
  isActive,
})
