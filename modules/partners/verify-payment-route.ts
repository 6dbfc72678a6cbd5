import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'

import type { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, parseYuan, toYuanText } from '../../kernel/money.ts'
import { problems, sendProblem } from '../../platform/http/problem.ts'
import { partnerErrors } from './errors.ts'
import { applicationActor, callerOf, FOR_APPLICATIONS, guardApplications } from './guard.ts'
import type { Partners } from './partners.ts'

const Body = Type.Object(
  {
    patient_id: Type.Optional(Type.String({ maxLength: 64 })),
    amount: Type.Optional(
      Type.Union([Type.Number(), Type.String({ maxLength: 20 })], {
        description: 'Yuan, with two decimals at most',
        examples: [300, '300.00'],
      }),
    ),
    hospital_id: Type.Optional(Type.Union([Type.Integer(), Type.String({ maxLength: 9 })])),
  },
  { additionalProperties: false },
)

const Refusal = Type.Object({ error: Type.String() }, { $id: 'VerifyPaymentRefusal' })
const refusal = Type.Ref('VerifyPaymentRefusal')

const Answer = Type.Object({
  status: Type.Literal('success'),
  message: Type.String(),
  remaining_credit: Type.Union([Type.Number(), Type.Null()], {
    description: 'Yuan of the credit line left after this amount; null without a credit line',
  }),
  payment_hash: Type.String({ description: 'SHA-256 of the statement, in hex' }),
  patient_name: Type.String({ description: 'Masked' }),
  proof: Type.Object({
    statement: Type.String({ description: 'What was found, as the very text that is signed' }),
    algorithm: Type.Literal('ed25519'),
    keyId: Type.String(),
    signature: Type.String({ description: 'Base64' }),
  }),
})

/** The bank–hospital document's own interface, with its own names and words for what goes in and out. */
export const verifyPaymentRoute =
  (partners: Partners): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(Refusal)
    guardApplications(app, partners)
    app.setErrorHandler(sendRefusal)
    app.post(
      '/verify_payment',
      {
        config: { access: FOR_APPLICATIONS, scope: 'verify:read' },
        schema: {
          operationId: 'verifyPayment',
          summary: 'Whether a patient can pay an amount at a hospital; nothing moves',
          tags: ['partners'],
          body: Body,
          response: { 200: Answer, 400: refusal, 402: refusal, 404: refusal, ...problems },
        },
      },
      async (request, reply) => {
        const { patient_id: patientId, amount, hospital_id: hospital } = request.body
        const amountFen = fenOf(amount)
        const hospitalId = hospitalOf(hospital)
        if (!patientId || amountFen === null || hospitalId === null) {
          return reply.code(400).send({ error: WORDS.missing })
        }
        const caller = callerOf(request, partners, hospitalId)
        if (!caller.scopes.includes('verify:read')) {
          throw partnerErrors.scope_missing({ scope: 'verify:read' })
        }
        const question = { patientId, hospitalId, amountFen, applicationId: caller.applicationId }
        const verdict = await partners.verifyPayment(question, applicationActor(request, partners))
        if (verdict.outcome !== 'payable') {
          const status = UNKNOWN.has(verdict.outcome) ? 404 : 402
          return reply.code(status).send({ error: WORDS[verdict.outcome] })
        }
        void reply.header('cache-control', 'no-store')
        return {
          status: 'success' as const,
          message: `验证通过,可支付${toYuanText(amountFen)}元`,
          remaining_credit: yuanOf(verdict.remainingFen),
          payment_hash: verdict.hash,
          patient_name: verdict.maskedName,
          proof: verdict.proof,
        }
      },
    )
  }

const WORDS = {
  missing: '缺少参数',
  not_bound: '患者未绑定银行卡',
  not_granted: '患者未授权',
  not_owed: '应付金额不足',
  credit_insufficient: '信用额度不足',
}

const UNKNOWN: ReadonlySet<string> = new Set(['not_bound', 'not_granted'])

/** The document writes yuan as a number. Its shortest decimal form is what the sender wrote, and is read exactly. */
function fenOf(amount: number | string | undefined): Fen | null {
  if (amount === undefined) return null
  const amountFen = parseYuan(String(amount))
  return amountFen !== null && amountFen > 0 ? amountFen : null
}

// At the edge alone, where the document wants a number: JSON writes it as the decimal it was read from.
const yuanOf = (amountFen: Fen | null): number | null =>
  amountFen === null ? null : Number(toYuanText(amountFen))

function hospitalOf(text: number | string | undefined): HospitalId | null {
  return /^[1-9]\d{0,6}$/.test(String(text)) ? (Number(text) as HospitalId) : null
}

function sendRefusal(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const isMalformed = 'validation' in error && error.validation
  return isMalformed
    ? reply.code(400).send({ error: WORDS.missing })
    : sendProblem(error, request, reply)
}
