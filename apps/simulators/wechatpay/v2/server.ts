import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { randomHex } from '../../../../kernel/random.ts'
import { ApiError } from '../api-error.ts'
import type { Context, Merchant } from '../context.ts'
import { keyOfNewOrder, keyOfOrder } from '../faults.ts'
import { GATEWAY_PAGE } from '../gateway-page.ts'
import { runCall } from '../run-call.ts'
import { type Answer, refusal } from './answer.ts'
import { micropay } from './micropay.ts'
import { orderquery } from './orderquery.ts'
import { reverse } from './reverse.ts'
import { type Fields, readXml, signFields, type SignType, writeXml } from './wire.ts'

type Verb = (context: Context, merchant: Merchant, fields: Fields) => Answer

const VERBS: Record<string, Verb> = {
  '/pay/micropay': micropay,
  '/pay/orderquery': orderquery,
  // The real one wants the merchant's certificate on the connection; loopback without TLS has none.
  '/secapi/pay/reverse': reverse,
}

/** The calls of API v2 that 付款码支付 is made of: XML in, signed XML out, and HTTP 200 for all of it. */
export function addV2Routes(app: FastifyInstance, context: Context, stopped: AbortSignal): void {
  for (const [url, verb] of Object.entries(VERBS)) {
    app.post(url, (request, reply) => serve(context, { url, verb }, request, reply, stopped))
  }
}

async function serve(
  context: Context,
  { url, verb }: { url: string; verb: Verb },
  request: FastifyRequest,
  reply: FastifyReply,
  stopped: AbortSignal,
): Promise<FastifyReply> {
  const read = readRequest(context, request.body)
  if ('mistake' in read) {
    // Unsigned, as nobody is known whose key would sign it.
    return send(reply, { return_code: 'FAIL', return_msg: read.mistake })
  }
  const { merchant, fields, signType } = read
  const { mchid } = merchant
  const outTradeNo = fields['out_trade_no'] ?? ''
  const isNew = url === '/pay/micropay'
  const call = {
    operation: `POST ${url}`,
    key: isNew
      ? keyOfNewOrder(context, mchid, outTradeNo, fields['body'] ?? '')
      : keyOfOrder(context, mchid, outTradeNo),
    perform: () => verb(context, merchant, fields),
  }
  try {
    const outcome = await runCall(context, mchid, call, stopped)
    switch (outcome.type) {
      case 'cut':
        reply.hijack()
        request.raw.socket.destroy()
        return reply
      case 'fields':
        return send(reply, signed(context, merchant, signType, outcome.fields))
      default:
        return reply.type('text/html; charset=utf-8').send(GATEWAY_PAGE)
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const code = error.code === 'SYSTEM_ERROR' ? 'SYSTEMERROR' : error.code
    const { fields: refused } = refusal(code, error.message)
    return send(reply, signed(context, merchant, signType, refused))
  }
}

type Read = { merchant: Merchant; fields: Fields; signType: SignType } | { mistake: string }

function readRequest(context: Context, body: unknown): Read {
  const fields = readXml(body instanceof Buffer ? body.toString('utf8') : '')
  if (!fields) return { mistake: 'XML格式错误' }
  const merchant = context.merchants.get(fields['mch_id'] ?? '')
  if (!merchant?.apiV2Key) return { mistake: 'mch_id参数格式错误' }
  if (fields['appid'] !== merchant.appid) return { mistake: 'appid和mch_id不匹配' }
  const signType = fields['sign_type'] ?? 'MD5'
  if (signType !== 'MD5' && signType !== 'HMAC-SHA256') return { mistake: '签名类型错误' }
  if (!fields['nonce_str']) return { mistake: 'nonce_str参数长度有误' }
  if (fields['sign'] !== signFields(fields, merchant.apiV2Key, signType)) {
    return { mistake: '签名错误' }
  }
  return { merchant, fields, signType }
}

function signed(
  { random }: Context,
  { mchid, appid, apiV2Key }: Merchant,
  signType: SignType,
  fields: Fields,
): Fields {
  const all = {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid,
    mch_id: mchid,
    nonce_str: randomHex(random, 8),
    ...fields,
  }
  return { ...all, sign: signFields(all, apiV2Key ?? '', signType) }
}

const send = (reply: FastifyReply, fields: Fields): FastifyReply =>
  reply.type('text/xml; charset=utf-8').send(writeXml(fields))
