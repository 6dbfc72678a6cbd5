import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { isBusinessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { catalogueErrors } from './errors.ts'
import { listItems } from './item-store.ts'
import { accuracyOf } from './policy-store.ts'
import type { RouteContext } from './route-parts.ts'
import {
  AccuracyOut,
  AccuracyQuery,
  ChangesOut,
  ChangesQuery,
  EntriesOut,
  EntriesQuery,
  ItemOut,
  ItemsOut,
  ItemsQuery,
  NewDecision,
  NewItems,
  OfHospital,
  OfItem,
  OfVersion,
  VersionsOut,
  viewOfEntry,
  viewOfItem,
} from './schemas.ts'
import { changesBetween, entriesOf, versionsOf } from './version-store.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const CATALOGUE = '/hospitals/:hospitalId/catalogue'

/** The catalogue, its versions, the hospital's items in it, and how good estimates were. */
export const staffRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    entriesRoute(app, context)
    versionRoutes(app, context)
    itemRoutes(app, context)
    decisionRoute(app, context)
    accuracyRoute(app, context)
  }

function entriesRoute(app: App, { catalogue, db }: RouteContext): void {
  app.get(
    `${CATALOGUE}/entries`,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'searchCatalogue',
        summary: 'Entries of the catalogue in force, by code',
        tags: ['catalogue'],
        params: OfHospital,
        querystring: EntriesQuery,
        response: { 200: EntriesOut, ...problems },
      },
    },
    async (request) => {
      const { version } = await catalogue.groundOf(request.params.hospitalId as HospitalId)
      const entries = await entriesOf(db, version, request.query)
      return { version: version.version, items: entries.map(viewOfEntry) }
    },
  )
}

function versionRoutes(app: App, { catalogue, db }: RouteContext): void {
  app.get(
    `${CATALOGUE}/versions`,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listCatalogueVersions',
        summary: 'Versions of the catalogue, the latest first',
        tags: ['catalogue'],
        params: OfHospital,
        response: { 200: VersionsOut, ...problems },
      },
    },
    async (request) => {
      const { setting, version } = await catalogue.groundOf(request.params.hospitalId as HospitalId)
      const versions = await versionsOf(db, setting.region)
      return {
        region: setting.region,
        items: versions.map(({ seq, effectiveOn, entryCount, loadedAt, ...one }) => ({
          seq,
          version: one.version,
          effectiveOn,
          entryCount,
          loadedAt: loadedAt.toISOString(),
          isCurrent: seq === version.seq,
        })),
      }
    },
  )

  app.get(
    `${CATALOGUE}/versions/:seq/changes`,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listCatalogueChanges',
        summary: 'What a version has other than an earlier one: new, ended and changed entries',
        tags: ['catalogue'],
        params: OfVersion,
        querystring: ChangesQuery,
        response: { 200: ChangesOut, ...problems },
      },
    },
    async (request) => {
      const { setting } = await catalogue.groundOf(request.params.hospitalId as HospitalId)
      const { seq } = request.params
      const versions = await versionsOf(db, setting.region)
      if (!versions.some((one) => one.seq === seq)) {
        throw catalogueErrors.version_not_found({ region: setting.region, seq })
      }
      const { from = seq - 1, after, limit } = request.query
      const seqs = { from, to: seq }
      const changes = await changesBetween(db, setting.region, seqs, { after, limit })
      return {
        items: changes.map((change) => ({
          code: change.code,
          change: change.change,
          before: change.before && viewOfEntry(change.before),
          after: change.after && viewOfEntry(change.after),
        })),
      }
    },
  )
}

function itemRoutes(app: App, { catalogue, db }: RouteContext): void {
  app.get(
    `${CATALOGUE}/items`,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listCatalogueItems',
        summary:
          'The hospital’s items and what they are in the catalogue; those that wait for a person unless asked otherwise',
        tags: ['catalogue'],
        params: OfHospital,
        querystring: ItemsQuery,
        response: { 200: ItemsOut, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const rows = await inHospital(db, hospitalId, (tx) =>
        listItems(tx, hospitalId, request.query),
      )
      return { items: rows.map(viewOfItem) }
    },
  )

  app.post(
    `${CATALOGUE}/items`,
    {
      config: { access: ['his', 'staff:it'] },
      schema: {
        operationId: 'putCatalogueItems',
        summary: 'Add items of the hospital, or describe them anew, and match them',
        tags: ['catalogue'],
        params: OfHospital,
        body: NewItems,
        response: { 200: ItemsOut, ...problems },
      },
    },
    async (request) => {
      const items = request.body.items.map((item) => ({
        ...item,
        unitPriceFen: fen(item.unitPriceFen),
      }))
      const hospitalId = request.params.hospitalId as HospitalId
      return { items: (await catalogue.learnItems(hospitalId, items)).map(viewOfItem) }
    },
  )
}

function decisionRoute(app: App, { catalogue }: RouteContext): void {
  app.post(
    `${CATALOGUE}/items/:itemCode/decision`,
    {
      config: { access: ['staff:finance', 'staff:it'] },
      schema: {
        operationId: 'decideCatalogueItem',
        summary: 'Say which entry an item is, and why; null for none',
        tags: ['catalogue'],
        params: OfItem,
        body: NewDecision,
        response: { 200: ItemOut, ...problems },
      },
    },
    async (request) => {
      const { itemCode } = request.params
      const { entryCode, reason } = request.body
      const hospitalId = request.params.hospitalId as HospitalId
      const choice = { itemCode, entryCode, reason }
      return viewOfItem(await catalogue.decide(hospitalId, choice, requestActor(request)))
    },
  )
}

function accuracyRoute(app: App, { db }: RouteContext): void {
  app.get(
    `${CATALOGUE}/estimate-accuracy`,
    {
      config: { access: ['staff:finance', 'staff:auditor'] },
      schema: {
        operationId: 'getEstimateAccuracy',
        summary: 'How far estimates were from the insurer’s own figures, by kind of insurance',
        tags: ['catalogue'],
        params: OfHospital,
        querystring: AccuracyQuery,
        response: { 200: AccuracyOut, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { from, to } = request.query
      if (!isBusinessDate(from) || !isBusinessDate(to)) {
        throw catalogueErrors.date_invalid({ from, to })
      }
      const days = { from, to }
      const items = await inHospital(db, hospitalId, (tx) => accuracyOf(tx, hospitalId, days))
      return { items }
    },
  )
}
