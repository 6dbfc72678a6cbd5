import { fen } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  ProviderCall,
  ReleaseAnswer,
} from '../../../modules/payments/index.ts'
import { CodeUrl, momentOf, PaidTransaction, Prepay, Transaction } from './answers.ts'
import type { ApiRequest, Client, ClientDeps, Unknown } from './client.ts'
import type { WechatPayAccount } from './params.ts'
import { jsapiParams } from './signing.ts'
import {
  CHARGE_REFUSALS,
  CLOSE_REFUSALS,
  QUERY_REFUSALS,
  refusalOf,
  TRADE_STATES,
} from './translation.ts'
import { cutUtf8 } from './utf8.ts'

const MAX_DESCRIPTION_BYTES = 127

/** Order, query and close: a charge and its end, by our own number. */
export function createOrders(account: WechatPayAccount, client: Client, deps: ClientDeps) {
  return { charge, query, release }

  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    if (account.tradeType === 'JSAPI' && order.payerAccount === null) {
      return { outcome: 'declined', code: 'openid_missing', reason: 'the payer has no openid' }
    }
    const answer = await client.ask(call, orderRequest(account, order), (reply) =>
      reply.status === 200
        ? readOrder(account, deps, reply.json)
        : refusalOf(CHARGE_REFUSALS, reply),
    )
    if (answer.outcome === 'paid') return paidOrUnknown(await query(call, order), answer.reason)
    if (answer.outcome !== 'ask') return answer
    const found = await query(call, order)
    if (found.outcome !== 'absent') return found
    return { outcome: 'declined', code: answer.code, reason: answer.reason }
  }

  async function query(
    call: ProviderCall,
    order: ChargeOrder,
  ): Promise<ChargeAnswer | { outcome: 'absent' }> {
    const answer = await client.ask(call, queryRequest(account, order), (reply) =>
      reply.status === 200
        ? readTransaction(account, order, reply.json)
        : refusalOf(QUERY_REFUSALS, reply),
    )
    return answer.outcome === 'absent' ? { outcome: 'absent' } : answer
  }

  /**
   * Closes the order. WeChat answers 204 when it was not paid and will not be any more; an order that is
   * paid already, or may be, is decided by the query.
   */
  async function release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const answer = await client.ask(call, closeRequest(account, order), (reply) =>
      reply.status === 204 ? ({ outcome: 'released' } as const) : refusalOf(CLOSE_REFUSALS, reply),
    )
    switch (answer.outcome) {
      case 'released':
        return { outcome: 'released' }
      case 'paid':
        return paidOrUnknown(await query(call, order), answer.reason)
      case 'ask':
        return endedOrUnknown(await query(call, order), answer.reason)
      case 'unknown':
        return answer
    }
  }
}

/** Made of the order alone: asked again it is the same text, which WeChat takes for the same order. */
function orderRequest(account: WechatPayAccount, order: ChargeOrder): ApiRequest {
  const path = `/v3/pay/transactions/${account.tradeType === 'JSAPI' ? 'jsapi' : 'native'}`
  const openid = account.tradeType === 'JSAPI' ? order.payerAccount : null
  const body = {
    appid: account.appid,
    mchid: account.mchid,
    description: cutUtf8(order.description, MAX_DESCRIPTION_BYTES),
    out_trade_no: order.tradeNo,
    time_expire: toShanghaiIso(order.expiresAt),
    attach: order.paymentId,
    notify_url: account.notifyUrl,
    amount: { total: order.amountFen, currency: 'CNY' },
    ...(openid === null ? {} : { payer: { openid } }),
  }
  const request: ApiRequest = { method: 'POST', path, operation: `POST ${path}`, body }
  return openid === null ? request : { ...request, account: openid }
}

/** What the payer needs, signed anew at every try. */
function readOrder(
  account: WechatPayAccount,
  { clock, random }: ClientDeps,
  json: unknown,
): ChargeAnswer {
  if (account.tradeType === 'NATIVE' && CodeUrl.Check(json)) {
    return { outcome: 'pending', payerAction: { kind: 'qr_code', content: json.code_url } }
  }
  if (account.tradeType === 'JSAPI' && Prepay.Check(json)) {
    const params = jsapiParams(account, json.prepay_id, clock.now(), randomHex(random, 16))
    return { outcome: 'pending', payerAction: { kind: 'wechat_jsapi', params } }
  }
  return unknown('the answer to the order cannot be read')
}

const ORDER_PATH = '/v3/pay/transactions/out-trade-no'

const queryRequest = (account: WechatPayAccount, order: ChargeOrder): ApiRequest => ({
  method: 'GET',
  path: `${ORDER_PATH}/${encodeURIComponent(order.tradeNo)}?mchid=${account.mchid}`,
  operation: `GET ${ORDER_PATH}/{out_trade_no}`,
})

const closeRequest = (account: WechatPayAccount, order: ChargeOrder): ApiRequest => ({
  method: 'POST',
  path: `${ORDER_PATH}/${encodeURIComponent(order.tradeNo)}/close`,
  operation: `POST ${ORDER_PATH}/{out_trade_no}/close`,
  body: { mchid: account.mchid },
})

/** The amount is taken as WeChat says it: whether it is the one asked for is for payments to see. */
function readTransaction(
  account: WechatPayAccount,
  order: ChargeOrder,
  json: unknown,
): ChargeAnswer {
  if (!Transaction.Check(json)) return unknown('the transaction cannot be read')
  const strange = strangeField(account, order, json)
  if (strange !== null) return unknown(`the transaction is of another ${strange}`)
  const state = TRADE_STATES.get(json.trade_state)
  switch (state?.outcome) {
    case 'pending':
      return { outcome: 'pending', payerAction: null }
    case 'declined':
      return { outcome: 'declined', code: state.code, reason: `trade_state ${json.trade_state}` }
    case 'confirmed': {
      const at = PaidTransaction.Check(json) ? momentOf(json.success_time) : null
      if (!PaidTransaction.Check(json) || at === null) {
        return unknown('the paid transaction cannot be read')
      }
      const parts = [{ kind: 'self_pay', amountFen: fen(json.amount.total) }] as const
      const numbers = { ourNo: order.tradeNo, providerNo: json.transaction_id }
      return { outcome: 'confirmed', move: { kind: 'charge', ...numbers, parts, at } }
    }
    case undefined:
      return unknown(`trade_state ${json.trade_state.slice(0, 40)} is not known`)
  }
}

function strangeField(
  account: WechatPayAccount,
  order: ChargeOrder,
  transaction: {
    mchid: string
    appid: string
    out_trade_no: string
    amount?: { currency?: string }
  },
): string | null {
  if (transaction.mchid !== account.mchid) return 'mchid'
  if (transaction.appid !== account.appid) return 'appid'
  if (transaction.out_trade_no !== order.tradeNo) return 'out_trade_no'
  return (transaction.amount?.currency ?? 'CNY') === 'CNY' ? null : 'currency'
}

/** WeChat said that there is money, so nothing but the money itself is an answer. */
const paidOrUnknown = (found: ChargeAnswer | { outcome: 'absent' }, said: string) =>
  found.outcome === 'confirmed'
    ? found
    : unknown(`said to be paid, but the query shows ${found.outcome}: ${said}`)

function endedOrUnknown(found: ChargeAnswer | { outcome: 'absent' }, said: string): ReleaseAnswer {
  if (found.outcome === 'confirmed' || found.outcome === 'unknown') return found
  const ended =
    found.outcome === 'absent' ||
    (found.outcome === 'declined' && (found.code === 'closed' || found.code === 'revoked'))
  return ended ? { outcome: 'released' } : unknown(`not closed: ${said}`)
}

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })
