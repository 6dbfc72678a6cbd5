import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { strict } from '../../platform/http/schemas.ts'
import { creditErrors } from './errors.ts'
import { lenderAsking } from './lender-staff.ts'
import { findLine } from './line-store.ts'
import type { LineChange } from './lines.ts'
import type { CreditRouteContext } from './route-context.ts'
import { OfLenderAndId } from './schemas.ts'
import type { LenderId, LineId } from './terms.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Reason = Type.String({ minLength: 1, maxLength: 200, description: 'Why it changes' })
const Limit = Type.Integer({
  minimum: 0,
  maximum: 100_000_000,
  description: 'Fen. Up to what the product allows; below what is in use, nothing is taken back',
})

const NewLineChange = Type.Union([
  Type.Object({ kind: Type.Literal('limit'), limitFen: Limit, reason: Reason }, strict),
  Type.Object({ kind: Type.Enum(['suspended', 'resumed']), reason: Reason }, strict),
])

/** What a lender's staff changes of a line of its own ledger. */
export function lineChangeRoute(app: App, context: CreditRouteContext): void {
  const { credit } = context
  app.post(
    '/credit/lenders/:lenderId/lines/:id/changes',
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'changeLenderLine',
        summary: 'Suspend a line, use it again, or change its limit, and why',
        description:
          'Of a lender with a system of its own this only takes away: what that system says holds, too.',
        tags: ['credit'],
        params: OfLenderAndId,
        body: NewLineChange,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      const key = { lenderId, lineId: request.params.id as LineId }
      const { body } = request
      const change: LineChange =
        body.kind === 'limit'
          ? { kind: 'limit', limitFen: fen(body.limitFen) }
          : { kind: body.kind }
      if (change.kind === 'limit') await mustBeAllowed(context, key, change.limitFen)
      await credit.changeLine(key, change, { actor: requestActor(request), reason: body.reason })
      return reply.code(204).send(null)
    },
  )
}

/** Errors: line_not_found, product_not_found, review_limit_wrong above what its product allows. */
async function mustBeAllowed(
  { credit, platform }: CreditRouteContext,
  { lenderId, lineId }: { lenderId: LenderId; lineId: LineId },
  limitFen: number,
): Promise<void> {
  await inHospital(platform.db, lenderId, async (tx) => {
    const line = await findLine(tx, lenderId, { id: lineId })
    if (!line) throw creditErrors.line_not_found({ id: lineId })
    const { maxLimitFen } = await credit.productIn(tx, lenderId, line.productId)
    if (limitFen > maxLimitFen) {
      throw creditErrors.review_limit_wrong({ leastFen: 0, mostFen: maxLimitFen })
    }
  })
}
