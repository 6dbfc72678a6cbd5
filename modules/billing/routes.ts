import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import { type Acting, nobodyActs, type Payable, patientIn } from '../payments/index.ts'
import type { Billing } from './billing.ts'

const BillSchema = Type.Object(
  {
    billNo: Type.String(),
    version: Type.Integer(),
    visitNo: Type.String(),
    kind: Type.Enum(['registration', 'outpatient']),
    title: Type.String(),
    billedAt: Type.String({ format: 'date-time' }),
    totalFen: Type.Integer({ description: 'Fen. The lines add up to it.' }),
    lines: Type.Array(
      Type.Object({
        lineNo: Type.Integer(),
        name: Type.String(),
        spec: Type.String(),
        unit: Type.String(),
        chargeCategory: Type.String({ description: 'med_chrgitm_type' }),
        insuranceClass: Type.Enum(['A', 'B', 'C'], { description: '甲 乙 丙' }),
        unitPriceFen: Type.Integer(),
        quantity: Type.Integer(),
        amountFen: Type.Integer(),
      }),
    ),
  },
  { $id: 'Bill' },
)

const Bill = Type.Unsafe<Type.Static<typeof BillSchema>>(Type.Ref('Bill'))

export const billingRoutes =
  (billing: Billing, acting: Acting = nobodyActs): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(BillSchema)
    app.get(
      '/hospitals/:hospitalId/bills',
      {
        config: {
          access: ['person', 'application'],
          scope: 'payments:write',
          forMember: 'bills',
        },
        schema: {
          operationId: 'listOpenBills',
          summary:
            'What a person owes at this hospital now: the one who is signed in, or whom an application names',
          tags: ['bills'],
          params: Type.Object({ hospitalId: Type.Integer({ minimum: 1, maximum: 1_679_615 }) }),
          querystring: Type.Object(
            { patientId: Type.Optional(Type.String({ format: 'uuid' })) },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object({
              bills: Type.Array(Bill),
              readAt: Type.String({ format: 'date-time' }),
              stale: Type.Boolean({
                description: 'The hospital did not answer: this is what it said at readAt',
              }),
            }),
            ...problems,
          },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const { patientId } = request.query
        const personId = await patientIn(acting, request, hospitalId, patientId)
        const { bills, readAt, stale } = await billing.openBills(hospitalId, personId)
        return { bills: bills.map(viewOf), readAt: readAt.toISOString(), stale }
      },
    )
  }

const viewOf = ({ lines, ...bill }: Payable): Type.Static<typeof BillSchema> => ({
  billNo: bill.billNo,
  version: bill.version,
  visitNo: bill.visitNo,
  kind: bill.kind,
  title: bill.title,
  billedAt: bill.billedAt.toISOString(),
  totalFen: bill.totalFen,
  lines: lines.map(viewOfLine),
})

const viewOfLine = (line: Payable['lines'][number]) => ({
  lineNo: line.lineNo,
  name: line.name,
  spec: line.spec,
  unit: line.unit,
  chargeCategory: line.chargeCategory,
  insuranceClass: line.insuranceClass,
  unitPriceFen: line.unitPriceFen,
  quantity: line.quantity,
  amountFen: line.amountFen,
})
