import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'

/** What only a demo has. */
export const demoRoutes =
  ({ walletUrl }: { walletUrl: string | null }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/demo/wallet',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'getDemoWallet',
          summary: "Where the sandbox's wallet shows its payment page; only in a demo",
          tags: ['demo'],
          response: {
            200: Type.Object({ url: Type.Union([Type.String(), Type.Null()]) }),
            ...problems,
          },
        },
      },
      async () => ({ url: walletUrl }),
    )
  }
