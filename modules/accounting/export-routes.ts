import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Accounting } from './accounting.ts'
import {
  type ExportView,
  NewAcknowledgements,
  NewExport,
  OfHospital,
  OfHospitalAndId,
} from './schemas.ts'
import type { ExportId, VoucherId } from './tables.ts'
import { viewOfExport } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Export = Type.Unsafe<Type.Static<typeof ExportView>>(Type.Ref('VoucherExport'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const ACCOUNTING = '/hospitals/:hospitalId/accounting'
const EXPORTS = `${ACCOUNTING}/exports`
const TAGS = ['accounting']

/** What is handed over to the hospital's accounting system, and what it says of it. */
export function exportRoutes(app: App, accounting: Accounting): void {
  exportsRoutes(app, accounting)
  fileRoute(app, accounting)
  acknowledgeRoute(app, accounting)
}

function exportsRoutes(app: App, accounting: Accounting): void {
  app.post(
    EXPORTS,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'exportVouchers',
        summary: 'Record an export of the vouchers of at most 31 dates; the same again is the same',
        tags: TAGS,
        params: OfHospital,
        body: NewExport,
        response: { 200: Export, ...problems },
      },
    },
    async (request) => {
      const { body } = request
      const wish = { ...body, from: businessDate(body.from), to: businessDate(body.to) }
      const hospitalId = request.params.hospitalId as HospitalId
      return viewOfExport(await accounting.makeExport(hospitalId, wish, requestActor(request)))
    },
  )
  app.get(
    EXPORTS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listVoucherExports',
        summary: 'What was exported, newest first',
        tags: TAGS,
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Export) }), ...problems },
      },
    },
    async ({ params }) => {
      const found = await accounting.exports(params.hospitalId as HospitalId)
      return { items: found.map(viewOfExport) }
    },
  )
}

const File = Type.Unsafe<Uint8Array>(Type.String({ format: 'binary' }))

function fileRoute(app: App, accounting: Accounting): void {
  app.get(
    `${EXPORTS}/:id/file`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'downloadVoucherExport',
        summary: 'The file of an export: the same bytes each time',
        tags: TAGS,
        params: OfHospitalAndId,
        response: {
          200: { content: { 'application/octet-stream': { schema: File } } },
          ...problems,
        },
      },
    },
    async ({ params }, reply) => {
      const key = { hospitalId: params.hospitalId as HospitalId, id: params.id as ExportId }
      const { name, bytes, digest } = await accounting.exportFile(key)
      reply.type('application/octet-stream')
      reply.header('content-disposition', `attachment; filename="${name}"`)
      reply.header('etag', `"${digest}"`)
      return reply.send(bytes)
    },
  )
}

function acknowledgeRoute(app: App, accounting: Accounting): void {
  app.post(
    `${ACCOUNTING}/acknowledgements`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'acknowledgeVouchers',
        summary: 'The accounting system has taken these vouchers in, under its own numbers',
        tags: TAGS,
        params: OfHospital,
        body: NewAcknowledgements,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const taken = request.body.vouchers.map(({ voucherId, erpNo }) => ({
        voucherId: voucherId as VoucherId,
        erpNo,
      }))
      await accounting.acknowledge(hospitalId, taken, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
