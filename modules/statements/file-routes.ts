import { Readable } from 'node:stream'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { statementErrors } from './errors.ts'
import { FilesQuery, HospitalParam, type StatementFileView, UploadQuery } from './schemas.ts'
import type { StatementFile, StatementFileId } from './statement-file.ts'
import type { StatementFiles } from './statement-files.ts'

const READERS = ['staff:finance', 'staff:auditor'] as const
const UPLOAD_BYTES = 268_435_456
const consumes = ['application/octet-stream']

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const OfFile = Type.Object({ hospitalId: HospitalParam, id: Type.String({ format: 'uuid' }) })
const FileRef = Type.Unsafe<Type.Static<typeof StatementFileView>>(Type.Ref('StatementFile'))
const File = Type.Unsafe<Readable>(Type.String({ format: 'binary' }))
const FILES = '/hospitals/:hospitalId/statement-files'
const FILE = `${FILES}/:id`

/** Handing a list in, and looking at those that came. */
export const fileRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(uploadRoute(files))
    await app.register(readRoutes(files))
    await app.register(downloadRoutes(files))
  }

const uploadRoute =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    // Passed on as it comes, and never whole in memory: who may send it is known from the head of the request.
    app.addContentTypeParser(consumes, { bodyLimit: UPLOAD_BYTES }, (_request, payload, done) =>
      done(null, payload),
    )
    app.post(
      FILES,
      {
        bodyLimit: UPLOAD_BYTES,
        config: { access: ['staff:finance'] },
        schema: {
          operationId: 'uploadStatementFile',
          summary: 'Hand in a list, as it came; 200 when it is known already',
          tags: ['statements'],
          consumes,
          params: OfHospital,
          querystring: UploadQuery,
          response: { 200: FileRef, 201: FileRef, ...problems },
        },
      },
      async (request, reply) => {
        const { source, name, date, layout } = request.query
        const { body } = request
        if (!(body instanceof Readable)) throw statementErrors.body_missing()
        const { outcome, file } = await files.take(
          {
            hospitalId: request.params.hospitalId as HospitalId,
            source,
            name,
            way: 'upload',
            actor: requestActor(request),
            ...(date === undefined ? {} : { businessDate: businessDate(date) }),
            ...(layout === undefined ? {} : { layout }),
          },
          body,
        )
        return reply.code(outcome === 'known' ? 200 : 201).send(viewOfFile(file))
      },
    )
  }

const readRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      FILES,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listStatementFiles',
          summary: 'Lists that came, newest first, with what was refused and why',
          tags: ['statements'],
          params: OfHospital,
          querystring: FilesQuery,
          response: { 200: Type.Object({ items: Type.Array(FileRef) }), ...problems },
        },
      },
      async ({ params, query: { date, before, ...query } }) => {
        const filter = {
          ...query,
          date: date === undefined ? undefined : businessDate(date),
          before: before as StatementFileId | undefined,
        }
        const found = await files.files(params.hospitalId as HospitalId, filter)
        return { items: found.map(viewOfFile) }
      },
    )

    app.get(
      FILE,
      {
        config: { access: READERS },
        schema: {
          operationId: 'getStatementFile',
          summary: 'One list: what it adds up to, or why it was refused',
          tags: ['statements'],
          params: OfFile,
          response: { 200: FileRef, ...problems },
        },
      },
      async ({ params }) =>
        viewOfFile(await files.file(params.hospitalId as HospitalId, params.id as StatementFileId)),
    )
  }

const downloadRoutes =
  (files: StatementFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    const schema = (operationId: string, summary: string, produces: string) => ({
      operationId,
      summary,
      tags: ['statements'],
      params: OfFile,
      response: { 200: { content: { [produces]: { schema: File } } }, ...problems },
    })
    const config = { access: READERS }

    app.get(
      `${FILE}/content`,
      {
        config,
        schema: schema('downloadStatementFile', 'The bytes as they came', consumes[0] ?? ''),
      },
      async ({ params }, reply) => {
        const { hospitalId, id } = keyOf(params)
        const { file, bytes } = await files.content(hospitalId, id)
        attach(reply, 'application/octet-stream', file.name)
        return reply.send(Readable.from(bytes))
      },
    )

    app.get(
      `${FILE}/rows.csv`,
      {
        config,
        schema: schema('downloadStatementRows', 'Its rows, for a spreadsheet', 'text/csv'),
      },
      async ({ params }, reply) => {
        const { hospitalId, id } = keyOf(params)
        const rows = await files.rows(hospitalId, id)
        attach(reply, CSV, `${id}.csv`)
        return reply.send(Readable.from(rows))
      },
    )

    app.get(
      `${FILE}/changes.csv`,
      {
        config,
        schema: schema(
          'downloadStatementChanges',
          'What it says otherwise than before',
          'text/csv',
        ),
      },
      async ({ params }, reply) => {
        const { hospitalId, id } = keyOf(params)
        const changes = await files.changes(hospitalId, id)
        attach(reply, CSV, `${id}-changes.csv`)
        return reply.send(Readable.from(changes))
      },
    )
  }

const CSV = 'text/csv; charset=utf-8'

const keyOf = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as StatementFileId,
})

/** Never shown in the browser, whatever is in it: always saved. Source: RFC 6266, RFC 8187. */
function attach(reply: FastifyReply, type: string, name: string): void {
  const plain = name.replaceAll(/[^\w.-]/g, '_')
  const coded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  )
  reply.headers({
    'content-type': type,
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${coded}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
}

function viewOfFile(file: StatementFile): Type.Static<typeof StatementFileView> {
  const { result, takenAt, hospitalId: _hospital, ...rest } = file
  const { status } = result
  const view = { ...rest, status, takenAt: takenAt.toISOString(), taken: null, refusal: null }
  if (result.status === 'refused') {
    const { code, reason, lineNo } = result
    return { ...view, refusal: { code, reason, lineNo } }
  }
  const { version, encoding, totals, otherColumns, changes } = result
  return {
    ...view,
    taken: {
      version,
      encoding,
      totals,
      otherColumns: [...otherColumns],
      changes: changes && {
        added: changes.added,
        removed: changes.removed,
        changed: changes.changed,
      },
    },
  }
}
