import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { ApiError } from './api-error.ts'
import { readBillFile } from './bills.ts'
import { METHODS, SIGNED_METHODS } from './calls.ts'
import type { App, Context } from './context.ts'
import { askFaultPlan } from './faults.ts'
import {
  answerText,
  appNamed,
  authenticate,
  errorNode,
  readParams,
  successNode,
} from './gateway.ts'
import { type Outcome, runCall } from './run-call.ts'
import { openOnPage } from './wallet-page.ts'

const BODY_BYTES = 1024 * 1024
const GATEWAY_PAGE =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>'

/** The wire: forms in, signed answers out. `stopped` ends answers that a fault holds back. */
export function createServer(context: Context, stopped: AbortSignal): FastifyInstance {
  const app = Fastify({
    logger: { level: 'error' }, // and only mistakes of the simulator itself are errors
    bodyLimit: BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  })
  // A form is read by the gateway, so no parser may come between.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.get('/gateway.do', (request, reply) => serve(context, request, reply, stopped))
  app.post('/gateway.do', (request, reply) => serve(context, request, reply, stopped))
  app.get('/downloadBillFile.resource', (request, reply) => sendBill(context, request, reply))
  return app
}

async function serve(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  stopped: AbortSignal,
): Promise<FastifyReply> {
  const to = { app: null as App | null, method: '', isEncrypted: false }
  try {
    const params = readParams(queryOf(request), formOf(request))
    to.app = appNamed(context, params)
    if (!params.get('app_id')) throw new ApiError('isv.missing-app-id')
    if (!to.app) throw new ApiError('isv.invalid-app-id')
    const signed = authenticate(context, to.app, params)
    const method = METHODS.get(signed.method)
    if (SIGNED_METHODS.has(signed.method)) return openOnPage(context, signed, reply)
    if (!method) throw new ApiError('isv.invalid-method')
    to.method = signed.method
    to.isEncrypted = signed.isEncrypted
    const call = method(context, signed)
    const outcome = await runCall(context, signed.app.appId, signed.method, call, stopped)
    return answer(context, to, outcome, request, reply)
  } catch (error) {
    if (!(error instanceof ApiError)) {
      if (!stopped.aborted) request.log.error(error)
      return send(reply, answerText(context, to, errorNode(new ApiError('isp.unknow-error'))))
    }
    return send(reply, answerText(context, to, errorNode(error)))
  }
}

function answer(
  context: Context,
  to: Parameters<typeof answerText>[1],
  outcome: Outcome,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  switch (outcome.type) {
    case 'cut':
      reply.hijack()
      request.raw.socket.destroy()
      return reply
    case 'garbled':
      return reply.type('text/html; charset=utf-8').send(GATEWAY_PAGE)
    case 'done': {
      const { code, node } = outcome.done
      return send(reply, answerText(context, to, successNode(code, node)))
    }
  }
}

const send = (reply: FastifyReply, text: string) => reply.type('text/html;charset=utf-8').send(text) // as Alipay calls its JSON

/** Without a signature: whoever has the address within its thirty seconds has the bill. */
function sendBill(context: Context, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const query = new URLSearchParams(queryOf(request))
  const file = readBillFile(context, query.get('fileId') ?? '')
  if (file === null) return reply.code(404).type('text/html').send('下载链接已失效')
  const sellerId = query.get('userId') ?? ''
  const fault = askFaultPlan(context, sellerId, 'GET bill', 'bill')
  switch (fault?.kind) {
    case 'drop':
    case 'lose_answer':
      reply.hijack()
      request.raw.socket.destroy()
      return reply
    case 'garble': // as if the connection had ended early, and some proxy had not noticed
      return reply.type('application/zip').send(file.subarray(0, Math.floor(file.length / 2)))
    case 'refuse':
      return reply.code(503).type('text/html').send(GATEWAY_PAGE)
    default:
      return reply.type('application/zip').send(file)
  }
}

const queryOf = (request: FastifyRequest): string => request.raw.url?.split('?')[1] ?? ''

const formOf = (request: FastifyRequest): string =>
  request.body instanceof Buffer ? request.body.toString('utf8') : ''
