import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { readJsonAs } from '../../platform/http/json-body.ts'
import { problemOf } from '../../platform/http/problem.ts'
import type { Viewer } from './access.ts'
import { fhirErrors } from './errors.ts'
import type { Pairs } from './fhir.ts'
import { type Json, writeJson } from './json.ts'
import { outcomeOf, type ProblemBody } from './outcome.ts'

// How FHIR goes over HTTP: its content types, its errors, and who asks.

const FHIR_JSON = 'application/fhir+json; charset=utf-8'
const FORM = 'application/x-www-form-urlencoded'
const FORM_LIMIT_BYTES = 16_384

/** To be called on a scope of its own: nothing of this is for the rest of the hub. */
export function speakFhir(app: FastifyInstance): void {
  readJsonAs(app, 'application/fhir+json')
  app.addContentTypeParser(
    FORM,
    { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
    async (_request: unknown, body: unknown) => [...new URLSearchParams(String(body))],
  )
  app.setErrorHandler(sendOutcome)
  app.setNotFoundHandler((request, reply) => {
    const known = request.method === 'GET' || request.method === 'POST'
    const error = known ? fhirErrors.unknown_type() : fhirErrors.unknown_interaction()
    return sendOutcome(error, request, reply)
  })
  // Whatever makes a problem here without throwing it, as a proxy of the server's own does.
  app.addHook('onSend', async (_request, reply, payload) => {
    const isProblem = String(reply.getHeader('content-type')).startsWith('application/problem')
    if (!isProblem || typeof payload !== 'string') return payload
    const { status, outcome } = outcomeOf(JSON.parse(payload) as ProblemBody)
    void reply.code(status).type(FHIR_JSON)
    return writeJson(outcome)
  })
}

function sendOutcome(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, outcome } = outcomeOf(problemOf(error))
  if (status >= 500) request.log.error(error)
  return sendJson(reply.code(status), outcome)
}

export const sendJson = (reply: FastifyReply, resource: Json): FastifyReply =>
  reply.header('cache-control', 'no-store').type(FHIR_JSON).send(writeJson(resource))

export function viewerOf(request: FastifyRequest): Viewer {
  const principal = principalOf(request, 'person', 'staff', 'application')
  const of = { hospitalId: hospitalOf(request), actor: requestActor(request) }
  switch (principal.kind) {
    case 'person':
      return { ...of, kind: 'person', personId: principal.personId }
    case 'staff':
      return { ...of, kind: 'staff', roles: principal.roles }
    case 'application':
      return { ...of, kind: 'application', applicationId: principal.applicationId }
  }
}

const MOST_HOSPITAL = 1_679_615

/** Errors: throws fhir.unknown_type for what is no hospital's number. */
export function hospitalOf(request: FastifyRequest): HospitalId {
  const { hospitalId = '' } = (request.params ?? {}) as { hospitalId?: string | number }
  const number = /^[1-9]\d{0,6}$/.test(String(hospitalId)) ? Number(hospitalId) : MOST_HOSPITAL + 1
  if (number > MOST_HOSPITAL) throw fhirErrors.unknown_type()
  return number as HospitalId
}

/** All parameters of the URL, and of a form. */
export function pairsOf({ query, body }: FastifyRequest): Pairs {
  const inUrl = Object.entries((query ?? {}) as Record<string, string | string[]>).flatMap(
    ([name, value]) => [value].flat().map((one): [string, string] => [name, one]),
  )
  const inForm = Array.isArray(body) ? (body as [string, string][]) : []
  return [...inUrl, ...inForm]
}

export const isStrict = ({ headers }: FastifyRequest): boolean =>
  /(^|[;,\s])handling=strict\b/.test(String(headers['prefer'] ?? ''))

const FORMATS = ['json', 'application/json', 'application/fhir+json']

/** Errors: throws fhir.format_unknown for whoever takes no JSON. */
export function checkFormat(request: FastifyRequest): void {
  const { _format } = (request.query ?? {}) as { _format?: string }
  const { accept = '*/*' } = request.headers
  const isTaken = _format
    ? FORMATS.includes(_format.replace(' ', '+'))
    : /\*\/\*|application\/\*|json/.test(accept)
  if (!isTaken) throw fhirErrors.format_unknown({ known: 'application/fhir+json' })
}
