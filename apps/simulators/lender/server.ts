import type { KeyObject } from 'node:crypto'
import type { AddressInfo } from 'node:net'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'

import { assert } from '../../../kernel/assert.ts'
import { type Answer, refuse } from './answers.ts'
import { type Context, nowMs, Refusal } from './context.ts'
import { type Fields, fieldsOf, readForm } from './fields.ts'
import { createRepay, dayStatement, payRepay, queryRepay } from './repay-services.ts'
import { runCall } from './run-call.ts'
import {
  apply,
  consumeOrder,
  flushOrder,
  type Handler,
  queryAuthority,
  queryBills,
  queryConsume,
  queryFlush,
  sign,
  unsign,
} from './services.ts'
import { authenticate, type Partner, proofOf, type Unproven } from './signing.ts'

const SERVICES: ReadonlyMap<string, Handler> = new Map([
  ['loan.authority.query', queryAuthority],
  ['loan.apply', apply],
  ['loan.sign', sign],
  ['loan.unsign', unsign],
  ['loan.consume', consumeOrder],
  ['loan.consume.query', queryConsume],
  ['loan.consume.flush', flushOrder],
  ['loan.consume.flush.query', queryFlush],
  ['loan.bill.query', queryBills],
  ['loan.repay.create', createRepay],
  ['loan.repay.pay', payRepay],
  ['loan.repay.query', queryRepay],
  ['loan.statement.day', dayStatement],
])

export type Gateway = {
  partners: ReadonlyMap<string, Partner>
  /** The bank's own, to prove its answers with. */
  key: KeyObject
  /** Stands before every service: 'yuantu.wap.' at the gateway this one is like. */
  servicePrefix: string
}

const BODY_BYTES = 65_536

/** The one address of the gateway. */
export function createGateway(
  context: Context,
  gateway: Gateway,
  stopped: AbortSignal,
): FastifyInstance {
  const app = Fastify({
    logger: { level: 'error' }, // and only mistakes of the simulator itself are errors
    bodyLimit: BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/gateway', (request, reply) => serve(context, gateway, { request, reply, stopped }))
  return app
}

/** On loopback; returns 'http://127.0.0.1:port'. */
export async function listen(app: FastifyInstance, port: number): Promise<string> {
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address() as AddressInfo | null
  assert(address !== null, 'a server that listens has an address')
  return `http://127.0.0.1:${address.port}`
}

type Wire = { request: FastifyRequest; reply: FastifyReply; stopped: AbortSignal }

async function serve(
  context: Context,
  gateway: Gateway,
  { request, reply, stopped }: Wire,
): Promise<FastifyReply> {
  const startedMs = nowMs(context)
  const asked = hear(context, gateway, request)
  if (!('partner' in asked)) return reply.code(asked.status).send(asked.body)
  const answer = await work(context, gateway, asked, stopped)
  if (answer === 'cut') {
    reply.hijack()
    request.raw.socket.destroy()
    return reply
  }
  if (answer === 'garbled') return reply.type('text/html; charset=utf-8').send(PAGE)
  const { success, code, msg, data } = answer
  const timeConsum = nowMs(context) - startedMs
  const body = JSON.stringify({ success, msg, code, startTime: startedMs, timeConsum, data })
  return reply
    .headers({
      'content-type': 'application/json; charset=utf-8',
      ...headersOf(proofOf(gateway.key, asked.partner, asked.fields.text('flowId'), body)),
    })
    .send(body)
}

const headersOf = ({ sign: signature, sign_type: signType }: ReturnType<typeof proofOf>) => ({
  'x-sign': signature,
  'x-sign-type': signType,
})

/** A page of some machine between. */
const PAGE = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>'

type Asked = { partner: Partner; fields: Fields }

/** Reads and believes a request, or says what is wrong with it: unsigned, as nobody is known to prove it to. */
function hear(
  context: Context,
  { partners }: Gateway,
  request: FastifyRequest,
): Asked | { status: number; body: object } {
  const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
  try {
    const form = readForm(body)
    const fields = fieldsOf(form)
    const partner = authenticate(context, partners, form, fields)
    return typeof partner === 'string'
      ? { status: 401, body: UNPROVEN[partner] }
      : { partner, fields }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: 400, body: refuse(error) }
  }
}

async function work(
  context: Context,
  { servicePrefix }: Gateway,
  { partner, fields }: Asked,
  stopped: AbortSignal,
): Promise<Answer | 'cut' | 'garbled'> {
  try {
    const named = fields.text('service')
    const service = named.startsWith(servicePrefix) ? named.slice(servicePrefix.length) : named
    const handler = SERVICES.get(service)
    if (!handler) throw fields.wrong('service')
    return await runCall(context, service, handler(context, partner, fields), stopped)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refuse(error)
  }
}

const UNPROVEN: Record<Unproven, object> = {
  signature: { success: false, code: 2001, msg: '签名错误' },
  time: { success: false, code: 2002, msg: '交易时间超出范围' },
  replayed: { success: false, code: 2003, msg: '重复的请求' },
}
