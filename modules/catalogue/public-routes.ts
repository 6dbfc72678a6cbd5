import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { businessDateOf, isBusinessDate } from '../../kernel/time.ts'
import { problems } from '../../platform/http/problem.ts'
import { catalogueErrors } from './errors.ts'
import type { RouteContext } from './route-parts.ts'
import { PublicEntriesOut, PublicEntriesQuery, RegionsOut, viewOfEntry } from './schemas.ts'
import { entriesOf, regionsOf, versionOn } from './version-store.ts'

/** What a region's insurance covers is nobody's secret. */
const config = { access: ['person', 'staff', 'application'], scope: 'schedules:read' } as const

/** The catalogues of all regions, to patients, staff and applications. */
export const publicRoutes =
  ({ db, clock }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/catalogue/regions',
      {
        config,
        schema: {
          operationId: 'listCatalogueRegions',
          summary: 'Regions whose catalogue is known, with the version in force',
          tags: ['catalogue'],
          response: { 200: RegionsOut, ...problems },
        },
      },
      async () => {
        const versions = await regionsOf(db, businessDateOf(clock.now()))
        return {
          items: versions.map(({ region, version, effectiveOn, loadedAt }) => ({
            region,
            version,
            effectiveOn,
            asOf: loadedAt.toISOString(),
          })),
        }
      },
    )

    app.get(
      '/catalogue/entries',
      {
        config,
        schema: {
          operationId: 'lookUpCatalogue',
          summary: 'What the insurance of a region covers on a day, by name or national code',
          tags: ['catalogue'],
          querystring: PublicEntriesQuery,
          response: { 200: PublicEntriesOut, ...problems },
        },
      },
      async ({ query: { region, on = businessDateOf(clock.now()), limit, ...wish } }) => {
        if (!isBusinessDate(on)) throw catalogueErrors.date_invalid({ from: on, to: on })
        const version = await versionOn(db, region, on)
        if (!version) throw catalogueErrors.version_not_found({ region, on })
        const rows = await entriesOf(db, version, { ...wish, inForceOn: on, limit: limit + 1 })
        const items = rows.slice(0, limit)
        return {
          version: version.version,
          asOf: version.loadedAt.toISOString(),
          items: items.map(viewOfEntry),
          next: rows.length > limit ? (items.at(-1)?.code ?? null) : null,
        }
      },
    )
  }
