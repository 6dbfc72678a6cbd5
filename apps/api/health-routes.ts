import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { Platform } from '../../platform/context.ts'
import { pingDb } from '../../platform/db.ts'
import { problems } from '../../platform/http/problem.ts'

export const healthRoutes =
  ({ db, clock }: Platform): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/health',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'getHealth',
          summary: 'Whether the hub can do its work; 5xx when it cannot',
          tags: ['operations'],
          response: {
            200: Type.Object({
              status: Type.Literal('up'),
              at: Type.String({ format: 'date-time' }),
            }),
            ...problems,
          },
        },
      },
      async () => {
        await pingDb(db)
        return { status: 'up' as const, at: clock.now().toISOString() }
      },
    )
  }
