import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'

/** Where the sandbox's pages are for payers: its wallet, and its phone that scans codes. */
export type DemoPlaces = { walletUrl: string | null; scanUrl?: string | null }

/** What only a demo has. */
export const demoRoutes =
  ({ walletUrl, scanUrl = null }: DemoPlaces): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/demo/wallet',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'getDemoWallet',
          summary:
            "Where the sandbox's wallet shows its payment page and its phone scans; only in a demo",
          tags: ['demo'],
          response: {
            200: Type.Object({
              url: Type.Union([Type.String(), Type.Null()]),
              scanUrl: Type.Union([Type.String(), Type.Null()]),
            }),
            ...problems,
          },
        },
      },
      async () => ({ url: walletUrl, scanUrl }),
    )
  }
