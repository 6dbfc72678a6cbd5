import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { listDocuments, listReports, listTierChanges } from './admission-store.ts'
import type { ReportId, TierChangeId } from './admission.ts'
import { CHANNELS, EDITORS, READERS, type RouteContext } from './route-parts.ts'
import {
  DocumentView,
  NewDocument,
  NewTier,
  OfChannel,
  OfDocument,
  PageQuery,
  ReportView,
  TierChangeView,
} from './schemas.ts'
import { viewOfDocument, viewOfReport, viewOfTierChange } from './view.ts'

const Document = Type.Unsafe<Type.Static<typeof DocumentView>>(Type.Ref('ChannelDocument'))
const Report = Type.Unsafe<Type.Static<typeof ReportView>>(Type.Ref('ChannelReport'))
const TierChange = Type.Unsafe<Type.Static<typeof TierChangeView>>(Type.Ref('ChannelTierChange'))

/** What a channel has shown, what was found, and which tier it was given. */
export const admissionRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [DocumentView, ReportView, TierChangeView]) app.addSchema(schema)
    await app.register(documentRoutes(context))
    await app.register(reportRoutes(context))
    await app.register(tierRoutes(context))
  }

const documentRoutes =
  ({ db, channels }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${CHANNELS}/:name/documents`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listChannelDocuments',
          summary: 'What a channel’s operator has shown of its licence and its contract',
          tags: ['channels'],
          params: OfChannel,
          response: { 200: Type.Object({ items: Type.Array(Document) }), ...problems },
        },
      },
      async ({ params }) => {
        const hospitalId = params.hospitalId as HospitalId
        const documents = await inHospital(db, hospitalId, (tx) =>
          listDocuments(tx, hospitalId, params.name),
        )
        return { items: documents.map(viewOfDocument) }
      },
    )

    app.put(
      `${CHANNELS}/:name/documents/:kind`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'saveChannelDocument',
          summary: 'Enter a document, in place of the one of its kind',
          tags: ['channels'],
          params: OfDocument,
          body: NewDocument,
          response: { 200: Document, ...problems },
        },
      },
      async (request) => {
        const { hospitalId, name, kind } = request.params
        const validUntil = request.body.validUntil as BusinessDate | null
        const document = await channels.saveDocument(
          hospitalId as HospitalId,
          name,
          { ...request.body, kind, validUntil },
          requestActor(request),
        )
        return viewOfDocument(document)
      },
    )

    app.delete(
      `${CHANNELS}/:name/documents/:kind`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'removeChannelDocument',
          summary: 'Take a document out that does not hold any more',
          tags: ['channels'],
          params: OfDocument,
          response: { 204: Type.Null(), ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, name, kind } = request.params
        const actor = requestActor(request)
        await channels.removeDocument(hospitalId as HospitalId, name, kind, actor)
        return reply.code(204).send(null)
      },
    )
  }

const reportRoutes =
  ({ db, channels }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      `${CHANNELS}/:name/reports`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'makeChannelReport',
          summary: 'Examine a channel in four dimensions by its last thirty days; changes no tier',
          tags: ['channels'],
          params: OfChannel,
          response: { 201: Report, ...problems },
        },
      },
      async (request, reply) => {
        const { name } = request.params
        const hospitalId = request.params.hospitalId as HospitalId
        await channels.syncHealth(hospitalId)
        const report = await channels.makeReport(hospitalId, name, requestActor(request))
        return reply.code(201).send(viewOfReport(report))
      },
    )

    app.get(
      `${CHANNELS}/:name/reports`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listChannelReports',
          summary: 'Reports of a channel, newest first',
          tags: ['channels'],
          params: OfChannel,
          querystring: PageQuery,
          response: { 200: Type.Object({ items: Type.Array(Report) }), ...problems },
        },
      },
      async ({ params, query: { before, limit } }) => {
        const hospitalId = params.hospitalId as HospitalId
        const page = { before: before as ReportId | undefined, limit }
        const reports = await inHospital(db, hospitalId, (tx) =>
          listReports(tx, hospitalId, params.name, page),
        )
        return { items: reports.map(viewOfReport) }
      },
    )
  }

const tierRoutes =
  ({ db, channels }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      `${CHANNELS}/:name/tier`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'grantChannelTier',
          summary:
            'Admit a channel to a tier, or withdraw it; more than the report allows by exception',
          tags: ['channels'],
          params: OfChannel,
          body: NewTier,
          response: { 201: TierChange, ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, name } = request.params
        const { byException = false, ...wanted } = request.body
        const grant = { ...wanted, byException }
        const actor = requestActor(request)
        const change = await channels.grantTier(hospitalId as HospitalId, name, grant, actor)
        return reply.code(201).send(viewOfTierChange(change))
      },
    )

    app.get(
      `${CHANNELS}/:name/tier-changes`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listChannelTierChanges',
          summary: 'Which tiers a channel was given, and why, newest first',
          tags: ['channels'],
          params: OfChannel,
          querystring: PageQuery,
          response: { 200: Type.Object({ items: Type.Array(TierChange) }), ...problems },
        },
      },
      async ({ params, query: { before, limit } }) => {
        const hospitalId = params.hospitalId as HospitalId
        const page = { before: before as TierChangeId | undefined, limit }
        const changes = await inHospital(db, hospitalId, (tx) =>
          listTierChanges(tx, hospitalId, params.name, page),
        )
        return { items: changes.map(viewOfTierChange) }
      },
    )
  }
