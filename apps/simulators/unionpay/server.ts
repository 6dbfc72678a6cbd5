import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { answerTo } from './answers.ts'
import { type Endpoint, readCall } from './calls.ts'
import { addCashier } from './cashier.ts'
import type { Context } from './context.ts'
import { type Fields, readForm, toAnswerText } from './message.ts'
import { Refusal } from './refusal.ts'
import { checkRequest } from './requests.ts'
import { type Outcome, runCall } from './run-call.ts'

const BODY_BYTES = 1024 * 1024
const GATEWAY_PAGE =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>'

const ROUTES: [path: string, endpoint: Endpoint][] = [
  ['/gateway/api/appTransReq.do', 'app'],
  ['/gateway/api/backTransReq.do', 'back'],
  ['/gateway/api/queryTrans.do', 'query'],
  ['/', 'file'],
]

/** The wire: forms in, signed text out. `stopped` ends answers that a fault holds back. */
export function createServer(context: Context, stopped: AbortSignal): FastifyInstance {
  const app = Fastify({
    logger: { level: 'error' }, // and only mistakes of the simulator itself are errors
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
  })
  // Signatures are over what was sent, so no parser may come between.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  for (const [path, endpoint] of ROUTES) {
    app.post(path, (request, reply) => serve(context, endpoint, request, reply, stopped))
  }
  addCashier(app, context)
  return app
}

async function serve(
  context: Context,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  stopped: AbortSignal,
): Promise<FastifyReply> {
  const fields = readForm(request.body instanceof Buffer ? request.body : Buffer.alloc(0))
  const merchant = fields && context.merchants.get(fields['merId'] ?? '')
  // Whom nobody knows is told so without a signature: there is no key to choose.
  if (!fields || !merchant) return reply.code(200).send('respCode=31&respMsg=商户状态不正确')
  let outcome: Outcome
  try {
    checkRequest(merchant, fields)
    const call = readCall(context, merchant, endpoint, fields)
    outcome = await runCall(context, merchant, fields, call, stopped)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const answer = answerTo(merchant, fields, error.respCode, {}, error.detail)
    return sendAnswer(reply, answer)
  }
  switch (outcome.type) {
    case 'cut':
      reply.hijack()
      request.raw.socket.destroy()
      return reply
    case 'garbled':
      return reply.type('text/html; charset=utf-8').send(GATEWAY_PAGE)
    case 'answer':
      return sendAnswer(reply, outcome.fields)
  }
}

const sendAnswer = (reply: FastifyReply, fields: Fields): FastifyReply =>
  reply.type('text/html;charset=UTF-8').send(toAnswerText(fields))
