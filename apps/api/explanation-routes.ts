import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { type PaymentId, paymentErrors, paymentOwner } from '../../modules/payments/index.ts'
import type { Platform } from '../../platform/context.ts'
import { inHospital } from '../../platform/db.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { Fen } from '../../platform/http/schemas.ts'
import type { Hub } from '../hub/create-hub.ts'

const Totals = Type.Object({
  totalFen: Fen('Of the bills.'),
  ownFen: Fen('全自费: not covered at all.'),
  overLimitFen: Fen('超限价自费.'),
  firstShareFen: Fen('先行自付.'),
  inScopeFen: Fen('符合政策范围.'),
  deductibleFen: Fen('起付线, borne by the person.'),
  poolRatioBp: Type.Integer({ description: '统筹支付比例 in 1/10,000' }),
  fundFen: Fen('All funds pay.'),
  accountFen: Fen('个人账户 pays.'),
  cashFen: Fen('Left to the payer.'),
  balanceFen: Fen('Left in the account afterwards.'),
})

const ExplanationView = Type.Object(
  {
    totals: Type.Union([Totals, Type.Null()]),
    lines: Type.Array(
      Type.Object({
        billNo: Type.String(),
        lineNo: Type.Integer(),
        amountFen: Fen('Of the line.'),
        ownFen: Fen('全自费.'),
        overLimitFen: Fen('超限价.'),
        firstShareFen: Fen('先行自付.'),
        inScopeFen: Fen('符合范围.'),
        level: Type.Union([Type.Enum(['A', 'B', 'C']), Type.Null()], {
          description: '甲 乙 丙, by the insurer',
        }),
      }),
    ),
  },
  { $id: 'Explanation' },
)

/** Why the insurer pays what it pays, line by line, in the insurer's own figures. */
export const explanationRoutes =
  (hub: Hub, { db }: Platform): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(ExplanationView)
    app.get(
      '/hospitals/:hospitalId/payments/:id/explanation',
      {
        config: { access: ['person', 'staff'], forMember: 'bills' },
        schema: {
          operationId: 'explainPayment',
          summary: 'Why the plan is as it is: the insurer’s own figures, line by line',
          tags: ['payments'],
          params: Type.Object({
            hospitalId: Type.Integer({ minimum: 1, maximum: 1_679_615 }),
            id: Type.String({ format: 'uuid' }),
          }),
          response: {
            200: Type.Unsafe<Type.Static<typeof ExplanationView>>(Type.Ref('Explanation')),
            ...problems,
          },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const id = request.params.id as PaymentId
        const principal = principalOf(request, 'person', 'staff')
        const owner = await inHospital(db, hospitalId, (tx) => paymentOwner(tx, hospitalId, id))
        const isForeign = principal.kind === 'person' && owner !== principal.personId
        if (owner === null || isForeign) throw paymentErrors.payment_not_found({ id })
        const { totals, lines } = await hub.insurance.explain(hospitalId, id)
        return { totals, lines }
      },
    )
  }
