import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { assert } from '../../../../kernel/assert.ts'
import { type Context, Refusal } from '../core/context.ts'
import { type CommercialInsurer, type InsurerOptions, startInsurer } from '../core/insurer.ts'
import { DIRECT_PRODUCTS } from '../core/products.ts'
import { type Answer, runCall } from '../core/run-call.ts'
import { bodyOf, createApp, cut, garble } from '../core/serve.ts'
import { refuse, spoil } from './answers.ts'
import { dayStatement, queryClaim, queryPolicies, submitClaim } from './desk.ts'
import { readBody } from './fields.ts'
import {
  advanceOrder,
  cancelOrder,
  confirmOrder,
  type Handler,
  queryOrder,
  queryRefund,
  refundOrder,
  syncFees,
} from './orders.ts'
import { authenticate, type Client, proofOf, type Unproven } from './signing.ts'

export type { Client as DirectClient } from './signing.ts'

/** Starts the direct-billing insurer of protocol.md on loopback. Gives back whole settlements alone unless told. */
export function startDirectInsurer(
  options: InsurerOptions & { clients: readonly Client[] },
): Promise<CommercialInsurer> {
  const clients = new Map(options.clients.map((client) => [client.appId, client]))
  assert(clients.size === options.clients.length, 'each client has an id of its own')
  const settings = {
    ...options,
    products: options.products ?? DIRECT_PRODUCTS,
    partialRefunds: options.partialRefunds ?? false,
  }
  return startInsurer('commercial_direct', settings, (context, stopped) =>
    createServer(context, clients, stopped),
  )
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  '/hospitalDirect/policy/query': queryPolicies,
  '/hospitalDirect/data/sync/feeInfo': syncFees,
  '/hospitalDirect/order/advance': advanceOrder,
  '/hospitalDirect/order/confirm': confirmOrder,
  '/hospitalDirect/order/query': queryOrder,
  '/hospitalDirect/order/cancel': cancelOrder,
  '/hospitalDirect/order/refund': refundOrder,
  '/hospitalDirect/order/refundQuery': queryRefund,
  '/hospitalDirect/claim/submit': submitClaim,
  '/hospitalDirect/claim/query': queryClaim,
  '/hospitalDirect/statement/day': dayStatement,
}

type Wire = { request: FastifyRequest; reply: FastifyReply; stopped: AbortSignal }

function createServer(
  context: Context,
  clients: ReadonlyMap<string, Client>,
  stopped: AbortSignal,
): FastifyInstance {
  const app = createApp()
  for (const [path, handler] of Object.entries(HANDLERS)) {
    app.post(path, (request, reply) =>
      serve(context, clients, { path, handler }, { request, reply, stopped }),
    )
  }
  return app
}

async function serve(
  context: Context,
  clients: ReadonlyMap<string, Client>,
  { path, handler }: { path: string; handler: Handler },
  { request, reply, stopped }: Wire,
): Promise<FastifyReply> {
  const head = headOf(request)
  const body = bodyOf(request)
  const client = authenticate(context, clients, { head, method: 'POST', path, body })
  if (typeof client === 'string') return reply.code(401).send(UNPROVEN[client])
  const answer = await work(context, client, { path, handler, body }, stopped)
  if (answer === 'cut') return cut(request, reply)
  if (answer === 'garbled') return garble(reply)
  const text = JSON.stringify(answer.body)
  return reply
    .code(answer.status)
    .headers({
      'content-type': 'application/json; charset=utf-8',
      ...proofOf(context, client, head.nonce, text),
    })
    .send(text)
}

async function work(
  context: Context,
  { hospitalCode }: Client,
  { path, handler, body }: { path: string; handler: Handler; body: Buffer },
  stopped: AbortSignal,
): Promise<Answer | 'cut' | 'garbled'> {
  try {
    const fields = readBody(body)
    if (fields.text('hospitalCode') !== hospitalCode) throw fields.wrong('hospitalCode')
    const call = { operation: path, ...handler(context, hospitalCode, fields) }
    return await runCall(context, call, { refuse, spoil }, stopped)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refuse(error)
  }
}

const headOf = ({ headers }: FastifyRequest) => {
  const text = (name: string) => {
    const value = headers[name]
    return typeof value === 'string' ? value : ''
  }
  return {
    appId: text('x-hd-appid'),
    timestamp: text('x-hd-timestamp'),
    nonce: text('x-hd-nonce'),
    signature: text('x-hd-signature'),
  }
}

/** Unsigned, as nobody is known to whom an answer could be proven. */
const UNPROVEN: Record<Unproven, object> = {
  signature: { code: '2001', message: '签名错误' },
  timestamp: { code: '2002', message: '时间戳超出范围' },
  replayed: { code: '2003', message: '重复的请求' },
}
