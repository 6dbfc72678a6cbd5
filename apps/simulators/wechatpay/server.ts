import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { randomHex } from '../../../kernel/random.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { authenticate } from './authenticate.ts'
import { ROUTES } from './calls.ts'
import { type Context, nowMs } from './context.ts'
import { GATEWAY_PAGE } from './gateway-page.ts'
import type { ApiRequest, Route } from './route.ts'
import { runCall } from './run-call.ts'
import { answerText, isNational, schemeOf, sign } from './signing.ts'
import { addV2Routes } from './v2/server.ts'

const BODY_BYTES = 1024 * 1024

/**
 * The wire: raw bodies in, signed answers out. `stopped` ends answers that a fault holds back.
 */
export function createServer(context: Context, stopped: AbortSignal): FastifyInstance {
  const app = Fastify({
    logger: { level: 'error' }, // and only mistakes of the simulator itself are errors
    bodyLimit: BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (_error, _request, reply) => {
      void sendError(context, reply, new ApiError('bad_parameter', '请求地址不合法'))
    },
  })
  // Signatures are over bytes, so no parser may come between.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, request, reply) =>
    sendError(context, reply, apiErrorOf(error, request, stopped)),
  )
  app.setNotFoundHandler((_request, reply) =>
    sendError(context, reply, new ApiError('resource_not_exists', '接口不存在')),
  )
  for (const route of ROUTES) {
    const { method, url } = route
    app.route({
      method,
      url,
      handler: (request, reply) => serve(context, route, request, reply, stopped),
    })
  }
  addV2Routes(app, context, stopped)
  return app
}

async function serve(
  context: Context,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  stopped: AbortSignal,
): Promise<FastifyReply> {
  const read = readRequest(context, request)
  const call = route.read(context, read)
  const outcome = await runCall(context, read.merchant.mchid, call, stopped)
  switch (outcome.type) {
    case 'cut':
      reply.hijack()
      request.raw.socket.destroy()
      return reply
    case 'garbled':
      return reply.type('text/html; charset=utf-8').send(GATEWAY_PAGE)
    case 'file':
      return reply
        .header('request-id', requestId(context, 0))
        .type(outcome.contentType)
        .send(Buffer.from(outcome.content))
    case 'empty':
      return sendSigned(context, reply.code(204), '', 0)
    case 'json':
      return sendSigned(context, reply.code(200), JSON.stringify(outcome.body), 0)
  }
}

function readRequest(context: Context, request: FastifyRequest): ApiRequest {
  const { method, headers } = request
  const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
  const target = request.raw.url ?? ''
  const { authorization } = headers
  const merchant = authenticate(context, { method, target, body, authorization })
  if (!headers['user-agent']) throw headerMissing('User-Agent')
  if (!/application\/json|\*\/\*/.test(headers.accept ?? '')) throw headerMissing('Accept')
  const params = request.params as Record<string, string>
  const serial = headers['wechatpay-serial']
  return {
    merchant,
    params,
    target,
    body: method === 'GET' ? null : readJson(request, body),
    sealedWith: typeof serial === 'string' ? serial : null,
  }
}

const headerMissing = (field: string) =>
  new ApiError('bad_parameter', undefined, {
    field,
    value: '',
    issue: '缺少请求头',
    location: 'header',
  })

function readJson(request: FastifyRequest, body: Buffer): unknown {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiError('wrong_content_type')
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new ApiError('bad_parameter', '请求包体不是合法的 JSON')
  }
}

function apiErrorOf(error: unknown, request: FastifyRequest, stopped: AbortSignal): ApiError {
  if (error instanceof ApiError) return error
  const status = (error as { statusCode?: number }).statusCode ?? 500
  if (status === 413) return new ApiError('body_too_large')
  if (status === 415) return new ApiError('wrong_content_type')
  if (status >= 400 && status < 500) return new ApiError('bad_parameter', '请求不合法')
  if (!stopped.aborted) request.log.error(error)
  return new ApiError('system_error')
}

function sendError(context: Context, reply: FastifyReply, error: ApiError): FastifyReply {
  const { code, message, detail } = error
  const body = JSON.stringify(detail ? { code, message, detail } : { code, message })
  return sendSigned(context, reply.code(error.status), body, error.numericCode)
}

function sendSigned(
  context: Context,
  reply: FastifyReply,
  body: string,
  numericCode: number,
): FastifyReply {
  const timestamp = String(Math.floor(nowMs(context) / SECOND_MS))
  const nonce = randomHex(context.random, 16)
  const signer = context.platform.signer(isNational(reply.request.headers.authorization))
  const { privateKey, serial } = signer
  void reply.headers({
    'request-id': requestId(context, numericCode),
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-signature': sign(privateKey, answerText(timestamp, nonce, body)),
    'wechatpay-signature-type': schemeOf(privateKey),
    'wechatpay-serial': serial,
  })
  return body === '' ? reply.send() : reply.type('application/json; charset=utf-8').send(body)
}

/** The text after the last hyphen says what went wrong, as a number; 0 is nothing, or unnumbered. */
const requestId = ({ random }: Context, numericCode: number) =>
  `${randomHex(random, 16).toUpperCase()}-${numericCode}`
