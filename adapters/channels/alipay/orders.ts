import type { Fen } from '../../../kernel/money.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  Move,
  ProviderCall,
  ReleaseAnswer,
} from '../../../modules/payments/index.ts'
import {
  amountOf,
  Created,
  momentOf,
  PaidAtOnce,
  Precreated,
  RefundFound,
  Trade,
} from './answers.ts'
import type { Client, ProvenReply, Unknown } from './client.ts'
import type { AlipayAccount } from './params.ts'
import { chargeRequest, type Method, queryRequest, refundQueryRequest } from './requests.ts'
import {
  CHARGE_REFUSALS,
  QUERY_REFUSALS,
  refusalOf,
  SUCCESS,
  WAITING_FOR_PAYER,
} from './translation.ts'

export type Found = ChargeAnswer | { outcome: 'absent' }

export type Query = (call: ProviderCall, order: ChargeOrder) => Promise<Found>

/** How the order is paid; null when the contract does not cover that. */
export function methodOf(account: AlipayAccount, order: ChargeOrder): Method | null {
  const wanted = order.method ?? account.methods[0]
  if (wanted === 'agreement') return account.agreements ? wanted : null
  return account.methods.find((method) => method === wanted) ?? null
}

/** A charge by any of the six ways. `cancel` ends one that may or may not have reached Alipay. */
export function createCharge(
  account: AlipayAccount,
  client: Client,
  query: Query,
  cancel: (call: ProviderCall, order: ChargeOrder) => Promise<ReleaseAnswer>,
) {
  return { charge }

  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const method = methodOf(account, order)
    switch (method) {
      case null:
        return declined('method_not_offered', `${order.method} is not in the contract`)
      case 'page':
      case 'app':
        return handOver(account, client, call, order, method)
      case 'account':
        if (order.payerAccount === null) {
          return declined('payer_account_missing', 'the payer has no account here')
        }
        return ask(call, order, method)
      case 'qr_code':
        return ask(call, order, method)
      case 'agreement':
        if (order.payerAccount === null) {
          return declined('agreement_ended', 'the order names no agreement')
        }
        return ask(call, order, method)
      case 'barcode':
        return chargeBarcode(call, order)
    }
  }

  async function chargeBarcode(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const token = order.presence?.token ?? null
    if (token === null) return giveUpBarcode(call, order)
    if (!BARCODE.test(token)) return declined('auth_code_invalid', 'it is no barcode of Alipay')
    return ask(call, order, 'barcode')
  }

  /**
   * A barcode's digits are good for a minute and are not kept, so a later try cannot charge: it says what became of the
   * first. When that is not there it may still be on its way, and is ended before it is called declined.
   */
  async function giveUpBarcode(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const found = await query(call, order)
    if (found.outcome !== 'absent') return found
    const ended = await cancel(call, order)
    if (ended.outcome !== 'released') return ended
    return declined(
      'auth_code_missing',
      'the barcode did not reach Alipay and has to be shown again',
    )
  }

  async function ask(call: ProviderCall, order: ChargeOrder, method: AskedMethod) {
    const answer = await client.ask(call, chargeRequest(account, order, method), (reply) =>
      readCharge(order, method, reply),
    )
    if (answer.outcome !== 'ask') return answer
    const found = await query(call, order)
    return found.outcome === 'absent' ? declined(answer.code, answer.reason) : found
  }
}

/**
 * Nobody is asked: the payer's device brings the signed request to Alipay, which makes the trade then. So until the
 * payer goes there, a query finds none.
 */
function handOver(
  account: AlipayAccount,
  client: Client,
  call: ProviderCall,
  order: ChargeOrder,
  method: 'page' | 'app',
): ChargeAnswer {
  const params = client.sign(call, chargeRequest(account, order, method))
  const signed = new URLSearchParams(params).toString().replaceAll('+', '%20')
  return method === 'page'
    ? pending({ kind: 'page', url: `${account.gatewayUrl}?${signed}` })
    : pending({ kind: 'app', params: { orderStr: signed } })
}

/** What became of a charge, by our own number. */
export function createQuery(account: AlipayAccount, client: Client): Query {
  return query

  async function query(call: ProviderCall, order: ChargeOrder): Promise<Found> {
    const answer = await client.ask(call, queryRequest(order), (reply) =>
      reply.code === SUCCESS ? readTrade(order, reply.node) : refusalOf(QUERY_REFUSALS, reply),
    )
    switch (answer.outcome) {
      case 'absent':
        return { outcome: 'absent' }
      case 'paid_and_closed':
        return tellApart(call, order, answer.move)
      default:
        return answer
    }
  }

  /**
   * A trade that was paid and is closed has been given back as a whole: by refunds of ours, and then the charge
   * stands beside them; or by the cancelling of it, and then there never was a charge to the hub.
   */
  async function tellApart(call: ProviderCall, order: ChargeOrder, move: Move) {
    const method = methodOf(account, order)
    if (!mayBeCancelled(method)) return { outcome: 'confirmed', move } as const
    const request = refundQueryRequest(order, order.tradeNo)
    return client.ask(call, request, ({ code, node }): ChargeAnswer => {
      if (code !== SUCCESS || !RefundFound.Check(node)) {
        return unknown('it cannot be said whether the trade was cancelled')
      }
      const isRevoked = node.refund_status === 'REFUND_SUCCESS'
      return isRevoked ? declined('revoked', 'it was cancelled') : { outcome: 'confirmed', move }
    })
  }
}

type AskedMethod = Exclude<Method, 'page' | 'app'>

/** Money that Alipay takes in its answer, so that nobody knows whether a lost one was taken until it was asked or cancelled. */
export const isTakenAtOnce = (method: Method | null): boolean =>
  method === 'barcode' || method === 'agreement'

const mayBeCancelled = (method: Method | null): boolean =>
  isTakenAtOnce(method) || method === 'qr_code'

const BARCODE = /^(2[5-9]|30)\d{14,22}$/

function readCharge(order: ChargeOrder, method: AskedMethod, reply: ProvenReply) {
  const { code, node } = reply
  if (code === SUCCESS) return READERS[method](order, node)
  if (code === WAITING_FOR_PAYER && isTakenAtOnce(method)) return pending(null)
  return refusalOf(CHARGE_REFUSALS, reply)
}

const READERS: Record<AskedMethod, (order: ChargeOrder, node: unknown) => ChargeAnswer> = {
  account(order, node) {
    if (!Created.Check(node) || node.out_trade_no !== order.tradeNo) return unreadable
    return pending({ kind: 'alipay_trade', tradeNo: node.trade_no })
  },
  qr_code(order, node) {
    if (!Precreated.Check(node) || node.out_trade_no !== order.tradeNo) return unreadable
    return pending({ kind: 'qr_code', content: node.qr_code })
  },
  barcode: readPaidAtOnce,
  agreement: readPaidAtOnce,
}

function readPaidAtOnce(order: ChargeOrder, node: unknown): ChargeAnswer {
  const at = PaidAtOnce.Check(node) ? momentOf(node.gmt_payment) : null
  const amountFen = PaidAtOnce.Check(node) ? amountOf(node.total_amount) : null
  if (!PaidAtOnce.Check(node) || at === null || amountFen === null) return unreadable
  if (node.out_trade_no !== order.tradeNo) return unreadable
  return { outcome: 'confirmed', move: chargeMove(order, node.trade_no, amountFen, at) }
}

/** The amount is taken as Alipay says it: whether it is the one asked for is for payments to see. */
function readTrade(order: ChargeOrder, node: unknown): ChargeAnswer | PaidAndClosed {
  if (!Trade.Check(node)) return unknown('the trade cannot be read')
  if (node.out_trade_no !== order.tradeNo) return unknown('the trade is of another out_trade_no')
  const status = node.trade_status
  if (status === 'WAIT_BUYER_PAY') return pending(null)
  const amountFen = amountOf(node.total_amount)
  const at = momentOf(node.send_pay_date)
  const move = amountFen && at ? chargeMove(order, node.trade_no, amountFen, at) : null
  switch (status) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED': // it can no longer be refunded; the money is the same
      return move ? { outcome: 'confirmed', move } : unknown('the paid trade cannot be read')
    case 'TRADE_CLOSED':
      if (move) return { outcome: 'paid_and_closed', move }
      return amountOf(node.buyer_pay_amount) === null
        ? declined('closed', `trade_status ${status}`)
        : unknown('the trade is closed, and says both that it was paid and that it was not')
    default:
      return unknown(`trade_status ${status.slice(0, 40)} is not known`)
  }
}

export const chargeMove = (
  order: ChargeOrder,
  providerNo: string,
  amountFen: Fen,
  at: Date,
): Move => {
  const parts = [{ kind: 'self_pay', amountFen }] as const
  return { kind: 'charge', ourNo: order.tradeNo, providerNo, parts, at }
}

const pending = (payerAction: (ChargeAnswer & { outcome: 'pending' })['payerAction']) =>
  ({ outcome: 'pending', payerAction }) as const

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

const unreadable = unknown('the answer to the charge cannot be read')

type PaidAndClosed = { outcome: 'paid_and_closed'; move: Move }
