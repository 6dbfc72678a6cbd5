import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Payments } from './payments.ts'
import { HospitalParam } from './schemas.ts'

/** Where providers tell us that something happened. What proves them is in the notice itself. */
export const noticeRoutes =
  (payments: Payments): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/hospitals/:hospitalId/notices/:provider',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'takeNotice',
          summary: "A provider's notice, signed by the provider",
          tags: ['providers'],
          params: Type.Object({
            hospitalId: HospitalParam,
            provider: Type.String({ minLength: 1, maxLength: 30 }),
          }),
          response: {
            200: Type.String({ description: "What the provider's protocol wants to hear" }),
            204: Type.Null(),
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const { hospitalId, provider } = request.params
        const { headers, rawBody } = request
        const body = rawBody ?? Buffer.alloc(0) // a request may come without any
        const raw = { hospitalId: hospitalId as HospitalId, headers, body }
        const { status, contentType, body: text } = await payments.takeNotice(provider, raw)
        return reply.code(status).type(contentType).send(text)
      },
    )
  }
