import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'

import { AppError, type ErrorParams, STATUS_OF_KIND } from '../../kernel/error.ts'

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    status: Type.Integer(),
    code: Type.String({ examples: ['payments.bill_changed'] }),
    params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
    detail: Type.Optional(Type.String()),
    instance: Type.String({ description: 'The request id, as in the logs' }),
  },
  { $id: 'Problem', description: 'RFC 9457' },
)

/** What every route may answer besides its own: spread it into the route's responses. */
export const problems = { '4xx': Type.Ref('Problem'), '5xx': Type.Ref('Problem') }

type Problem = { status: number; code: string; params?: ErrorParams; detail?: string }

export const problemBody = (problem: Problem, requestId: string) => ({
  type: `/problems/${problem.code}`,
  ...problem,
  instance: requestId,
})

/** The one mapping from errors to HTTP. The code is the contract; the words beside it may change. */
export function problemOf(error: FastifyError | AppError): Problem {
  if (error instanceof AppError) {
    return { status: STATUS_OF_KIND[error.kind], code: error.code, params: error.params }
  }
  if (error.validation) {
    const [first] = error.validation
    const field = `${error.validationContext ?? 'body'}${first?.instancePath ?? ''}${ownField(first)}`
    return {
      status: 400,
      code: 'http.invalid_request',
      params: { field, rule: first?.keyword ?? 'schema' },
      detail: error.message,
    }
  }
  return (
    CODE_OF_FRAMEWORK_ERROR[error.code] ?? { status: error.statusCode ?? 500, code: codeOf(error) }
  )
}

const MAX_FIELD_LENGTH = 60

/** Of a field that is missing or too many, the rule knows the name and the path does not. */
function ownField(failed: { params?: Record<string, unknown> } | undefined): string {
  const { missingProperty, additionalProperty } = failed?.params ?? {}
  const name = missingProperty ?? additionalProperty
  return typeof name === 'string' ? `/${name.slice(0, MAX_FIELD_LENGTH)}` : ''
}

// Anything that is nobody's foreseen end is a bug of ours: 500, and no word of it to the outside.
const codeOf = (error: FastifyError) =>
  (error.statusCode ?? 500) < 500 ? 'http.invalid_request' : 'http.failed'

const CODE_OF_FRAMEWORK_ERROR: Record<string, Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'http.body_too_large' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, code: 'http.unsupported_media_type' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'http.invalid_json' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'http.invalid_json' },
  FST_UNDER_PRESSURE: { status: 503, code: 'http.overloaded' },
}

export function sendProblem(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error)
  if (problem.status >= 500) request.log.error(error)
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(problemBody(problem, request.id))
}
