import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { Compile } from 'typebox/compile'

import type { HospitalId } from '../../../kernel/id.ts'
import { problems } from '../../../platform/http/problem.ts'
import { Instant, Uuid } from '../../../platform/http/schemas.ts'
import { type HisNotice, Notice, NOTICE_KINDS } from '../interface/notices.ts'
import type { HeardMessages } from './heard-messages.ts'
import type { HospitalNotices } from './notices.ts'

const OfHospital = Type.Object({ hospitalId: Type.Integer({ minimum: 1, maximum: 1_679_615 }) })

// Decoded here: the plugin checks by the schema and knows nothing of moments.
const Checked = Compile(Notice)

/** What a hospital's system tells the hub, and what it has told. */
export const hospitalNoticeRoutes =
  (notices: HospitalNotices, messages: Pick<HeardMessages, 'list'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    addMessageRoute(app, messages)
    app.post(
      '/hospitals/:hospitalId/his/notices',
      {
        config: { access: ['his'] },
        schema: {
          operationId: 'hearHospitalNotice',
          summary:
            "The hospital's system tells that something has happened; its number makes it once",
          tags: ['hospital system'],
          params: OfHospital,
          body: Notice,
          response: {
            200: Type.Object({ noticeNo: Type.String(), isNew: Type.Boolean() }),
            ...problems,
          },
        },
      },
      async ({ params, body }) => {
        const notice = Checked.Decode(structuredClone(body)) as HisNotice
        const isNew = await notices.hear(params.hospitalId as HospitalId, notice)
        return { noticeNo: notice.noticeNo, isNew }
      },
    )
    app.get(
      '/hospitals/:hospitalId/his/notices',
      {
        config: { access: ['staff'] },
        schema: {
          operationId: 'listHospitalNotices',
          summary: "What the hospital's system has told, newest first, a hundred at a time",
          tags: ['hospital system'],
          params: OfHospital,
          querystring: Type.Object({ before: Type.Optional(Instant) }),
          response: { 200: Type.Object({ items: Type.Array(Kept) }), ...problems },
        },
      },
      async ({ params, query }) => {
        const before = query.before === undefined ? null : new Date(query.before)
        const items = await notices.list(params.hospitalId as HospitalId, before)
        return { items: items.map(viewOf) }
      },
    )
  }

function addMessageRoute(
  app: Parameters<FastifyPluginAsyncTypebox>[0],
  messages: Pick<HeardMessages, 'list'>,
): void {
  app.get(
    '/hospitals/:hospitalId/his/messages',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listHospitalMessages',
        summary:
          "What came over the hospital's own line, newest first, a hundred at a time: taken, or refused and why",
        tags: ['hospital system'],
        params: OfHospital,
        querystring: Type.Object({ before: Type.Optional(Uuid) }),
        response: { 200: Type.Object({ items: Type.Array(Heard) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const items = await messages.list(params.hospitalId as HospitalId, query.before ?? null)
      return {
        items: items.map(({ receivedAt, ...rest }) => ({
          ...rest,
          receivedAt: receivedAt.toISOString(),
        })),
      }
    },
  )
}

const Heard = Type.Object({
  id: Type.String(),
  controlId: Type.String({ description: 'MSH-10' }),
  type: Type.String({ examples: ['SIU^S23'] }),
  bytes: Type.Integer(),
  outcome: Type.Enum(['taken', 'refused']),
  reason: Type.String({ description: 'The kind of notice it was, nothing, or why it was refused' }),
  receivedAt: Instant,
})

const Kept = Type.Object({
  noticeNo: Type.String(),
  kind: Type.Enum([...NOTICE_KINDS]),
  at: Instant,
  receivedAt: Instant,
  about: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
})

const viewOf = ({
  noticeNo,
  kind,
  at,
  receivedAt,
  about,
}: Awaited<ReturnType<HospitalNotices['list']>>[number]) => ({
  noticeNo,
  kind,
  at: at.toISOString(),
  receivedAt: receivedAt.toISOString(),
  about: { ...about } as Record<string, string | null>,
})
