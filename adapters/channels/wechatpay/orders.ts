import { fen } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  PayerAction,
  ProviderCall,
  ReleaseAnswer,
} from '../../../modules/payments/index.ts'
import { CodeUrl, H5Url, momentOf, PaidTransaction, Prepay, Transaction } from './answers.ts'
import type { ApiRequest, Client } from './client.ts'
import { type ClientDeps, type Unknown, unknown } from './exchange.ts'
import { appidOf, methodOf, type OrderedMethod, orderRequest } from './order-request.ts'
import type { WechatPayAccount } from './params.ts'
import { appParams, jsapiParams } from './signing.ts'
import {
  CHARGE_REFUSALS,
  CLOSE_REFUSALS,
  QUERY_REFUSALS,
  refusalOf,
  TRADE_STATES,
} from './translation.ts'

/** Order, query and close by API v3: a charge and its end, by our own number. */
export function createOrders(account: WechatPayAccount, client: Client, deps: ClientDeps) {
  return { charge, query, release }

  async function charge(
    call: ProviderCall,
    order: ChargeOrder,
    method: OrderedMethod,
  ): Promise<ChargeAnswer> {
    if (method === 'account' && order.payerAccount === null) {
      return { outcome: 'declined', code: 'openid_missing', reason: 'the payer has no openid' }
    }
    if (method === 'page' && !order.presence?.ip) return pageWithoutPayer(call, order)
    const answer = await client.ask(call, orderRequest(account, method, order), (reply) =>
      reply.status === 200
        ? readOrder(account, deps, method, order, reply.json)
        : refusalOf(CHARGE_REFUSALS, reply),
    )
    if (answer.outcome === 'paid') return paidOrUnknown(await query(call, order), answer.reason)
    if (answer.outcome !== 'ask') return answer
    const found = await query(call, order)
    if (found.outcome !== 'absent') return found
    return { outcome: 'declined', code: answer.code, reason: answer.reason }
  }

  /**
   * WeChat wants the payer's address for a page, and only the payer's device knows it. An order that was not made is
   * given up: no payer was ever led to it, so none can pay it, should it still arrive.
   */
  async function pageWithoutPayer(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const found = await query(call, order)
    if (found.outcome !== 'absent') return found
    return { outcome: 'declined', code: 'payer_gone', reason: 'the payer has left the page' }
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

/** What the payer needs, signed anew at every try. */
export function readOrder(
  account: WechatPayAccount,
  { clock, random }: ClientDeps,
  method: OrderedMethod,
  order: Pick<ChargeOrder, 'presence'>,
  json: unknown,
): Unknown | { outcome: 'pending'; payerAction: PayerAction } {
  if (method === 'qr_code' && CodeUrl.Check(json)) {
    return waitingWith({ kind: 'qr_code', content: json.code_url })
  }
  if (method === 'page' && H5Url.Check(json)) {
    const returnUrl = order.presence?.returnUrl ?? null
    return waitingWith({ kind: 'page', url: withReturn(json.h5_url, returnUrl) })
  }
  if (method === 'account' && Prepay.Check(json)) {
    const params = jsapiParams(account, json.prepay_id, clock.now(), randomHex(random, 16))
    return waitingWith({ kind: 'wechat_jsapi', params })
  }
  if (method === 'app' && Prepay.Check(json)) {
    const [appid, nonce] = [appidOf(account, method), randomHex(random, 16)]
    const params = appParams(account, appid, json.prepay_id, clock.now(), nonce)
    return waitingWith({ kind: 'app', params })
  }
  return unknown('the answer to the order cannot be read')
}

const waitingWith = (payerAction: PayerAction) => ({ outcome: 'pending', payerAction }) as const

/** Put at the end, as WeChat wants it: its page takes the payer back there. */
const withReturn = (url: string, returnUrl: string | null): string =>
  returnUrl === null ? url : `${url}&redirect_url=${encodeURIComponent(returnUrl)}`

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
  if (transaction.appid !== appidOf(account, methodOf(account, order))) return 'appid'
  if (transaction.out_trade_no !== order.tradeNo) return 'out_trade_no'
  return (transaction.amount?.currency ?? 'CNY') === 'CNY' ? null : 'currency'
}

/** WeChat said that there is money, so nothing but the money itself is an answer. */
export const paidOrUnknown = (found: ChargeAnswer | { outcome: 'absent' }, said: string) =>
  found.outcome === 'confirmed'
    ? found
    : unknown(`said to be paid, but the query shows ${found.outcome}: ${said}`)

export function endedOrUnknown(
  found: ChargeAnswer | { outcome: 'absent' },
  said: string,
): ReleaseAnswer {
  if (found.outcome === 'confirmed' || found.outcome === 'unknown') return found
  const ended =
    found.outcome === 'absent' ||
    (found.outcome === 'declined' && (found.code === 'closed' || found.code === 'revoked'))
  return ended ? { outcome: 'released' } : unknown(`not closed: ${said}`)
}
