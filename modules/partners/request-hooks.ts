import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { NewId } from '../../kernel/id.ts'
import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { proofOf } from './authenticate.ts'
import { looksLikeAccessToken } from './credential.ts'
import { EXTRA_SIGNATURES } from './endpoint.ts'
import { checkScope, hospitalInPath } from './guard.ts'
import type { Partners } from './partners.ts'
import { insertRequest } from './request-log-store.ts'
import { answerText } from './request-signature.ts'
import { shownTo } from './shown.ts'

const SIGN_ANSWER = 'x-partner-sign-answer'
const MOST_PATH_CHARACTERS = 500

/**
 * What every request of an application has besides its route: its scope is checked, it is logged, and its answer shows
 * what one of its kind may see, and is signed where it asks for that. To be called on the server itself, before any route is registered.
 */
export function addPartnerHooks(
  app: FastifyInstance,
  partners: Partners,
  platform: { db: Db; clock: Clock; newId: NewId },
): void {
  const errorCodes = new WeakMap<FastifyRequest, string>()
  app.addHook('preValidation', async (request) => checkScope(request, partners))
  app.addHook('preSerialization', async (request, _reply, payload) => {
    const proven = partners.provenOf(request)
    return proven ? shownTo(proven.kind, payload) : payload
  })
  app.addHook('onSend', async (request, reply, payload) => {
    challenge(request, reply)
    const code = reply.statusCode >= 400 ? codeIn(payload) : null
    if (code !== null) errorCodes.set(request, code)
    signAnswer(request, reply, payload, partners, platform.clock)
  })
  app.addHook('onResponse', async (request, reply) => {
    const applicationId = partners.askedBy(request)
    if (applicationId === null) return
    const hospitalId = hospitalInPath(request)
    await insertRequest(platform.db, {
      application_id: applicationId,
      id: platform.newId<'RequestLog'>(),
      hospital_id: Number.isNaN(hospitalId) ? null : hospitalId,
      method: request.method,
      // Never the query: it may carry anything.
      path: (request.url.split('?')[0] ?? '').slice(0, MOST_PATH_CHARACTERS),
      status: reply.statusCode,
      error_code: errorCodes.get(request) ?? null,
      request_id: request.id,
      address: request.ip,
      proof: proofOf(request),
      duration_ms: Math.round(reply.elapsedTime),
      at: platform.clock.now(),
    }).catch((error: unknown) => request.log.error(error, 'a request was not logged'))
  })
}

/** How to do better next time, for whoever came with a token. Source: RFC 6750 §3. */
function challenge(request: FastifyRequest, reply: FastifyReply): void {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!looksLikeAccessToken(token)) return
  if (reply.statusCode === 401) reply.header('www-authenticate', 'Bearer error="invalid_token"')
  const { scope } = request.routeOptions.config
  if (reply.statusCode === 403 && scope) {
    const words = `Bearer error="insufficient_scope", scope="${scope}"`
    reply.header('www-authenticate', words)
  }
}

const MOST_CODE_CHARACTERS = 100

/** The code of a problem, of an OAuth error, or of FHIR's OperationOutcome, which has it as a coding. */
function codeIn(payload: unknown): string | null {
  if (typeof payload !== 'string' || !payload.startsWith('{')) return null
  const { code, error, issue } = JSON.parse(payload) as Refusal
  const word = code ?? error ?? issue?.[0]?.details?.coding?.[0]?.code
  return typeof word === 'string' ? word.slice(0, MOST_CODE_CHARACTERS) : null
}

type Refusal = {
  code?: unknown
  error?: unknown
  issue?: { details?: { coding?: { code?: unknown }[] } }[]
}

/** An answer that must be proven to a third party: signed together with the nonce of the request it answers. */
function signAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  partners: Partners,
  clock: Clock,
): void {
  const algorithm = EXTRA_SIGNATURES.find((name) => name === request.headers[SIGN_ANSWER])
  const nonce = partners.provenOf(request)?.signedBy?.nonce
  if (!algorithm || !nonce) return
  const body = payload ?? ''
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return
  const timestamp = String(Math.floor(clock.now().getTime() / SECOND_MS))
  const key = partners.platformKey[algorithm]
  reply.headers({
    'x-partner-answer-key-id': key.keyId,
    'x-partner-answer-timestamp': timestamp,
    'x-partner-answer-signature': key.sign(answerText(timestamp, nonce, body)),
  })
}
