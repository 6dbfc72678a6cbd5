import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { catalogueErrors } from './errors.ts'
import type { ExplainedBill } from './estimating.ts'
import type { RouteContext } from './route-parts.ts'
import { ExplanationOut, LinesToExplain, OfBill, OfHospital, viewOfBill } from './schemas.ts'

/** What lines are in the catalogue and what is covered in their place: to the payer of a bill, and to the doctor before. */
export const lineRoutes =
  ({ catalogue, billOf }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/hospitals/:hospitalId/catalogue/bills/:billNo/explanation',
      {
        config: { access: ['person'], forMember: 'bills' },
        schema: {
          operationId: 'explainMyBill',
          summary:
            'What of my bill is covered and why, and what is covered in place of what is not: an estimate',
          tags: ['catalogue'],
          params: OfBill,
          response: { 200: ExplanationOut, ...problems },
        },
      },
      async (request) => {
        const { personId } = principalOf(request, 'person')
        const { billNo } = request.params
        const hospitalId = request.params.hospitalId as HospitalId
        const bill = await billOf(hospitalId, personId, billNo)
        if (!bill) throw catalogueErrors.bill_not_found({ billNo })
        return viewOfBill(await explained(catalogue, hospitalId, bill))
      },
    )

    app.post(
      '/hospitals/:hospitalId/catalogue/explanation',
      {
        config: { access: ['his', 'staff'] },
        schema: {
          operationId: 'explainLines',
          summary:
            'What lines are in the catalogue and what is covered in their place, before they are ordered',
          tags: ['catalogue'],
          params: OfHospital,
          body: LinesToExplain,
          response: { 200: ExplanationOut, ...problems },
        },
      },
      async (request) => {
        const lines = request.body.lines.map((line) => ({
          ...line,
          unitPriceFen: fen(line.unitPriceFen),
          amountFen: fen(line.amountFen),
        }))
        const hospitalId = request.params.hospitalId as HospitalId
        return viewOfBill(await catalogue.explainBill(hospitalId, lines, null))
      },
    )
  }

/** Where nobody has put the terms of the payer's insurance, the lines are explained and nothing is estimated. */
async function explained(
  catalogue: RouteContext['catalogue'],
  hospitalId: HospitalId,
  { lines, insured }: NonNullable<Awaited<ReturnType<RouteContext['billOf']>>>,
): Promise<ExplainedBill> {
  try {
    return await catalogue.explainBill(hospitalId, lines, insured)
  } catch (error) {
    const isWithoutTerms = error instanceof AppError && error.code === 'catalogue.policy_not_found'
    if (!isWithoutTerms) throw error
    return catalogue.explainBill(hospitalId, lines, null)
  }
}
