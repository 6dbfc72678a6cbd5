import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { catalogueErrors } from './errors.ts'
import type { RouteContext } from './route-parts.ts'
import { ExplanationOut, LinesToExplain, OfBill, OfHospital, viewOfBill } from './schemas.ts'

/** What lines are in the catalogue and what is covered in their place: to the payer of a bill, and to the doctor before. */
export const lineRoutes =
  ({ catalogue, billOf }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/hospitals/:hospitalId/catalogue/bills/:billNo/explanation',
      {
        config: { access: ['person'] },
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
        return viewOfBill(await catalogue.explainBill(hospitalId, bill.lines, bill.insured))
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
