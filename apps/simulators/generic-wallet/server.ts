import { setTimeout as sleep } from 'node:timers/promises'

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { askFaultPlan, type Context, nowMs, Refusal } from './context.ts'
import type { Call, Dialect, Proven, Route, Written } from './dialect.ts'

const BODY_BYTES = 256 * 1024
const GATEWAY_PAGE = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>'

/** The wire: raw bodies in, proven answers out. `stopped` ends answers that a fault holds back. */
export function createServer(
  context: Context,
  dialect: Dialect,
  stopped: AbortSignal,
): FastifyInstance {
  const app = Fastify({
    logger: { level: 'error' }, // and only mistakes of the simulator itself are errors
    bodyLimit: BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  })
  // Signatures are over bytes, so no parser may come between.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  for (const route of dialect.routes) {
    const { method, url } = route
    app.route({
      method,
      url,
      handler: (request, reply) => serve(context, dialect, route, { request, reply, stopped }),
    })
  }
  app.get('/dcep/v1/statement-file', (request, reply) => sendFile(context, request, reply))
  return app
}

type Wire = { request: FastifyRequest; reply: FastifyReply; stopped: AbortSignal }

async function serve(
  context: Context,
  dialect: Dialect,
  route: Route,
  { request, reply, stopped }: Wire,
): Promise<FastifyReply> {
  const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
  const { method, headers } = request
  const incoming = { method, target: request.raw.url ?? '', headers, body }
  const proven = dialect.authenticate(context, incoming)
  if (proven === null) return send(reply, dialect.unproven)
  const outcome = await run(context, dialect, proven, stopped, () =>
    route.read(context, proven, request.params as Record<string, string>),
  )
  if (outcome === 'cut') {
    reply.hijack()
    request.raw.socket.destroy()
    return reply
  }
  return outcome === 'garbled'
    ? reply.type('text/html; charset=utf-8').send(GATEWAY_PAGE)
    : send(reply, outcome)
}

/** Does a call in one transaction, or what the fault plan makes of it. */
async function run(
  context: Context,
  dialect: Dialect,
  proven: Proven,
  stopped: AbortSignal,
  read: () => Call,
): Promise<Written | 'cut' | 'garbled'> {
  const { store } = context
  const answered = (work: () => object): Written => {
    try {
      return dialect.answer(context, proven, work())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return dialect.refuse(context, proven, error.kind, error.message)
    }
  }
  let call: Call
  try {
    call = read()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return dialect.refuse(context, proven, error.kind, error.message)
  }
  const perform = () => answered(() => store.transaction(() => call.perform()))
  const fault = askFaultPlan(context, call.operation, call.key)
  switch (fault?.kind) {
    case 'refuse':
      return dialect.refuse(context, proven, 'unavailable', 'the wallet is in trouble')
    case 'drop':
      return 'cut'
    case 'lose_answer':
      perform()
      return 'cut'
    case 'garble':
      perform()
      return 'garbled'
    case 'slow': {
      const answer = perform()
      await sleep(fault.ms, null, { signal: stopped })
      return answer
    }
    case 'lie':
      return answered(() => store.pretend(() => call.perform()))
    case 'decline':
      return dialect.refuse(context, proven, 'invalid', `declined by the plan: ${fault.code}`)
    case 'lose_notice':
    case 'delay_notice':
    case 'duplicate_notice':
    case undefined:
      return perform()
  }
}

function sendFile(context: Context, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { token = '' } = request.query as Record<string, string>
  const row = context.store.get<{ content: Uint8Array }>(
    'select content from statement_file where token = ? and expires_ms > ?',
    [token, nowMs(context)],
  )
  return row === null
    ? reply.code(404).send('there is no such file')
    : reply.type('application/gzip').send(Buffer.from(row.content))
}

const send = (reply: FastifyReply, { status, headers, body }: Written): FastifyReply =>
  reply
    .code(status)
    .headers({ 'content-type': 'application/json', ...headers })
    .send(body)
